// How a process stops: what it was asked is answered, what it has in hand is done or handed back, and it is gone in time.
// Each has a database of its own server, so these need a real one.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startOpenaiSimulator } from '../simulators/openai.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { clientOf } from '../support/app.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { openEvents } from '../support/events.ts'
import { type KeptConnection, keepConnection } from '../support/keep-alive.ts'
import { startOwnPostgres } from '../support/own-postgres.ts'
import { type Runtime, type Started, startProcess } from '../support/process.ts'

const DRAIN_SECONDS = 6
/** What a stop takes beyond DRAIN_SECONDS when all goes wrong. */
const LITTLE_MS = 6000
/** That of src/ground/database/migrate.ts. */
const MIGRATION_LOCK = 0x74726f76

let database: TestDatabase
let platform: Simulator
let folder: string
const processes: Started[] = []

const start = (own: Record<string, string> = {}, runtime: Runtime = 'bun'): Started => {
  const server = startProcess(
    {
      ...{ ...platform.env, ...database.settings, DATA_DIR: folder, ROLE: 'api' },
      ...{ RATE_LIMIT_ENABLED: 'false', DRAIN_SECONDS: String(DRAIN_SECONDS), ...own },
    },
    runtime,
  )
  processes.push(server)
  return server
}
const register = async (base: string) => {
  const login = { email: `${crypto.randomUUID()}@example.com`, password: 'correct horse' }
  const { body } = await clientOf(request => fetch(request), {}, base).post('/v1/auth/register', login)
  return { id: body.user.id as string, token: body.access_token as string }
}

/** A save that waits for its library, which the test has locked until `release`. */
async function saveThatWaits(base: string) {
  const user = await register(base)
  const locked = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const holding = database.sql.begin(async tx => {
    await tx`select from libraries where user_id = ${user.id} for update`
    locked.resolve()
    await released
  })
  await locked.promise
  const connection = keepConnection(Number(new URL(base).port))
  const headers = { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' }
  const url = `https://youtu.be/${platform.videos[0]!.video_id}`
  const answer = connection.ask('POST', '/v1/items', headers, JSON.stringify({ url }))
  answer.catch(() => {})
  const isWaiting = async () => {
    const rows = await database.sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and application_name = 'trove'`
    return rows.length > 0
  }
  while (!(await isWaiting())) await delay(10)
  const letGo = () => {
    release()
    return holding
  }
  return { user, answer, release: letGo }
}

async function untilRefused(
  base: string,
  ask: (connection: KeptConnection) => Promise<unknown>,
): Promise<void> {
  for (;;) {
    const connection = keepConnection(Number(new URL(base).port))
    const refused = await ask(connection).then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
    )
    connection.close()
    if (refused) return
    await delay(20)
  }
}

describe.if(usesRealPostgres)('a stop', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trove-stops-'))
    database = await openTestDatabase()
    platform = await startPlatformSimulator()
  })
  afterAll(async () => {
    for (const { child } of processes) child.kill('SIGKILL')
    await Promise.all(processes.map(({ exit }) => exit))
    await platform.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(['bun', 'deno'] as const)(
    '(%s) says at once that it is not ready, answers on, lets go of its clients, and ends with what it was asked last',
    async runtime => {
      const server = start({}, runtime)
      const base = await server.address()
      const waiting = await saveThatWaits(base)
      const events = await openEvents(request => fetch(request), { token: waiting.user.token, base })
      const kept = keepConnection(Number(new URL(base).port))
      expect((await kept.ask('GET', '/ready')).headers.connection).not.toBe('close')

      server.child.kill('SIGTERM')
      await server.until(/Stopping/)
      const ready = await kept.ask('GET', '/ready')
      expect([ready.status, ready.headers['retry-after'], ready.headers.connection]).toEqual([
        503,
        '1',
        'close',
      ])
      const authorization = `Bearer ${waiting.user.token}`
      const me = await kept.ask('GET', '/v1/auth/me', { authorization })
      expect([me.status, me.headers.connection]).toEqual([200, 'close'])
      expect(kept.opened()).toBe(2)
      expect(await events.next()).toBeUndefined()
      // A stream that is opened now says when to come back, and ends.
      const late = await kept.ask('GET', '/v1/events', { authorization })
      expect([late.status, late.text]).toEqual([200, 'retry: 2000\n\n'])

      await untilRefused(base, connection => connection.ask('GET', '/ready'))
      await waiting.release()
      const saved = await waiting.answer
      expect([saved.status, saved.headers.connection]).toEqual([201, 'close'])
      expect(await server.exit).toBe(0)
    },
  )

  test('is cut short by a second signal', async () => {
    const server = start()
    const waiting = await saveThatWaits(await server.address())
    server.child.kill('SIGTERM')
    await server.until(/Stopping/)
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(1)
    await waiting.release()
  })

  test('by Ctrl-C lets nobody in any more', async () => {
    const server = start()
    await server.address()
    await server.until(/Queues/)
    const stopped = performance.now()
    server.child.kill('SIGINT')
    expect(await server.exit).toBe(0)
    expect(performance.now() - stopped).toBeLessThan(2000)
  })

  test('during the start ends the process, whatever that was waiting for', async () => {
    const held = Promise.withResolvers<void>()
    const locked = Promise.withResolvers<void>()
    const holding = database.sql.begin(async tx => {
      await tx`select pg_advisory_xact_lock(${MIGRATION_LOCK})`
      locked.resolve()
      await held.promise
    })
    await locked.promise
    const server = start({ ROLE: 'all', DATA_DIR: folder })
    const waits = async () => {
      const rows = await database.sql`
        select from pg_stat_activity
        where datname = current_database() and wait_event = 'advisory' and application_name = 'trove'`
      return rows.length > 0
    }
    while (!(await waits())) await delay(10)
    const stopped = performance.now()
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
    expect(performance.now() - stopped).toBeLessThan(DRAIN_SECONDS * 1000 + LITTLE_MS)
    expect(server.printed()).not.toContain('is ready')
    held.resolve()
    await holding
  })

  test.each(['api', 'worker', 'all'])('of a process (%s) whose database is away ends in time', async ROLE => {
    const own = await startOwnPostgres()
    const server = start({ DATABASE_URL: own.url, ROLE })
    await server.until(/is ready/)
    await own.down('immediate')
    const stopped = performance.now()
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
    const ms = performance.now() - stopped
    console.log(`stops: ${ROLE}, the database away: ${Math.round(ms)} ms`)
    expect(ms).toBeLessThan(DRAIN_SECONDS * 1000 + LITTLE_MS)
    await own.remove()
  })

  test('hands back a job that takes longer, even one at its last try, and another worker does it', async () => {
    const { sql } = database
    const slow = await startOpenaiSimulator({ latency_ms: 60_000 })
    const quick = await startOpenaiSimulator()
    const api = start()
    const base = await api.address()
    const { token } = await register(base)
    const user = clientOf(request => fetch(request), { authorization: `Bearer ${token}` }, base)
    const url = `https://youtu.be/${platform.videos[1]!.video_id}`
    const { content } = (await user.post('/v1/items', { url })).body
    const jobs = () => sql<{ state: string; retry_count: number; retry_limit: number }[]>`
      select state, retry_count, retry_limit
      from pgboss.job
      where name = 'understand-content' and data ->> 'content_id' = ${content.id}`
    const worker = start({ ...slow.env, ROLE: 'worker', DRAIN_SECONDS: '1' })
    while (slow.calls.length === 0) await delay(10)
    await sql`
      update pgboss.job
      set retry_limit = retry_count
      where name = 'understand-content' and data ->> 'content_id' = ${content.id}`
    worker.child.kill('SIGTERM')
    expect(await worker.exit).toBe(0)
    expect([...(await jobs())]).toEqual([{ state: 'retry', retry_count: 0, retry_limit: 1 }])

    start({ ...quick.env, ROLE: 'worker' })
    while ((await user.get('/v1/items?limit=1')).body.total < 1) await delay(50)
    expect([...(await jobs())]).toEqual([{ state: 'completed', retry_count: 1, retry_limit: 1 }])
    const dead = await sql`select from pgboss.job where name = 'dead-letter'`
    expect(dead).toHaveLength(0)
    await Promise.all([slow.close(), quick.close()])
  })
})
