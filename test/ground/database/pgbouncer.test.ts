// Trove behind PgBouncer in transaction mode: requests go through it, what needs a session goes to the server.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { type OpenaiSimulator, startOpenaiSimulator } from '../../simulators/openai.ts'
import { type Simulator, startPlatformSimulator } from '../../simulators/platforms.ts'
import { type Client, clientOf } from '../../support/app.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../../support/database.ts'
import { openEvents } from '../../support/events.ts'
import { findPgbouncer, type Pgbouncer, startPgbouncer } from '../../support/pgbouncer.ts'
import { type Started, startProcess } from '../../support/process.ts'

const POOL_SIZE = 5
const TOGETHER = 60
const VIDEOS = 20
const EVENTS_A_SAVE = 3

const canRun = usesRealPostgres && findPgbouncer() !== undefined
if (usesRealPostgres && !canRun) console.log('Skipping pgbouncer.test.ts: PgBouncer is not installed.')

test.if(usesRealPostgres && process.env.CI === 'true')(
  'PgBouncer is installed where nothing may be skipped',
  () => {
    expect(findPgbouncer()).toBeString()
  },
)

describe.if(canRun)('behind PgBouncer', () => {
  let database: TestDatabase
  let pooler: Pgbouncer
  let platform: Simulator
  let models: OpenaiSimulator
  let folder: string
  let server: Started
  let base: string
  let user: Client
  let token: string

  const start = async () => {
    server = startProcess({
      ...{ ...platform.env, ...models.env, DATA_DIR: folder, RATE_LIMIT_ENABLED: 'false' },
      ...{ DATABASE_URL: pooler.url, DATABASE_DIRECT_URL: database.settings.DATABASE_URL!, ROLE: 'all' },
    })
    base = await server.address()
  }
  const stop = async () => {
    server.child.kill('SIGINT')
    expect(await server.exit).toBe(0)
  }

  beforeAll(async () => {
    database = await openTestDatabase()
    pooler = await startPgbouncer(database.settings.DATABASE_URL!, POOL_SIZE)
    platform = await startPlatformSimulator()
    models = await startOpenaiSimulator()
    folder = mkdtempSync(join(tmpdir(), 'trove-pooled-'))
    await start()
    const { body } = await clientOf(request => fetch(request), {}, base).post('/v1/auth/register', {
      email: 'pooled@example.com',
      password: 'correct horse',
    })
    token = body.access_token
    user = clientOf(request => fetch(request), { authorization: `Bearer ${token}` }, base)
  })
  afterAll(async () => {
    server.child.kill('SIGKILL')
    await server.exit
    await pooler.stop()
    await Promise.all([platform.close(), models.close(), database.close()])
    rmSync(folder, { recursive: true, force: true })
  })

  test('saves become READY, are told of, listed and found', async () => {
    const events = await openEvents(request => fetch(request), { token, base })
    for (const { video_id } of platform.videos.slice(0, VIDEOS)) {
      const key = { 'idempotency-key': video_id }
      const body = { url: `https://youtu.be/${video_id}` }
      expect((await user.post('/v1/items', body, key)).status).toBe(201)
      expect((await user.post('/v1/items', body, key)).headers.get('idempotency-replayed')).toBe('true')
    }
    const types: string[] = []
    while (types.length < VIDEOS * EVENTS_A_SAVE) types.push((await events.next())!.type)
    expect(types.filter(type => type === 'content.ready')).toHaveLength(VIDEOS)
    await events.close()

    const { body } = await user.get(`/v1/items?limit=${VIDEOS}`)
    expect(body.items).toHaveLength(VIDEOS)
    const [{ content }] = body.items
    const found = await user.get(`/v1/search?q=${encodeURIComponent(content.title)}`)
    expect(found.body.results.map((result: { content: { id: string } }) => result.content.id)).toContain(
      content.id,
    )

    const { job_id } = (await user.post('/v1/clusters/rebuild')).body
    while ((await user.get(`/v1/jobs/${job_id}`)).body.stage !== 'done') await delay(50)
    expect((await user.get('/v1/clusters')).status).toBe(200)
  })

  test('many requests at once share its few connections', async () => {
    const ask = async (i: number) => {
      const answer =
        i % 3 === 0
          ? await user.post('/v1/items', { url: `https://youtu.be/p${1e9 + i}` })
          : await user.get('/v1/items')
      return answer.status
    }
    const answers = await Promise.all(Array.from({ length: TOGETHER }, (_, i) => ask(i)))
    expect(answers).toEqual(answers.map((_, i) => (i % 3 === 0 ? 201 : 200)))
    const open = await database.sql<{ name: string; connections: number }[]>`
      select application_name as name, count(*) as connections
      from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
      group by 1
      order by 1`
    console.log(
      `pgbouncer: ${JSON.stringify(Object.fromEntries(open.map(({ name, connections }) => [name, connections])))}`,
    )
    // Its own connections and the one that listens.
    expect(open.find(({ name }) => name === 'trove')!.connections).toBeLessThanOrEqual(POOL_SIZE + 1)
  })

  test('a start says how to give statements their time limit, and then they have it', async () => {
    const printed = server.printed()
    expect(printed).toContain('have no time limit')
    const statements = [...printed.matchAll(/alter role [^;]+;/g)].map(([statement]) => statement)
    expect(statements).toHaveLength(3)
    await stop()
    for (const statement of statements) await database.sql.unsafe(statement)
    await pooler.stop()
    pooler = await startPgbouncer(database.settings.DATABASE_URL!, POOL_SIZE)
    await start()
    expect(server.printed()).not.toContain('have no time limit')
    const pooled = postgres(pooler.url, { max: 1, prepare: false, fetch_types: false })
    const [found] = await pooled`select current_setting('statement_timeout') as limit`
    await pooled.end()
    expect(found).toEqual({ limit: '15s' })
  })
})
