// Tags of saves: those that users choose, those that are offered, lists by them, and how much there is of each.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { emit } from '../../../src/ground/domain-events.ts'
import { contentReady } from '../../../src/library/events.ts'
import { countUses } from '../../../src/library/tags/popular/store.ts'
import { startTrove, type Trove } from '../../support/app.ts'
import { newPerson, type Person } from './people.ts'

let trove: Trove
let admin: Person
let alice: Person
let bob: Person
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'false' })
  admin = await newPerson(trove, 'admin')
  alice = await newPerson(trove)
  bob = await newPerson(trove)
})
afterAll(() => trove.stop())

let links = 0
const newLink = () => `https://www.youtube.com/watch?v=${String(++links).padStart(11, 'a')}`

async function save(person: Person, url: string) {
  const { body } = await person.post('/v1/items', { url })
  return { id: body.save.id as string, content_id: body.content.id as string }
}

/** As when it was read and understood. */
async function understand(content_id: string, subcategories: string[], is_other = true) {
  const { sql } = trove.database
  await sql.begin(async tx => {
    await tx`update shared_contents set status = 'READY', subcategories = ${tx.json(subcategories)} where id = ${content_id}`
    await emit(tx, trove.context, contentReady, { content_id, is_other, attempt: crypto.randomUUID() })
  })
}

interface Tag {
  id: string
  name: string
  source: string
}
const tagsOf = async (person: Person, id: string): Promise<Tag[]> =>
  (await person.get(`/v1/items/${id}`)).body.save.tags
const namesOf = async (person: Person, id: string) =>
  (await tagsOf(person, id)).map(({ name, source }) => `${name} ${source}`)
const tagNamed = async (person: Person, id: string, name: string) =>
  (await tagsOf(person, id)).find(tag => tag.name === name)!.id

test('what a content is about is offered to all who saved it, now and later, as tags that each knows', async () => {
  const jazz = await admin.tag('Jazz', { is_shared: true })
  await bob.tag('Late night')
  const url = newLink()
  const [hers, his] = [await save(alice, url), await save(bob, url)]
  const before = (await alice.get(`/v1/items/${hers.id}`)).headers.get('etag')
  await understand(hers.content_id, ['jazz', 'Late Night', ' ', 'x'.repeat(200)])
  expect(await namesOf(alice, hers.id)).toEqual(['Jazz ai', 'Late Night ai'])
  expect(await namesOf(bob, his.id)).toEqual(['Jazz ai', 'Late night ai'])
  expect(await tagNamed(alice, hers.id, 'Jazz')).toBe(jazz)
  expect((await alice.get(`/v1/items/${hers.id}`)).headers.get('etag')).not.toBe(before)
  const carol = await newPerson(trove)
  const later = await save(carol, url)
  expect(await namesOf(carol, later.id)).toEqual(['Jazz ai', 'Late Night ai'])
  const { body } = await carol.post('/v1/items/batch', { items: [{ url: newLink() }] })
  expect(await namesOf(carol, body.results[0].save_id)).toEqual([])
})

test('what is kept or chosen stays at the next reading, what is dropped stays away, and the rest follows the content', async () => {
  const { id, content_id } = await save(alice, newLink())
  await understand(content_id, ['Kept', 'Dropped', 'Deleted', 'Former'])
  const kept = await alice.post(`/v1/items/${id}/tags/${await tagNamed(alice, id, 'Kept')}/accept`)
  expect([kept.status, kept.body.save.tags.length]).toEqual([200, 4])
  const dropped = await tagNamed(alice, id, 'Dropped')
  const before = (await alice.get(`/v1/items/${id}`)).headers.get('etag')!
  expect((await alice.remove(`/v1/items/${id}/tags/${dropped}`)).status).toBe(204)
  expect((await alice.remove(`/v1/items/${id}/tags/${dropped}`)).status).toBe(404)
  expect((await alice.post(`/v1/items/${id}/tags/${dropped}/accept`)).status).toBe(404)
  const stale = await alice.send('PATCH', `/v1/items/${id}`, {
    body: JSON.stringify({ tags: [] }),
    headers: { 'content-type': 'application/json', 'if-match': before },
  })
  expect(stale.status).toBe(412)
  await alice.remove(`/v1/tags/${await tagNamed(alice, id, 'Deleted')}`)
  const edited = await alice.patch(`/v1/items/${id}`, { tags: ['Kept', 'Mine', 'MINE', 'Fresh'] })
  expect(edited.body.save.tags.map(({ name, source }: Tag) => `${name} ${source}`)).toEqual([
    'Former ai',
    'Fresh user',
    'Kept user',
    'Mine user',
  ])
  await understand(content_id, ['Dropped', 'Deleted', 'Fresh', 'Newer'])
  expect(await namesOf(alice, id)).toEqual(['Fresh user', 'Kept user', 'Mine user', 'Newer ai'])
  // What the user takes away and then writes again is theirs.
  await alice.patch(`/v1/items/${id}`, { tags: ['Kept'] })
  expect(await namesOf(alice, id)).toEqual(['Kept user', 'Newer ai'])
  await understand(content_id, ['Mine', 'Newer'])
  expect(await namesOf(alice, id)).toEqual(['Kept user', 'Newer ai'])
  await alice.patch(`/v1/items/${id}`, { tags: ['Dropped', 'Mine'] })
  expect(await namesOf(alice, id)).toEqual(['Dropped user', 'Mine user', 'Newer ai'])
  for (const tags of [[''], ['x'.repeat(101)], [null], Array.from({ length: 51 }, (_, i) => `${i}`)])
    expect((await alice.patch(`/v1/items/${id}`, { tags })).status).toBe(422)
  for (const answer of [
    await bob.patch(`/v1/items/${id}`, { tags: ['Theirs'] }),
    await bob.remove(`/v1/items/${id}/tags/${dropped}`),
    await bob.post(`/v1/items/${id}/tags/${dropped}/accept`),
  ])
    expect(answer.status).toBe(404)
})

test('a reading that finds nothing new makes libraries new only where a tag is', async () => {
  const { id, content_id } = await save(alice, newLink())
  await understand(content_id, ['Quiet'])
  const etag = async () => (await alice.get(`/v1/items/${id}`)).headers.get('etag')
  const first = await etag()
  await understand(content_id, ['Quiet'], false)
  expect(await etag()).toBe(first)
  await admin.tag('Quiet', { is_shared: true })
  await understand(content_id, ['Quiet'], false)
  expect(await etag()).not.toBe(first)
  expect(await namesOf(alice, id)).toEqual(['Quiet ai'])
})

test('a list holds what has any, or all, of some tags, by whichever name', async () => {
  const carol = await newPerson(trove)
  const saves = [await save(carol, newLink()), await save(carol, newLink()), await save(carol, newLink())]
  const [both, one, none] = saves.map(({ id }) => id) as [string, string, string]
  await carol.patch(`/v1/items/${both}`, { tags: ['Rote Grütze', 'Second'] })
  await carol.patch(`/v1/items/${one}`, { tags: ['Rote Grütze'], is_favorited: true })
  // Another user's tag of the same name counts for nothing.
  const other = await save(bob, newLink())
  await bob.patch(`/v1/items/${other.id}`, { tags: ['Second', 'Rote Grütze'] })
  const red = await tagNamed(carol, both, 'Rote Grütze')
  await carol.post(`/v1/tags/${red}/aliases`, { name: 'Pudding' })
  const list = async (query: string) => {
    const { body } = await carol.get(`/v1/items?status=all&sort_order=asc&${query}`)
    return [body.total, ...body.items.map(({ save }: { save: { id: string } }) => save.id)]
  }
  expect(await list('tag=rote%20grutze')).toEqual([2, both, one])
  expect(await list('tag=pudding&tag=second')).toEqual([2, both, one])
  expect(await list('tag=pudding&tag=second&tag_match=all')).toEqual([1, both])
  expect(await list('tag=pudding&tag=unheard&tag_match=all')).toEqual([0])
  expect(await list('tag=unheard')).toEqual([0])
  expect(await list('tag=pudding&is_favorited=true')).toEqual([1, one])
  expect(await list('tag=pudding&sort_by=save_count')).toEqual([2, both, one])
  expect(await list('')).toEqual([3, both, one, none])
  const { body: first } = await carol.get('/v1/items?status=all&tag=pudding&limit=1')
  const { body: second } = await carol.get(
    `/v1/items?status=all&tag=pudding&limit=1&cursor=${first.next_cursor}`,
  )
  expect([first.items[0].save.id, second.items[0].save.id, second.next_cursor]).toEqual([one, both, null])
  expect(first.items[0].save.tags).toEqual([{ id: red, name: 'Rote Grütze', source: 'user' }])
  // A name that means a tag already makes no other one.
  await carol.patch(`/v1/items/${none}`, { tags: ['PUDDING'] })
  expect((await tagsOf(carol, none)).map(({ id }) => id)).toEqual([red])
  await carol.patch(`/v1/tags/${red}`, { name: 'Blue' })
  expect(await namesOf(carol, none)).toEqual(['Blue user'])
})

test('a merge gives saves the other tag once, chosen where either was, and lists are new', async () => {
  const into = await admin.tag('Kept by merge', { is_shared: true })
  const from = await admin.tag('Gone by merge', { is_shared: true })
  const { id } = await save(bob, newLink())
  const both = await save(alice, newLink())
  await understand(both.content_id, ['Kept by merge'])
  await alice.patch(`/v1/items/${both.id}`, { tags: ['Gone by merge'] })
  await bob.patch(`/v1/items/${id}`, { tags: ['Gone by merge'] })
  const before = (await bob.get(`/v1/items/${id}`)).headers.get('etag')
  expect((await admin.post(`/v1/tags/${from}/merge`, { into })).status).toBe(200)
  expect(await namesOf(bob, id)).toEqual(['Kept by merge user'])
  expect(await namesOf(alice, both.id)).toEqual(['Kept by merge user'])
  expect((await bob.get(`/v1/items/${id}`)).headers.get('etag')).not.toBe(before)
  // What lies in the trash comes back with the tag that is left, and is not offered what was dropped.
  const next = await admin.tag('Next by merge', { is_shared: true })
  await bob.patch(`/v1/items/${id}`, { tags: ['Kept by merge', 'Next by merge', 'Dropped'] })
  await bob.patch(`/v1/items/${id}`, { tags: ['Kept by merge', 'Next by merge'] })
  await bob.remove(`/v1/items/${id}`)
  expect((await admin.post(`/v1/tags/${next}/merge`, { into })).status).toBe(200)
  expect((await bob.post(`/v1/trash/${id}/restore`)).status).toBe(200)
  expect(await namesOf(bob, id)).toEqual(['Kept by merge user'])
  const { content } = (await bob.get(`/v1/items/${id}`)).body
  await understand(content.id, ['Dropped', 'Offered'])
  expect(await namesOf(bob, id)).toEqual(['Kept by merge user', 'Offered ai'])
  await bob.remove(`/v1/items/${id}/tags/${await tagNamed(bob, id, 'Offered')}`)
  await admin.remove(`/v1/tags/${into}`)
  expect(await tagsOf(bob, id)).toEqual([])
})

test('popular is the full count of what is public or the caller’s own', async () => {
  const { sql } = trove.database
  const [ours, carol, dave] = [
    await admin.tag('Popular', { is_shared: true }),
    await newPerson(trove),
    await newPerson(trove),
  ]
  const work = async (person: Person, source_type: string, is_public: boolean, tag: string) => {
    const id = crypto.randomUUID()
    await sql`insert into works (user_id, id, content_type, source_type, title, is_public)
      values (${person.id}, ${id}, 'text', ${source_type}, 'A work', ${is_public})`
    await sql`insert into work_tags (user_id, work_id, tag_id, source) values (${person.id}, ${id}, ${tag}, 'user')`
  }
  for (const [person, is_public] of [
    [carol, true],
    [carol, false],
    [dave, false],
  ] as const) {
    const { id } = await save(person, newLink())
    await person.patch(`/v1/items/${id}`, { tags: ['Popular', 'Own one'] })
    await sql`update user_content_saves set is_public = ${is_public} where user_id = ${person.id} and id = ${id}`
  }
  await work(carol, 'auto', true, ours)
  await work(dave, 'auto', false, ours)
  await work(dave, 'regular', true, ours)
  await sql.begin(tx => countUses(tx))
  await sql.begin(tx => countUses(tx))
  const counts = async (person: Person, query = '') => {
    const { body } = await person.get(`/v1/tags/popular?${query}`)
    const of = (name: string) => body.find((tag: { name: string }) => tag.name === name)?.cardinality ?? 0
    return [of('Popular'), of('Own one')]
  }
  // Public of anybody: a save and an auto work of Carol's, a regular work of Dave's.
  expect({
    carol: await counts(carol),
    'carol items': await counts(carol, 'content_source=items'),
    'carol auto': await counts(carol, 'content_source=auto'),
    dave: await counts(dave),
    bob: await counts(bob),
    'bob of many': await counts(bob, 'min_cardinality=4'),
    'carol of many': await counts(carol, 'min_cardinality=4'),
  }).toEqual({
    carol: [4, 2],
    'carol items': [3, 2],
    'carol auto': [1, 0],
    dave: [5, 1],
    bob: [3, 0],
    'bob of many': [0, 0],
    'carol of many': [4, 0],
  })
  expect((await carol.get('/v1/tags/popular?limit=1')).body).toHaveLength(1)
  expect((await carol.get('/v1/tags/statistics')).body.most_used[0]).toMatchObject({
    name: 'Popular',
    cardinality: 4,
  })
})
