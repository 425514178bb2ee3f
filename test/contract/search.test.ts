// What searching promises besides test/discovery: defaults, bounds and what is never found.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'

let trove: Trove
let alice: User
let bob: User
let next = 0
beforeAll(async () => {
  trove = await startTrove()
  // Every text points the same way, so that nothing here depends on a model.
  const { models } = trove.context
  models.embed = async texts => ({
    model: models.embeddingModel,
    vectors: texts.map(() => Float32Array.from([1, ...Array(511).fill(0)])),
  })
  alice = await trove.register()
  bob = await trove.register()
  for (let i = 0; i < 25; i++) await save(alice, `Quokka number ${i}`)
  await save(alice, 'Wombat')
  await save(bob, 'Quokka of Bob')
})
afterAll(() => trove.stop())

/** A READY save with a vector, unless its status says that it has none. */
async function save(user: User, title: string, status = 'READY') {
  const url = `https://youtu.be/find-${String(next++).padStart(6, '0')}`
  const { body } = await user.post('/v1/items', { url })
  const { sql } = trove.database
  await sql`update shared_contents set status = ${status}, title = ${title} where id = ${body.content.id}`
  await settle(sql)
  await sql`
    insert into content_embeddings (content_id, model, embedding)
    values (${body.content.id}, ${trove.context.models.embeddingModel},
      ${`[1${',0'.repeat(511)}]`}::vector)`
  return body.save.id as string
}

interface Result {
  save_id: string | null
  content: { title: string }
  score: number
  matched: string[]
}
const search = async (user: User, query: string) => {
  const { body } = await user.get(`/v1/search?${query}`)
  return body as { results: Result[]; mode: string; total: number }
}

test('gives 20 of one’s own in hybrid mode unless told otherwise', async () => {
  const found = await search(alice, 'q=quokka')
  expect(found.mode).toBe('hybrid')
  expect(found.results).toHaveLength(20)
  expect(found.total).toBe(26)
  expect(found.results.every(({ save_id }) => save_id !== null)).toBe(true)
  expect(found.results[0]).toEqual({
    save_id: expect.any(String),
    content: expect.any(Object),
    score: expect.any(Number),
    matched: ['text', 'semantic'],
  })
})

test.each([1, 25, 100])('gives at most limit=%d', async limit => {
  const { results } = await search(alice, `q=quokka&mode=text&limit=${limit}`)
  expect(results).toHaveLength(Math.min(limit, 25))
})

test.each(['text', 'semantic', 'hybrid'])('by %s has the best first, and each content once', async mode => {
  const { results, mode: used } = await search(alice, `q=quokka+wombat&mode=${mode}&limit=100`)
  expect(used).toBe(mode)
  const scores = results.map(({ score }) => score)
  expect(scores).toEqual([...scores].sort((a, b) => b - a))
  expect(new Set(results.map(({ save_id }) => save_id)).size).toBe(26)
  const ways = mode === 'hybrid' ? ['text', 'semantic'] : [mode]
  for (const { matched } of results) expect(matched).toEqual(ways)
})

test('says of a result that only one way found which one it was', async () => {
  const { results } = await search(alice, 'q=wombat&limit=100')
  expect(results[0]).toMatchObject({ content: { title: 'Wombat' }, matched: ['text', 'semantic'] })
  for (const { matched } of results.slice(1)) expect(matched).toEqual(['semantic'])
})

test.each(['text', 'semantic', 'hybrid'])('by %s finds others’ contents with scope=all alone', async mode => {
  const titles = (found: { results: Result[] }) => found.results.map(({ content }) => content.title)
  const mine = await search(bob, `q=quokka&mode=${mode}&limit=100`)
  expect(titles(mine)).toEqual(['Quokka of Bob'])
  const all = await search(bob, `q=quokka&mode=${mode}&scope=all&limit=100`)
  expect(all.results.length).toBeGreaterThanOrEqual(26)
  expect(all.results.filter(({ save_id }) => save_id !== null).map(({ content }) => content.title)).toEqual([
    'Quokka of Bob',
  ])
})

test.each(['text', 'semantic', 'hybrid'])('by %s finds only what is READY', async mode => {
  const carol = await trove.register()
  for (const status of ['PENDING', 'PROCESSING', 'FAILED']) await save(carol, 'Numbat', status)
  const ready = await save(carol, 'Numbat')
  const { results } = await search(carol, `q=numbat&mode=${mode}`)
  expect(results.map(({ save_id }) => save_id)).toEqual([ready])
})

describe('a search', () => {
  test('of 500 characters is taken', async () => {
    expect((await alice.get(`/v1/search?mode=text&q=${'x'.repeat(500)}`)).status).toBe(200)
  })

  test('without a token is 401, whatever it asks', async () => {
    for (const query of ['q=quokka', '', 'limit=x']) {
      expect([query, (await trove.get(`/v1/search?${query}`)).status]).toEqual([query, 401])
    }
  })
})

describe('a search of one’s own', () => {
  const tagOf = async (user: User, query: string) =>
    (await user.get(`/v1/search?${query}`)).headers.get('etag')
  const again = (user: User, query: string, tag: string) =>
    user.get(`/v1/search?${query}`, { 'if-none-match': tag })

  test.each(['text', 'semantic', 'hybrid'])('by %s is 304 while the library is the same', async mode => {
    const query = `q=quokka&mode=${mode}`
    const tag = await tagOf(alice, query)
    expect(tag).toMatch(/^W\/"[^"]+"$/)
    const { status, body, headers } = await again(alice, query, tag!)
    expect([status, body, headers.get('etag')]).toEqual([304, '', tag])
    expect((await again(bob, query, tag!)).status).toBe(200)
  })

  test('asks no model for a 304', async () => {
    const { models } = trove.context
    const tag = await tagOf(alice, 'q=quokka')
    const { embed } = models
    let asked = 0
    models.embed = texts => {
      asked++
      return embed(texts)
    }
    try {
      expect((await again(alice, 'q=quokka', tag!)).status).toBe(304)
      expect(asked).toBe(0)
      expect((await again(alice, 'q=quokka', '"other"')).status).toBe(200)
      expect(asked).toBe(1)
    } finally {
      models.embed = embed
    }
  })

  test('is answered anew after a save, an edit and a removal, and not after another user’s save', async () => {
    const dora = await trove.register()
    const id = await save(dora, 'Bilby')
    const changes = {
      save: () => save(dora, 'Another bilby'),
      edit: () =>
        dora.send('PATCH', `/v1/items/${id}`, {
          body: '{"raw_share_text": "seen at dusk"}',
          headers: { 'content-type': 'application/json' },
        }),
      removal: () => dora.send('DELETE', `/v1/items/${id}`),
    }
    for (const [name, change] of Object.entries(changes)) {
      const tag = await tagOf(dora, 'q=bilby')
      await save(bob, 'Bilby of Bob')
      expect([name, (await again(dora, 'q=bilby', tag!)).status]).toEqual([name, 304])
      await change()
      expect([name, (await again(dora, 'q=bilby', tag!)).status]).toEqual([name, 200])
    }
  })

  test('has no tag while the model is away, and its old one still holds', async () => {
    const { models } = trove.context
    const { embed } = models
    const tag = await tagOf(alice, 'q=quokka')
    models.embed = () => Promise.reject(new Error('away'))
    try {
      const degraded = await alice.get('/v1/search?q=quokka')
      expect([degraded.status, degraded.body.mode]).toEqual([200, 'text'])
      expect(degraded.headers.has('etag')).toBe(false)
      const refused = await alice.get('/v1/search?q=quokka&mode=semantic')
      expect([refused.status, refused.headers.has('etag')]).toEqual([503, false])
      expect(await tagOf(alice, 'q=quokka&mode=text')).not.toBeNull()
      expect((await again(alice, 'q=quokka', tag!)).status).toBe(304)
    } finally {
      models.embed = embed
    }
  })
})

test('a search of everything has no tag: what others save is in no version of one’s own', async () => {
  const { status, headers } = await alice.get('/v1/search?q=quokka&scope=all', { 'if-none-match': '*' })
  expect([status, headers.has('etag')]).toEqual([200, false])
})
