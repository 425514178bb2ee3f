// Streams of events over several processes: who serves one, who was asked to save, and who does the work all differ.
// The embedded database has one opener, so these need a real server.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OpenaiSimulator, startOpenaiSimulator } from '../simulators/openai.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { type Client, clientOf } from '../support/app.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { type EventReader, openEvents, type ReadEvent } from '../support/events.ts'
import { type Runtime, type Started, startProcess } from '../support/process.ts'
import { addUser } from '../support/token.ts'

const SECRET = 'a secret that all processes share, of 32 bytes'
const EVENTS_A_SAVE = 3
/** A stop that waited for its streams would take DRAIN_SECONDS. */
const PROMPT_MS = 5000
/** 160 MB of events: far more than a server may grow by. */
const MANY = 20_000
const EVENT_BYTES = 8000
const MOST_GROWTH_MB = 60
const REQUESTS = 600

let database: TestDatabase
let platform: Simulator
let models: OpenaiSimulator
let folder: string
const processes: Started[] = []

const start = (ROLE: string, runtime: Runtime = 'bun'): Started => {
  const server = startProcess(
    {
      ...{ ...platform.env, ...models.env, ...database.settings, DATA_DIR: folder, ROLE },
      ...{ JWT_SECRET_KEY: SECRET, LOG_LEVEL: 'warn', RATE_LIMIT_ENABLED: 'false' },
      ...{ CLUSTER_MIN_ITEMS: '1000', DRAIN_SECONDS: '25' },
    },
    runtime,
  )
  processes.push(server)
  return server
}

interface Person {
  id: string
  token: string
  at(base: string): Client
  listen(base: string, lastId?: number): Promise<EventReader>
}

async function newPerson(): Promise<Person> {
  const { id, token } = await addUser(database.sql, SECRET)
  return {
    id,
    token,
    at: base => clientOf(request => fetch(request), { authorization: `Bearer ${token}` }, base),
    listen: (base, lastId) =>
      openEvents(request => fetch(request), { token, base, ...(lastId === undefined ? {} : { lastId }) }),
  }
}

async function take(events: EventReader, count: number): Promise<ReadEvent[]> {
  const taken: ReadEvent[] = []
  while (taken.length < count) taken.push((await events.next())!)
  return taken
}

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)

describe.if(usesRealPostgres)('a stream of events', () => {
  beforeAll(async () => {
    database = await openTestDatabase()
    platform = await startPlatformSimulator()
    models = await startOpenaiSimulator()
    folder = mkdtempSync(join(tmpdir(), 'trove-events-'))
    start('worker')
  })
  afterAll(async () => {
    for (const { child } of processes) child.kill('SIGKILL')
    await Promise.all(processes.map(({ exit }) => exit))
    await database.close()
    await platform.close()
    await models.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const save = async (client: Client, n: number) => {
    const { video_id } = platform.videos[n]!
    const { status } = await client.post('/v1/items', { url: `https://youtu.be/${video_id}` })
    expect(status).toBe(201)
  }

  test('is the same on each process, in order, and goes on at another when its own stops', async () => {
    const [first, second] = [start('api'), start('api')]
    const [a, b] = [await first.address(), await second.address()]
    const person = await newPerson()
    const [onA, onB] = [await person.listen(a), await person.listen(b)]
    await save(person.at(b), 0)
    const told = await take(onA, EVENTS_A_SAVE)
    expect(told.map(({ id, type }) => [id, type])).toEqual([
      [1, 'job.progress'],
      [2, 'job.progress'],
      [3, 'content.ready'],
    ])
    expect(await take(onB, EVENTS_A_SAVE)).toEqual(told)

    const saves = 30
    const saving = (async () => {
      for (let n = 1; n < saves; n++) await save(person.at(b), n)
    })()
    const seen = [...told, ...(await take(onA, 5))]
    const stopped = performance.now()
    first.child.kill('SIGTERM')
    for (let event = await onA.next(); event; event = await onA.next()) seen.push(event)
    expect(await first.exit).toBe(0)
    expect(performance.now() - stopped).toBeLessThan(PROMPT_MS)

    const resumed = await person.listen(b, seen.at(-1)!.id!)
    seen.push(...(await take(resumed, saves * EVENTS_A_SAVE - seen.length)))
    await saving
    expect(seen.map(({ id }) => id)).toEqual(upTo(saves * EVENTS_A_SAVE))
    expect(seen.filter(({ type }) => type === 'content.ready')).toHaveLength(saves)
    await Promise.all([onB.close(), resumed.close()])
    second.child.kill('SIGTERM')
    expect(await second.exit).toBe(0)
  })

  test.each(['bun', 'deno'] as const)(
    'that nobody reads costs a server on %s no memory, and loses nothing',
    async runtime => {
      const server = start('api', runtime)
      const base = await server.address()
      const person = await newPerson()
      await database.sql`
        insert into events (user_id, seq, type, data)
        select ${person.id}, n, 'clusters.updated', jsonb_build_object('n', n, 'filler', repeat('x', ${EVENT_BYTES}))
        from generate_series(1, ${MANY}::int) n`
      await database.sql`update libraries set event_seq = ${MANY} where user_id = ${person.id}`
      const client = person.at(base)
      // A server grows by what answering takes before anybody is slow; on Deno by 70 MB.
      for (let i = 0; i < 4 * REQUESTS; i++) await client.get('/v1/items')

      const before = residentMb(server)
      const reader = await openSocket(base, person.token)
      let most = 0
      for (let i = 0; i < REQUESTS; i++) {
        expect((await client.get('/v1/items')).status).toBe(200)
        most = Math.max(most, residentMb(server))
      }
      const unread = reader.received()
      console.log(`events: ${runtime}: ${before} MB, then ${most} MB with ${unread} bytes on the way`)
      expect(most - before).toBeLessThan(MOST_GROWTH_MB)
      expect(unread).toBeLessThan((MANY * EVENT_BYTES) / 4)

      expect(await reader.readUpTo(MANY)).toEqual(upTo(MANY))
      reader.close()
      server.child.kill('SIGTERM')
      expect(await server.exit).toBe(0)
    },
    90_000,
  )
})

/** What a process holds in memory, in MB (proc(5)). */
function residentMb({ child }: Started): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]
  return Math.round(Number(kb) / 1024)
}

/** A client that opens the stream from its beginning, and reads nothing but its first bytes until it is told to. */
async function openSocket(base: string, token: string) {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname)
  const ids: number[] = []
  let received = 0
  let text = ''
  let heard = () => {}
  const first = Promise.withResolvers<void>()
  socket.setEncoding('latin1')
  socket.on('data', (data: string) => {
    received += data.length
    if (received === data.length) {
      socket.pause()
      first.resolve()
    }
    // A chunk of HTTP may end in the middle of a line; its length stands between line breaks, and no field does.
    text = (text + data).replace(/\r\n[\da-f]+\r\n/g, '')
    const end = text.lastIndexOf('\n\n')
    for (const [, id] of text.slice(0, end + 1).matchAll(/^id: (\d+)$/gm)) ids.push(Number(id))
    text = text.slice(end + 1)
    heard()
  })
  socket.write(
    `GET /v1/events HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\nlast-event-id: 0\r\n\r\n`,
  )
  await first.promise
  return {
    received: () => received,
    /** Reads until it has seen `last`, and gives the numbers of all events. */
    async readUpTo(last: number): Promise<number[]> {
      const { promise, resolve } = Promise.withResolvers<void>()
      heard = () => {
        if (ids.at(-1)! >= last) resolve()
      }
      socket.resume()
      await promise
      return ids
    },
    close: () => socket.destroy(),
  }
}
