// A stream of events from a real server on this runtime: it is heard, a client that goes is noticed, and one that
// comes back goes on where it was.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type OpenaiSimulator, startOpenaiSimulator } from '../simulators/openai.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { type Client, clientOf } from '../support/app.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { type EventReader, openEvents, type ReadEvent } from '../support/events.ts'
import { type Started, startProcess } from '../support/process.ts'

const MOST_STREAMS = 20
const EVENTS_A_SAVE = 3
const folder = mkdtempSync(join(tmpdir(), 'trove-events-'))

let database: TestDatabase | undefined
let platform: Simulator
let models: OpenaiSimulator
let server: Started
let base: string
before(async () => {
  database = usesRealPostgres ? await openTestDatabase() : undefined
  platform = await startPlatformSimulator()
  models = await startOpenaiSimulator()
  server = startProcess({
    ...{ ...platform.env, ...models.env, ...database?.settings, DATA_DIR: folder },
    ...{ RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'info' },
  })
  base = await server.address()
  await server.until(/Queues/)
})
after(async () => {
  server.child.kill('SIGTERM')
  await server.exit
  await database?.close()
  await platform.close()
  await models.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

interface Person extends Client {
  listen(lastId?: number): Promise<EventReader>
}

async function newPerson(): Promise<Person> {
  const account = { email: `${crypto.randomUUID()}@example.com`, password: 'correct horse battery staple' }
  const { body } = await clientOf(fetch, {}, base).post('/v1/auth/register', account)
  const token: string = body.access_token
  return {
    ...clientOf(fetch, { authorization: `Bearer ${token}` }, base),
    listen: lastId => openEvents(fetch, { token, base, ...(lastId === undefined ? {} : { lastId }) }),
  }
}

let videos = 0
async function save(person: Person): Promise<void> {
  const { video_id } = platform.videos[videos++]!
  assert.equal((await person.post('/v1/items', { url: `https://youtu.be/${video_id}` })).status, 201)
}

async function take(events: EventReader, count: number): Promise<ReadEvent[]> {
  const taken: ReadEvent[] = []
  while (taken.length < count) taken.push((await events.next())!)
  return taken
}

const FOLLOWED = ['job.progress', 'job.progress', 'content.ready']

describe('on every runtime, a stream of events', () => {
  test('is heard as it happens, and resumes after the last one that was seen', async () => {
    const person = await newPerson()
    const events = await person.listen()
    await save(person)
    const told = await take(events, EVENTS_A_SAVE)
    assert.deepEqual(
      told.map(({ type }) => type),
      FOLLOWED,
    )
    await events.close()
    await save(person)
    const resumed = await person.listen(told[1]!.id)
    const rest = await take(resumed, 1 + EVENTS_A_SAVE)
    assert.deepEqual(
      rest.map(({ id }) => id),
      [3, 4, 5, 6],
    )
    assert.deepEqual(rest[0], told[2])
    await resumed.close()
  })

  test('makes room when its client goes', async () => {
    const person = await newPerson()
    for (let round = 0; round < 3; round++) {
      const open = await Promise.all(Array.from({ length: MOST_STREAMS }, () => openWhenThereIsRoom(person)))
      assert.equal((await person.get('/v1/events')).status, 429)
      await Promise.all(open.map(stream => stream.close()))
    }
  })

  test('ends when the server stops, which does not wait for its client', async () => {
    const person = await newPerson()
    const events = await person.listen()
    server.child.kill('SIGTERM')
    assert.equal(await events.next(), undefined)
    // Deno names the signal that was sent instead of the code with which the process ended.
    await server.exit
    assert.match(server.printed(), /Stopped/)
  })
})

/** A server hears that a client has gone a moment after the client went. */
async function openWhenThereIsRoom(person: Person): Promise<EventReader> {
  const until = performance.now() + 10_000
  for (;;) {
    const stream = await person.listen()
    if (stream.status === 200) return stream
    await stream.close()
    assert.ok(performance.now() < until, 'no stream that was closed has made room within 10 seconds')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
