import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { fuseScores } from '../../src/discovery/search/fuse-scores.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'

let trove: Trove
let alice: User
let bob: User
const saves: Record<string, string> = {}

async function save(user: User, n: number, title: string, raw_share_text?: string) {
  const url = `https://youtube.com/watch?v=search${String(n).padStart(5, '0')}`
  const { body } = await user.post('/v1/items', { url, raw_share_text })
  await trove.database.sql`
    update shared_contents
    set status = 'READY', title = ${title}, tags = ${trove.database.sql.json([`tag${n}`])}
    where id = ${body.content.id}`
  await settle(trove.database.sql)
  const { model, vectors } = await trove.context.models.embed([title])
  await trove.database.sql`
    insert into content_embeddings (content_id, model, embedding)
    values (${body.content.id}, ${model}, ${`[${(vectors[0] as Float32Array).join(',')}]`}::vector)`
  saves[title] = body.save.id
}

beforeAll(async () => {
  trove = await startTrove()
  alice = await trove.register()
  bob = await trove.register()
  await save(alice, 1, 'How to bake sourdough bread at home', 'for the zanzibar party')
  await save(alice, 2, 'Cheap flights to Lisbon')
  await save(alice, 3, 'Sourdough starter in 5 days')
  await save(bob, 4, 'Bread machines compared', 'secret xylophone')
})
afterAll(() => trove.stop())

const titles = async (user: User, query: string) =>
  (await user.get(`/v1/search?${query}`)).body.results.map(
    (it: { content: { title: string } }) => it.content.title,
  )

describe('searching by words', () => {
  test('ranks what holds more of the words first, and finds a question in whole sentences', async () => {
    expect(await titles(alice, 'mode=text&q=What+do+I+need+to+bake+sourdough+bread%3F')).toEqual([
      'How to bake sourdough bread at home',
      'Sourdough starter in 5 days',
    ])
  })

  test('finds tags and the own note, and says by what', async () => {
    expect(await titles(alice, 'mode=text&q=tag2')).toEqual(['Cheap flights to Lisbon'])
    const { body } = await alice.get('/v1/search?mode=text&q=Zanzibar')
    expect(body).toMatchObject({ mode: 'text', total: 1 })
    expect(body.results[0]).toMatchObject({
      save_id: saves['How to bake sourdough bread at home'],
      matched: ['text'],
    })
    expect(body.results[0].score).toBeGreaterThan(0)
  })

  test('of one’s own shows nothing of others; of all shows their contents, without a save', async () => {
    expect(await titles(alice, 'mode=text&q=machines')).toEqual([])
    const { body } = await alice.get('/v1/search?mode=text&scope=all&q=machines')
    expect(body.results.map((it: { save_id: string | null }) => it.save_id)).toEqual([null])
    expect(JSON.stringify(body)).not.toContain('xylophone')
  })

  test.each(['mine', 'all'])('never matches a note of somebody else (scope=%s)', async scope => {
    expect(await titles(alice, `mode=text&scope=${scope}&q=xylophone`)).toEqual([])
    expect(await titles(bob, `mode=text&scope=${scope}&q=xylophone`)).toEqual(['Bread machines compared'])
  })

  test.each(["'", '\\', '%', '_', '& | !', ':*', '"', '<->', "a' & 'b", 'the'])(
    'takes %p as plain characters',
    async q => {
      const { status } = await alice.get(`/v1/search?mode=text&q=${encodeURIComponent(q)}`)
      expect(status).toBe(200)
    },
  )
})

describe('searching by meaning', () => {
  test('finds what shares no word, and both ways together say which found it', async () => {
    expect((await titles(alice, 'mode=semantic&q=airplane+tickets+for+a+holiday'))[0]).toBe(
      'Cheap flights to Lisbon',
    )
    const { body } = await alice.get('/v1/search?q=Lisbon+flights')
    expect(body.mode).toBe('hybrid')
    expect(body.results[0]).toMatchObject({
      content: { title: 'Cheap flights to Lisbon' },
      matched: ['text', 'semantic'],
    })
    // What is nearest of the rest is of another matter.
    expect(body.results).toHaveLength(1)
  })

  test('finds nothing where nothing is near enough', async () => {
    const { body } = await alice.get('/v1/search?q=tax+return+deadline&mode=semantic')
    expect(body).toMatchObject({ results: [], total: 0, mode: 'semantic' })
  })

  test('is not there while the model is away: hybrid goes on by words, and says so', async () => {
    const { models } = trove.context
    const embed = models.embed
    models.embed = () => Promise.reject(new Error('away'))
    const hybrid = await alice.get('/v1/search?q=Lisbon')
    const semantic = await alice.get('/v1/search?q=Lisbon&mode=semantic')
    models.embed = embed
    expect(hybrid.body).toMatchObject({ mode: 'text', total: 1 })
    expect(semantic.status).toBe(503)
    expect(semantic.headers.get('retry-after')).toBe('5')
  })
})

test.each([
  '',
  'q=',
  'q=+',
  `q=${'x'.repeat(501)}`,
  'q=a&mode=magic',
  'q=a&scope=ours',
  'q=a&limit=0',
  'q=a&limit=101',
  'q=%00',
])('%p is refused', async query => {
  expect((await alice.get(`/v1/search?${query}`)).status).toBe(422)
})

test('the fusion adds scores: the only text with the word comes before what is only like it', () => {
  const words = [
    { id: 'a', score: 1 },
    { id: 'b', score: 0.2 },
  ]
  const meaning = [
    { id: 'c', score: 0.9 },
    { id: 'b', score: 0.6 },
  ]
  const fused = fuseScores(words, meaning, 0.3)
  expect(fused.map(({ id, matched }) => [id, matched])).toEqual([
    ['a', ['text']],
    ['c', ['semantic']],
    ['b', ['text', 'semantic']],
  ])
})
