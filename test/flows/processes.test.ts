// Rules that hold over several processes, tried with two of them. The embedded database has one opener, so these
// need a real server.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, clientOf } from '../support/app.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { type Started, startProcess } from '../support/process.ts'
import { addUser } from '../support/token.ts'

const VIDEO = 'dQw4w9WgXcQ'
const SECRET = 'a secret that both processes share, of 32 bytes'

let database: TestDatabase
let folder: string
let servers: Started[] = []
let bases: string[] = []
beforeAll(async () => {
  if (!usesRealPostgres) return
  folder = mkdtempSync(join(tmpdir(), 'trove-processes-'))
  database = await openTestDatabase()
  const env = { ...database.settings, DATA_DIR: folder, ROLE: 'api', JWT_SECRET_KEY: SECRET }
  servers = [1, 2].map(() =>
    startProcess({
      ...env,
      LOG_LEVEL: 'warn',
      RATE_LIMITS: 'items_write=1000/1h,login=5/15m,clusters_read=25/1m',
    }),
  )
  bases = await Promise.all(servers.map(server => server.address()))
  await Promise.all(servers.map(server => server.until(/Queues/)))
})
afterAll(async () => {
  if (!usesRealPostgres) return
  for (const server of servers) server.child.kill('SIGTERM')
  await Promise.all(servers.map(server => server.exit))
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A user with a client of each process. No password: hashing hundreds would be the slowest part of the test. */
async function newUser(): Promise<{ id: string; clients: Client[] }> {
  const { id, token } = await addUser(database.sql, SECRET)
  const always = { authorization: `Bearer ${token}` }
  return { id, clients: bases.map(base => clientOf(request => fetch(request), always, base)) }
}

/** Fifty ways in which people paste one link. */
function spellings(): string[] {
  const hosts = ['youtube.com', 'www.youtube.com', 'm.youtube.com', 'music.youtube.com', 'YouTube.com']
  const paths = [
    `watch?v=${VIDEO}`,
    `shorts/${VIDEO}`,
    `live/${VIDEO}`,
    `watch?v=${VIDEO}&si=x`,
    `watch?feature=y&v=${VIDEO}#t=1`,
  ]
  return hosts.flatMap(host => paths.flatMap(path => [`https://${host}/${path}`, `http://${host}/${path}`]))
}

describe.if(usesRealPostgres)('over two processes', () => {
  test('a hundred equal POSTs with one Idempotency-Key make one row, and the rest are replays of it', async () => {
    const { id, clients } = await newUser()
    const body = { url: 'https://youtu.be/aaaaaaaaaaa' }
    const post = async (i: number) => {
      for (;;) {
        const answer = await clients[i % 2]!.post('/v1/items', body, { 'idempotency-key': 'once' })
        // The first is still running: the client is told to ask again.
        if (answer.status !== 409) return answer
      }
    }
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => post(i)))
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(201))
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(99)
    expect(new Set(answers.map(answer => answer.body.save.id)).size).toBe(1)
    const rows = await database.sql`select id from user_content_saves where user_id = ${id}`
    expect(rows).toHaveLength(1)
  })

  test('a login limit is exact', async () => {
    const [first, second] = (await newUser()).clients
    const email = `${crypto.randomUUID()}@example.com`
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? first! : second!).post('/v1/auth/login', { email, password: 'wrong' }),
      ),
    )
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array(5).fill(401), ...Array(15).fill(429)])
  })

  test('two hundred users who save one link in fifty spellings make one content, one job, and the right count', async () => {
    const users = await Promise.all(Array.from({ length: 200 }, newUser))
    const all = spellings()
    expect(new Set(all).size).toBe(50)
    const answers = await Promise.all(
      users.map(({ clients }, i) => clients[i % 2]!.post('/v1/items', { url: all[i % all.length] })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(200).fill(201))
    const contents = await database.sql`
      select id, save_count from shared_contents where external_id = ${VIDEO}`
    expect([...contents]).toEqual([{ id: expect.any(String), save_count: 200 }])
    const jobs = await database.sql`
      select id from pgboss.job where data ->> 'content_id' = ${contents[0]!.id}`
    expect(jobs).toHaveLength(1)
  })

  test('what one has cached is not answered after another has changed it', async () => {
    const [first, second] = (await newUser()).clients as [Client, Client]
    const etags: (string | null)[] = []
    for (let i = 0; i < 10; i++) {
      const [here, there] = i % 2 ? [first, second] : [second, first]
      // Both have the list, under one tag.
      const [own, other] = [
        await here.get('/v1/items?status=PENDING'),
        await there.get('/v1/items?status=PENDING'),
      ]
      const etag = own.headers.get('etag')!
      expect(other.headers.get('etag')).toBe(etag)
      const ifChanged = { 'if-none-match': etag }
      expect((await there.get('/v1/items?status=PENDING', ifChanged)).status).toBe(304)
      expect((await here.post('/v1/items', { url: `https://youtu.be/c${1e9 + i}` })).status).toBe(201)
      const { status, body } = await there.get('/v1/items?status=PENDING', ifChanged)
      expect([status, body.total]).toEqual([200, i + 1])
      etags.push(etag)
    }
    expect(new Set(etags).size).toBe(10)
  })

  test('a user who is deleted is refused by each at once, though both knew them', async () => {
    const { id, clients } = await newUser()
    for (const client of clients) expect((await client.get('/v1/auth/me')).status).toBe(200)
    await database.sql`delete from users where id = ${id}`
    for (const client of clients) {
      const { status, body } = await client.get('/v1/items')
      expect([status, body.detail]).toEqual([401, 'User not found'])
    }
  })
})
