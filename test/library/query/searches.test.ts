// What the language of searches finds: in lists, in searches, and in collections that a query makes.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove, type User } from '../../support/app.ts'

let trove: Trove
let alice: User
/** The ids of saves by their titles. */
const saves = new Map<string, string>()

const TITLES = ['Sourdough bread', 'Bread without yeast', 'Tokyo in three days', 'A broken page']
beforeAll(async () => {
  trove = await startTrove()
  alice = await trove.register()
  const bob = await trove.register()
  const { sql } = trove.database
  for (const [i, title] of TITLES.entries()) {
    for (const user of [alice, bob]) {
      const { status, body } = await user.post('/v1/items', { url: `https://youtu.be/aaaaaaaaa0${i}` })
      expect(status).toBe(201)
      if (user === alice) saves.set(title, body.save.id)
    }
  }
  const set = (title: string, change: object) =>
    sql`update user_content_saves set ${sql(change as never)} where user_id = ${alice.id} and id = ${saves.get(title)!}`
  await sql`update shared_contents set status = 'READY'`
  await sql`update user_content_saves set status = 'READY'`
  for (const title of TITLES) await set(title, { title })
  await set('Sourdough bread', { is_favorited: true, category: 'Food & Drink', last_viewed_at: new Date() })
  await set('Bread without yeast', {
    raw_share_text: 'for Zoë',
    created_at: new Date('2026-01-31T00:00:00Z'),
  })
  await set('Tokyo in three days', { is_archived: true, is_public: true })
  await set('A broken page', { status: 'FAILED' })
  await sql`
    update shared_contents set url = 'https://blog.example.com:8080/bread'
    where id = (select shared_content_id from user_content_saves where id = ${saves.get('Sourdough bread')!})`
  const tagged = await alice.send('PATCH', `/v1/items/${saves.get('Bread without yeast')}`, {
    body: JSON.stringify({ tags: ['Slow Food'] }),
    headers: { 'content-type': 'application/json' },
  })
  expect(tagged.status).toBe(200)
  const category = await alice.post('/v1/bookmark-categories', { name: 'To bake' })
  const bookmark = await alice.post('/v1/bookmarks', {
    content_id: saves.get('Sourdough bread'),
    content_source_type: 'items',
  })
  const added = await alice.post(`/v1/bookmarks/${bookmark.body.id}/categories`, {
    category_id: category.body.id,
  })
  expect([category.status, bookmark.status, added.status]).toEqual([201, 201, 201])
})
afterAll(() => trove.stop())

const [SOURDOUGH, YEAST, TOKYO, BROKEN] = TITLES as [string, string, string, string]
const TABLE: Record<string, string[]> = {
  bread: [SOURDOUGH, YEAST],
  'bread -yeast': [SOURDOUGH],
  'bread -"without yeast"': [SOURDOUGH],
  '-bread': [],
  '"without yeast"': [YEAST],
  'tag:"slow food"': [YEAST],
  '-tag:"SLOW FOOD"': [SOURDOUGH],
  'category:"food & drink"': [SOURDOUGH],
  'in:"to bake"': [SOURDOUGH],
  '-in:"to bake" bread': [YEAST],
  'in:elsewhere': [],
  'site:example.com': [SOURDOUGH],
  'site:blog.example.com': [SOURDOUGH],
  'site:ample.com': [],
  '-site:example.com': [YEAST],
  'is:favorite': [SOURDOUGH],
  '-is:favorite': [YEAST],
  'is:archived': [TOKYO],
  'is:public is:archived': [TOKYO],
  'is:unread': [YEAST],
  'is:failed': [BROKEN],
  'has:note': [YEAST],
  '-has:note -has:tag': [SOURDOUGH],
  'has:tag': [YEAST],
  'before:2026-01-31': [],
  'before:2026-02-01': [YEAST],
  'after:2026-01-31 before:2026-02-01': [YEAST],
  'after:2026-02-01': [SOURDOUGH],
  'is:favorite is:unread': [],
}
const named = (ids: string[]) =>
  TITLES.filter(title => ids.includes(saves.get(title)!)).concat(
    ids.filter(id => ![...saves.values()].includes(id)),
  )

describe('a search', () => {
  test('of a list finds what it asks for, and counts it', async () => {
    const found: Record<string, string[]> = {}
    for (const query of Object.keys(TABLE)) {
      const { status, body } = await alice.get(`/v1/items?search=${encodeURIComponent(query)}`)
      expect([query, status, body.total]).toEqual([query, 200, body.items.length])
      found[query] = named(body.items.map(({ save }: { save: { id: string } }) => save.id))
    }
    expect(found).toEqual(TABLE)
  })

  test('that makes a collection finds the same', async () => {
    const found: Record<string, string[]> = {}
    for (const query of Object.keys(TABLE)) {
      const made = await alice.post('/v1/bookmark-categories', { name: `of ${query}`, query })
      expect([query, made.status]).toEqual([query, 201])
      const { body } = await alice.get(`/v1/bookmark-categories/${made.body.id}/bookmarks`)
      found[query] = named(body.bookmarks.map((it: { content_id: string }) => it.content_id))
    }
    expect(found).toEqual(TABLE)
  })

  test('by words and meaning is narrowed by what it asks of saves', async () => {
    const idsOf = async (q: string) => {
      const { status, body } = await alice.get(`/v1/search?mode=text&q=${encodeURIComponent(q)}`)
      expect([q, status]).toEqual([q, 200])
      return named(body.results.map(({ save_id }: { save_id: string }) => save_id))
    }
    expect(await idsOf('zoë tag:"slow food"')).toEqual([YEAST])
    expect(await idsOf('zoë -tag:"slow food"')).toEqual([])
    // Archived saves are found by it, too.
    expect(await idsOf('-has:tag')).toEqual([SOURDOUGH, TOKYO])
    const { body } = await alice.get(`/v1/search?q=${encodeURIComponent('is:archived')}`)
    expect(body).toMatchObject({ total: 1, mode: 'text' })
  })

  test('that cannot be read names its field, and says what would be right', async () => {
    const refusals = await Promise.all([
      alice.get('/v1/items?search=before:tomorrow'),
      alice.get('/v1/search?q=before:tomorrow'),
      alice.post('/v1/bookmark-categories', { name: 'Never', query: 'before:tomorrow' }),
    ])
    const msg = 'before: needs a day, such as before:2026-01-31'
    expect(
      refusals.map(({ status, body }) => [status, body.field_errors[0].loc, body.field_errors[0].msg]),
    ).toEqual([
      [422, ['query', 'search'], msg],
      [422, ['query', 'q'], msg],
      [422, ['body', 'query'], msg],
    ])
  })
})
