// Sessions and signing keys over several processes: one may be killed between a refresh and its answer, another must know
// at once what was ended elsewhere.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, clientOf } from '../support/app.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { type Runtime, type Started, startProcess } from '../support/process.ts'

const email = 'ada@example.com'
const password = 'correct horse battery staple'
/** Requests a second while keys are rotated. */
const RATE = 200
const SECONDS = 6

describe.if(usesRealPostgres)('two processes, one on each runtime,', () => {
  let database: TestDatabase
  let folder: string
  let servers: Started[]
  let clients: Client[]
  let userId: string

  const start = (runtime: Runtime) =>
    startProcess(
      {
        ...database.settings,
        ...{ DATA_DIR: folder, ROLE: 'api', LOG_LEVEL: 'warn', RATE_LIMIT_ENABLED: 'false' },
      },
      runtime,
    )
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trove-sessions-'))
    database = await openTestDatabase()
    servers = [start('bun'), start('deno')]
    clients = await Promise.all(
      servers.map(async server => {
        const base = await server.address()
        await server.until(/Queues/)
        return clientOf(fetch, {}, base)
      }),
    )
    const { body } = await clients[0]!.post('/v1/auth/register', { email, password })
    userId = body.user.id
    await database.sql`update users set role = 'admin' where id = ${userId}`
  })
  afterAll(async () => {
    for (const server of servers) server.child.kill('SIGTERM')
    await Promise.all(servers.map(server => server.exit))
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const signIn = async (client = clients[0]!) =>
    (await client.post('/v1/auth/login', { email, password })).body as {
      access_token: string
      refresh_token: string
    }
  const meWith = async (client: Client, token: string) =>
    (await client.get('/v1/auth/me', { authorization: `Bearer ${token}` })).status

  test('lose no request while keys are rotated, and know within moments what was revoked', async () => {
    const [first, second] = clients as [Client, Client]
    const admin = await signIn()
    const authorization = `Bearer ${admin.access_token}`
    const tokens = [admin.access_token, (await signIn(second)).access_token]
    const statuses: Record<number, number> = {}
    const asking: Promise<void>[] = []
    const end = performance.now() + SECONDS * 1000
    const rotating = (async () => {
      await delay(500)
      expect((await first.post('/v1/auth/keys/rotate', {}, { authorization })).status).toBe(200)
      // Tokens by the new key as soon as there are any, from either process.
      for (let i = 0; performance.now() < end - 500; i++) {
        tokens.push((await signIn(clients[i % 2])).access_token)
        await delay(50)
      }
    })()
    for (let i = 0; performance.now() < end; i++) {
      const token = tokens[i % tokens.length]!
      asking.push(
        meWith(clients[i % 2]!, token).then(status => {
          statuses[status] = (statuses[status] ?? 0) + 1
        }),
      )
      await delay(1000 / RATE)
    }
    await rotating
    await Promise.all(asking)
    expect(Object.keys(statuses)).toEqual(['200'])
    const kids = new Set(
      tokens.map(token => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid),
    )
    expect(kids.size).toBe(2)

    const revoked = performance.now()
    const answer = await second.post('/v1/auth/keys/rotate', { revoke_previous: true }, { authorization })
    expect(answer.status).toBe(200)
    const took: number[] = []
    for (const client of clients) {
      for (const token of [tokens[0]!, tokens.at(-1)!]) {
        while ((await meWith(client, token)) === 200) await delay(10)
        expect(await meWith(client, token)).toBe(401)
      }
      took.push(Math.round(performance.now() - revoked))
    }
    console.log(
      `sessions: ${statuses[200]} requests while keys were rotated; revoked everywhere in ${took} ms`,
    )
    const next = await first.post('/v1/auth/refresh', { refresh_token: admin.refresh_token })
    expect([next.status, await meWith(second, next.body.access_token)]).toEqual([200, 200])
  }, 60_000)

  test.each<Runtime>(['bun', 'deno'])(
    'go on with a session whose refresh was answered by nobody: its process (%s) was killed',
    async runtime => {
      const { refresh_token, access_token } = await signIn()
      const sid = JSON.parse(Buffer.from(access_token.split('.')[1]!, 'base64url').toString()).sid
      const victim = start(runtime)
      const base = new URL(await victim.address())
      await victim.until(/Queues/)
      const body = JSON.stringify({ refresh_token })
      // Asked by hand, so that nobody reads what is answered.
      const socket = connect(Number(base.port), base.hostname)
      socket.pause()
      socket.on('error', () => {})
      socket.write(
        `POST /v1/auth/refresh HTTP/1.1\r\nHost: ${base.host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      )
      const counterOf = async () => {
        const [session] = await database.sql`
        select counter from sessions where user_id = ${userId} and id = ${sid}`
        return session!.counter
      }
      while ((await counterOf()) === 0) await delay(5)
      victim.child.kill('SIGKILL')
      await victim.exit
      socket.destroy()
      const again = await clients[1]!.post('/v1/auth/refresh', { refresh_token })
      expect(again.status).toBe(200)
      const next = await clients[0]!.post('/v1/auth/refresh', { refresh_token: again.body.refresh_token })
      expect(next.status).toBe(200)
    },
    60_000,
  )
})
