// Where tables are spread, lists and search read copies (docs/decisions/0021-one-postgres.md). One Trove with them and one
// without are used alike, and answer alike. What a cluster itself does, only one tells: npm run test:spread.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Models } from '../../src/models/models.ts'
import { loadVideos } from '../simulators/content.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { spread } from '../support/spread.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are compared as they are
type Any = any

const VIDEOS = 36
const [ALICES, BOBS] = [26, 22]
const SORTS = ['created_at', 'updated_at', 'last_viewed_at', 'title', 'save_count']
const CLUSTER_SORTS = ['created_at', 'updated_at', 'title', 'similarity']
const FILTERS = [
  '',
  'status=all',
  'is_archived=all',
  'is_favorited=true',
  'category=Food %26 Drink',
  'search=how',
]
const READ_AGAIN = 3

interface House {
  trove: Trove
  simulator: Simulator
  alice: User
  bob: User
}

/** Answers without what differs between any two servers: ids stand for what they are of, times are left out. */
class Reader {
  readonly #names = new Map<string, string>()
  readonly #house: House
  constructor(house: House) {
    this.#house = house
  }

  async learn(user: User): Promise<void> {
    for (const { save, content } of await pages(user, '/v1/items?status=all&is_archived=all&limit=50')) {
      this.#names.set(save.id, `${user.email}'s ${content.url}`)
      this.#names.set(content.id, content.url)
    }
  }

  plain(answer: unknown, without: string[] = []): unknown {
    const text = JSON.stringify(answer, (key, value) => (without.includes(key) ? undefined : value))
    const named = text
      .replaceAll(this.#house.simulator.url, 'platform')
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, id => this.#names.get(id) ?? 'id')
      .replace(/\/v1\/thumbnails\/[^"]*/g, 'thumbnail')
      .replace(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'time')
      .replace(/"next_cursor":"[^"]*"/g, '"next_cursor":"more"')
    return JSON.parse(named)
  }
}

/** All items of a list, page by page, each with how many there are. */
async function pages(user: User, path: string): Promise<Any[]> {
  const all: Any[] = []
  for (let next = ''; next !== null; ) {
    const body = await read(user, next ? `${path}&cursor=${encodeURIComponent(next)}` : path)
    all.push(...body.items.map((item: Any) => ({ ...item, total: body.total })))
    next = body.next_cursor
  }
  return all
}

async function open(isSpread: boolean): Promise<House> {
  const videos = structuredClone(loadVideos().filter((_, i) => i % 2 === 0)).slice(0, VIDEOS)
  const simulator = await startPlatformSimulator({ videos })
  const trove = await startTrove({ ...simulator.env, SHARED_MIN_SAVERS: '2', CLUSTER_MIN_ITEMS: '1000' })
  trove.context.models = readingOneByOne(trove.context.models)
  if (isSpread) await spread(trove.database)
  const [alice, bob] = [await trove.register('alice@example.com'), await trove.register('bob@example.com')]
  return { trove, simulator, alice, bob }
}

const given = new Map<string, Promise<Any>>()
/** What both are asked is answered once. */
function once<T>(asked: unknown, answer: () => Promise<T>): Promise<T> {
  const key = JSON.stringify(asked)
  const known = given.get(key) ?? answer()
  given.set(key, known)
  return known
}

/** Which texts are read together is chance, and changes the last digits of a vector. */
const readingOneByOne = (models: Models): Models => ({
  ...models,
  embed: async (texts, ...more) => {
    const embedded = await Promise.all(
      texts.map(text => once([text, ...more], () => models.embed([text], ...more))),
    )
    return { model: models.embeddingModel, vectors: embedded.flatMap(({ vectors }) => vectors) }
  },
  analyse: async inputs =>
    (await Promise.all(inputs.map(input => once(input, () => models.analyse([input]))))).flat(),
})

const watch = (id: string) => `https://www.youtube.com/watch?v=${id}`
const itemOf = async (user: User, at: number): Promise<Any> =>
  (await pages(user, '/v1/items?sort_by=created_at&sort_order=asc&status=all&is_archived=all&limit=50'))[at]

async function fill({ trove, simulator, alice, bob }: House): Promise<void> {
  for (const [i, { video_id }] of simulator.videos.slice(0, ALICES).entries()) {
    const note = i % 5 === 0 ? { raw_share_text: `zanzibar ${i}` } : {}
    const saved = await alice.post('/v1/items', { url: watch(video_id), ...note })
    expect(saved).toMatchObject({ status: 201, body: { content: { status: 'PENDING' } } })
  }
  await alice.post('/v1/items', { url: watch('nosuchvideo') })
  const items = simulator.videos.slice(-BOBS).map(({ video_id }) => ({ url: watch(video_id) }))
  await bob.post('/v1/items/batch', { items })
  await trove.work()
  await trove.untilItems(alice, ALICES)
  await trove.untilItems(alice, 1, 'FAILED')
  await trove.untilItems(bob, BOBS)
  // None by itself until now: what is in a group depends on when the first was made.
  trove.context.config = { ...trove.context.config, CLUSTER_MIN_ITEMS: 20 }
}

async function read(user: User, path: string): Promise<Any> {
  const { status, body } = await user.get(path)
  expect({ path, status, detail: body.detail }).toEqual({ path, status: 200, detail: undefined })
  return body
}

async function untilDone(user: User, { body: { job_id } }: Any): Promise<void> {
  while ((await user.get(`/v1/jobs/${job_id}`)).body.stage !== 'done') await Bun.sleep(20)
}

const send = async (user: User, method: string, path: string, body?: object) => {
  const headers = { 'content-type': 'application/json' }
  const answer = await user.send(method, path, body ? { body: JSON.stringify(body), headers } : {})
  expect(answer.status).toBeLessThan(300)
}

/** Edits, removes, saves what is READY, and reads again what the platform says otherwise by now. */
async function change({ simulator, alice, bob }: House): Promise<void> {
  const ids: string[] = []
  for (let at = 0; at < 8; at++) ids.push((await itemOf(alice, at)).save.id)
  await send(alice, 'PATCH', `/v1/items/${ids[0]}`, { is_favorited: true })
  await send(alice, 'PATCH', `/v1/items/${ids[1]}`, { is_favorited: true, raw_share_text: 'to zanzibar' })
  await send(alice, 'PATCH', `/v1/items/${ids[2]}`, { is_archived: true })
  await send(alice, 'DELETE', `/v1/items/${ids[4]}`)
  const url = watch(simulator.videos.at(-1)!.video_id)
  expect((await alice.post('/v1/items', { url })).body.content.status).toBe('READY')
  const other = simulator.videos[READ_AGAIN]!
  Object.assign(other, { title: `Umbrellas of Cherbourg` })
  await untilDone(alice, await alice.post(`/v1/items/${ids[READ_AGAIN]}/reprocess`))
  const shared = (await itemOf(bob, 0)).save.id
  await untilDone(bob, await bob.post(`/v1/items/${shared}/reprocess`))
}

/** All that reads a library, by what was asked. */
async function readAll({ alice, bob }: House): Promise<Record<string, Any>> {
  const answers: Record<string, Any> = {}
  const ask = async (user: User, path: string) => {
    answers[`${user.email} ${path}`] = await read(user, path)
  }
  for (const user of [alice, bob]) {
    await untilDone(user, await user.post('/v1/clusters/rebuild'))
    for (const sort of SORTS)
      for (const order of ['asc', 'desc'])
        for (const filter of ['created_at', 'save_count'].includes(sort) ? FILTERS : ['']) {
          const path = `/v1/items?sort_by=${sort}&sort_order=${order}&${filter}&limit=11`
          answers[`${user.email} ${path}`] = await pages(user, path)
        }
    await ask(user, '/v1/items/grouped?limit_per_category=3')
    for (const mode of ['text', 'semantic', 'hybrid'])
      for (const scope of ['mine', 'all'])
        for (const q of [
          'how to cook rice',
          'zanzibar',
          'umbrellas',
          'best travel tips',
          watch('nosuchvideo'),
        ])
          await ask(user, `/v1/search?q=${encodeURIComponent(q)}&mode=${mode}&scope=${scope}&limit=30`)
    for (const at of [0, 5, 10]) {
      const { save } = await itemOf(user, at)
      const path = `/v1/items/${save.id}?include_similar=true&similar_limit=15`
      answers[`${user.email} item ${at}`] = await read(user, path)
    }
    await ask(user, '/v1/clusters?sort_by=label&sort_order=asc')
    await ask(user, '/v1/clusters/map')
    const { clusters } = await read(user, '/v1/clusters?sort_by=label&sort_order=asc')
    for (const [i, { id, label }] of clusters.entries())
      for (const sort of i === 0 ? CLUSTER_SORTS : []) {
        const path = `/v1/clusters/${id}?sort_by=${sort}&limit=50`
        answers[`${user.email} cluster ${label} by ${sort}`] = await read(user, path)
      }
  }
  return answers
}

async function compared(house: House, without: string[]): Promise<Record<string, unknown>> {
  const reader = new Reader(house)
  await reader.learn(house.alice)
  await reader.learn(house.bob)
  const answers = await readAll(house)
  return Object.fromEntries(
    Object.entries(answers).map(([asked, it]) => [reader.plain(asked), reader.plain(it, without)]),
  ) as never
}

const copies = async ({ trove: { database } }: House) => {
  const [found] = await database.sql<
    Record<'contents' | 'vectors' | 'right' | 'saves' | 'embedded', number>[]
  >`
    select (select count(*) from saved_contents) as contents, (select count(*) from saved_embeddings) as vectors,
      (
        select count(*)
        from saved_embeddings k
        join content_embeddings e using (content_id, model, embedding)
      ) as right,
      (select count(*) from user_content_saves) as saves,
      (
        select count(*)
        from user_content_saves s
        join content_embeddings e on e.content_id = s.shared_content_id
      ) as embedded`
  return found!
}

let one: House
let apart: House
beforeAll(async () => {
  ;[one, apart] = [await open(false), await open(true)]
}, 60_000)
afterAll(async () => {
  for (const { trove, simulator } of [one, apart]) {
    await trove.stop()
    await simulator.close()
  }
})

describe('with copies beside saves, and without', () => {
  test('what was saved and read answers alike', async () => {
    await fill(one)
    await fill(apart)
    const answers = await compared(one, [])
    expect(Object.keys(answers).length).toBeGreaterThan(120)
    expect(await compared(apart, [])).toEqual(answers)
  }, 300_000)

  test('and after changes, but for the number of savers, which a copy has of its last change', async () => {
    await change(one)
    await change(apart)
    const answers = await compared(one, ['save_count'])
    const others = await compared(apart, ['save_count'])
    for (const asked of Object.keys(answers).filter(asked => asked.includes('save_count'))) {
      delete answers[asked]
      delete others[asked]
    }
    const again = Object.keys(answers).find(asked => asked.includes('q=umbrellas&mode=text&scope=mine'))!
    expect(answers[again]).toMatchObject({ total: 1 })
    expect(others).toEqual(answers)
  }, 300_000)

  test('a label that is taken is refused alike', async () => {
    for (const { alice } of [one, apart]) {
      const { clusters } = await read(alice, '/v1/clusters')
      const path = `/v1/clusters/${clusters[0].id}`
      const body = JSON.stringify({ label: clusters[1].label })
      const headers = { 'content-type': 'application/json' }
      const answer = await alice.send('PATCH', path, { body, headers })
      expect(answer).toMatchObject({ status: 409, body: { error_code: 'LABEL_TAKEN' } })
    }
  })

  test('each save has its copies, and no others; on one Postgres there are none', async () => {
    expect(await copies(one)).toMatchObject({ contents: 0, vectors: 0 })
    const { contents, vectors, right, saves, embedded } = await copies(apart)
    expect({ contents, vectors, right }).toEqual({ contents: saves, vectors: embedded, right: embedded })
    expect(embedded).toBeGreaterThan(BOBS)
    const { sql } = apart.trove.database
    await sql`delete from users where id = ${apart.alice.id}`
    expect(await copies(apart)).toMatchObject({ contents: BOBS, vectors: BOBS })
  })

  test('a transaction of the queue touches what makes it commit in two phases, where tables are spread', async () => {
    const locked = async ({ trove: { context } }: House) =>
      context.queue.begin(async tx => {
        const locks = await tx`
          select mode
          from pg_locks
          where pid = pg_backend_pid() and relation = 'two_phase'::regclass`
        return locks.map(({ mode }) => mode)
      })
    expect(await locked(one)).toEqual([])
    expect(await locked(apart)).toEqual(['RowExclusiveLock'])
  })
})
