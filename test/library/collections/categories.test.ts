// Categories: made, listed, moved, deleted; smart ones; what becomes of their bookmarks.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove } from '../../support/app.ts'
import { type Collector, newCollector } from './collections.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'false' })
})
afterAll(() => trove.stop())

const NOBODY = '00000000-0000-7000-8000-000000000000'
const names = ({ body }: { body: { items: { name: string }[] } }) => body.items.map(({ name }) => name)
const titles = ({ body }: { body: { bookmarks: { content: { title: string } }[] } }) =>
  body.bookmarks.map(({ content }) => content.title)

describe('"Uncategorized"', () => {
  test('is there once for everybody who asks, and keeps its name and place', async () => {
    const who = await newCollector(trove)
    const lists = await Promise.all(Array.from({ length: 20 }, () => who.get('/v1/bookmark-categories')))
    const [{ id }] = lists[0]!.body.items
    expect(lists.map(({ body }) => [body.total, body.items[0].id])).toEqual(lists.map(() => [1, id]))
    const found: unknown[] = []
    for (const change of [
      { name: 'Other' },
      { parent_id: await who.category('Above') },
      { query: 'x' },
      { name: 'Uncategorized', color: '#0b6352', sort_index: 5 },
    ]) {
      const { status, body } = await who.put(`/v1/bookmark-categories/${id}`, change)
      found.push([status, body.error_code ?? body.color])
    }
    const gone = await who.remove(`/v1/bookmark-categories/${id}`)
    found.push([gone.status, gone.body.error_code])
    const stays = [422, 'UNCATEGORIZED_STAYS']
    expect(found).toEqual([stays, stays, stays, [200, '#0b6352'], stays])
    const twin = await who.post('/v1/bookmark-categories', { name: 'uncategorized' })
    expect([twin.status, twin.body.error_code]).toEqual([409, 'CATEGORY_NAME_TAKEN'])
  })

  test('is first, whatever the order', async () => {
    const who = await newCollector(trove)
    for (const [i, name] of ['beta', 'Alpha', 'gamma'].entries()) await who.category(name, { sort_index: -i })
    const found: Record<string, string> = {}
    for (const sort of ['sort_index', 'name', 'created_at', 'updated_at']) {
      for (const way of ['asc', 'desc']) {
        const list = await who.get(`/v1/bookmark-categories?sort_field=${sort}&sort_order=${way}`)
        found[`${sort} ${way}`] = names(list).join(' ')
      }
    }
    expect(found).toEqual({
      'sort_index asc': 'Uncategorized gamma Alpha beta',
      'sort_index desc': 'Uncategorized beta Alpha gamma',
      'name asc': 'Uncategorized Alpha beta gamma',
      'name desc': 'Uncategorized gamma beta Alpha',
      'created_at asc': 'Uncategorized beta Alpha gamma',
      'created_at desc': 'Uncategorized gamma Alpha beta',
      'updated_at asc': 'Uncategorized beta Alpha gamma',
      'updated_at desc': 'Uncategorized gamma Alpha beta',
    })
    const page = await who.get('/v1/bookmark-categories?skip=1&limit=2')
    expect([names(page), page.body.total, page.body.skip, page.body.limit]).toEqual([
      ['gamma', 'Alpha'],
      4,
      1,
      2,
    ])
  })
})

describe('a category', () => {
  test('has the seed’s fields, each within its bounds', async () => {
    const who = await newCollector(trove)
    const cover = await who.work('Cover', { source_type: 'auto' })
    const whole = {
      name: 'Nature Photography',
      description: 'My favorite nature photos',
      color: '#4CAF50',
      icon: 'nature',
      cover_content_id: cover,
      cover_content_source_type: 'auto',
      parent_id: null,
      sort_index: 7,
      is_public: false,
    }
    const { status, body, headers } = await who.post('/v1/bookmark-categories', whole)
    expect([status, headers.get('location')]).toEqual([201, `/v1/bookmark-categories/${body.id}`])
    expect(body).toMatchObject({
      ...whole,
      user_id: who.id,
      share_token: null,
      bookmark_count: 0,
      query: null,
    })
    expect((await who.get(`/v1/bookmark-categories/${body.id}`)).body).toEqual(body)
    const found: unknown[] = []
    for (const fields of [
      {},
      { name: ' ' },
      { name: 'x'.repeat(256) },
      { description: 'x'.repeat(501) },
      { color: 'green' },
      { color: '#4CAF5' },
      { icon: 'x'.repeat(65) },
      { sort_index: 1.5 },
      { sort_index: 2 ** 31 },
      { cover_content_id: cover },
      { parent_id: 'x' },
      { query: 'x'.repeat(501) },
    ]) {
      const answer = await who.post('/v1/bookmark-categories', {
        ...(Object.keys(fields).length > 0 ? { name: 'Good' } : {}),
        ...fields,
      })
      found.push([answer.status, answer.body.field_errors?.[0].loc[1]])
    }
    const fields = 'name name name description color color icon sort_index sort_index'.split(' ')
    expect(found).toEqual([...fields, 'cover_content_source_type', 'parent_id', 'query'].map(it => [422, it]))
    for (const [id, type] of [
      [cover, 'items'],
      [NOBODY, 'items'],
    ]) {
      const given = { name: 'Covered', cover_content_id: id, cover_content_source_type: type }
      const answer = await who.post('/v1/bookmark-categories', given)
      expect([answer.status, answer.body.error_code]).toEqual([404, 'CONTENT_NOT_FOUND'])
    }
    await trove.database.sql`delete from works where user_id = ${who.id}`
    const uncovered = (await who.get(`/v1/bookmark-categories/${body.id}`)).body
    expect([uncovered.cover_content_id, uncovered.cover_content_source_type]).toEqual([null, null])
  })

  test('has a name that no other one has under the same parent, whatever its case and accents', async () => {
    const who = await newCollector(trove)
    const [one, two] = [await who.category('Café'), await who.category('Other')]
    const found: unknown[] = []
    for (const body of [
      { name: 'CAFE' },
      { name: 'cafe', parent_id: one },
      { name: 'Cafe', parent_id: one },
    ]) {
      const answer = await who.post('/v1/bookmark-categories', body)
      found.push([answer.status, answer.body.error_code])
    }
    const renamed = await who.put(`/v1/bookmark-categories/${two}`, { name: 'cafÉ' })
    found.push([renamed.status, renamed.body.error_code])
    const taken = [409, 'CATEGORY_NAME_TAKEN']
    expect(found).toEqual([taken, [201, undefined], taken, taken])
    // However many letters one becomes.
    const long = await who.post('/v1/bookmark-categories', { name: '\ufdfa'.repeat(255) })
    expect(long.status).toBe(201)
  })

  test('is under no category that is under it, and at most sixteen deep', async () => {
    const who = await newCollector(trove)
    const chain: string[] = []
    for (let i = 0; i < 16; i++) chain.push(await who.category(`${i}`, { parent_id: chain.at(-1) ?? null }))
    const found: unknown[] = []
    const put = async (id: string, parent_id: string | null) => {
      const { status, body } = await who.put(`/v1/bookmark-categories/${id}`, { parent_id })
      found.push([status, body.error_code ?? body.parent_id])
    }
    await put(chain[0]!, chain[0]!)
    await put(chain[0]!, chain[15]!)
    await put(await who.category('One more'), chain[15]!)
    const pair = await who.category('Pair')
    await who.category('Of pair', { parent_id: pair })
    await put(pair, chain[14]!)
    await put(pair, chain[13]!)
    await put(pair, NOBODY)
    await put(pair, null)
    expect(found).toEqual([
      [409, 'CATEGORY_CYCLE'],
      [409, 'CATEGORY_CYCLE'],
      [422, 'CATEGORY_TOO_DEEP'],
      [422, 'CATEGORY_TOO_DEEP'],
      [200, chain[13]],
      [404, 'NOT_FOUND'],
      [200, null],
    ])
    const { items, total } = (await who.get('/v1/bookmark-categories/tree')).body
    let [depth, level] = [0, items.filter(({ name }: { name: string }) => name === '0')]
    for (; level.length > 0; depth++) level = level[0].children
    expect([depth, total]).toEqual([16, 20])
    const children = await who.get(`/v1/bookmark-categories/${chain[3]}/children`)
    expect([names(children), children.body.total]).toEqual([['4'], 1])
    expect(names(await who.get(`/v1/bookmark-categories?parent_id=${chain[3]}`))).toEqual(['4'])
  })

  test('makes no cycle with another, however many change places at once', async () => {
    const who = await newCollector(trove)
    const ids = await Promise.all(Array.from({ length: 6 }, (_, i) => who.category(`${i}`)))
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, i) =>
        who.put(`/v1/bookmark-categories/${ids[i % 6]}`, { parent_id: ids[(i * 5 + 1 + (i % 4)) % 6] }),
      ),
    )
    expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([])
    const { items, total } = (await who.get('/v1/bookmark-categories/tree')).body
    const count = (of: { children: never[] }[]): number =>
      of.reduce((sum, it) => sum + 1 + count(it.children), 0)
    // What is in a circle hangs under nothing.
    expect(count(items)).toBe(total)
  })
})

describe('a category that is deleted', () => {
  test('leaves its bookmarks where it is told, and its children beside the others', async () => {
    const who = await newCollector(trove)
    const [first, second, other] = [await who.category('X'), await who.category('Y'), await who.category('Z')]
    const child = await who.category('Z', { parent_id: first })
    const same = await who.category('X', { parent_id: first })
    const [both, alone] = [await who.bookmark('both', first), await who.bookmark('alone', first)]
    await who.post(`/v1/bookmarks/${both}/categories`, { category_id: other })
    const path = `/v1/bookmark-categories/${first}`
    const refused: unknown[] = []
    for (const query of [
      `target_category_id=${first}`,
      `target_category_id=${other}&delete_all=true`,
      `target_category_id=${NOBODY}`,
      `target_category_id=${await who.category('Smart', { query: 'x' })}`,
    ]) {
      const { status, body } = await who.remove(`${path}?${query}`)
      refused.push([status, body.error_code])
    }
    const invalid = [422, 'VALIDATION_ERROR']
    expect(refused).toEqual([invalid, invalid, [404, 'NOT_FOUND'], [422, 'SMART_CATEGORY']])

    const moved = await who.remove(`${path}?target_category_id=${second}`)
    expect([moved.status, moved.body]).toMatchObject([200, { moved: 2, deleted: 0 }])
    expect((await who.get(path)).status).toBe(404)
    const orphans = await Promise.all([child, same].map(id => who.get(`/v1/bookmark-categories/${id}`)))
    expect(orphans.map(({ body }) => [body.name, body.parent_id])).toEqual([
      ['Z (2)', null],
      ['X', null],
    ])
    const inSecond = `/v1/bookmark-categories/${second}/bookmarks?sort_field=position&sort_order=asc`
    expect(titles(await who.get(inSecond))).toEqual(['both', 'alone'])

    // The one that is in another one, too, needs no other place.
    const fallen = await who.remove(`/v1/bookmark-categories/${second}`)
    expect(fallen.body).toMatchObject({ moved: 1, deleted: 0 })
    const uncategorized = await who.uncategorized()
    expect(titles(await who.get(`/v1/bookmark-categories/${uncategorized}/bookmarks`))).toEqual(['alone'])

    const all = await who.remove(`/v1/bookmark-categories/${other}?delete_all=true`)
    expect(all.body).toMatchObject({ moved: 0, deleted: 1 })
    expect((await who.get(`/v1/bookmarks/${both}`)).status).toBe(404)
    expect((await who.get(`/v1/bookmarks/${alone}`)).status).toBe(200)
  })

  test('loses no bookmark, while others are put into it and taken out', async () => {
    const who = await newCollector(trove)
    const ids: string[] = []
    for (let i = 0; i < 10; i++) ids.push(await who.bookmark(`${i}`))
    const categories: string[] = []
    for (let i = 0; i < 8; i++) categories.push(await who.category(`C${i}`))
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, i) => {
        const category_id = categories[(i * 3) % 8]!
        const bookmark = ids[i % 10]!
        if (i % 10 === 9) return who.remove(`/v1/bookmark-categories/${category_id}`)
        if (i % 10 === 8) return who.remove(`/v1/bookmarks/${bookmark}/categories/${category_id}`)
        return who.post(`/v1/bookmarks/${bookmark}/categories`, { category_id })
      }),
    )
    expect(answers.filter(({ status }) => ![200, 201, 204, 404].includes(status))).toEqual([])
    const [found] = await trove.database.sql<{ placed: number; left: number }[]>`
      select count(distinct m.bookmark_id) as placed, count(distinct b.id) as left
      from bookmarks b
      left join bookmark_memberships m on m.user_id = b.user_id and m.bookmark_id = b.id
      where b.user_id = ${who.id} and b.deleted_at is null`
    expect(found).toEqual({ placed: 10, left: 10 })
  })
})

describe('a smart category', () => {
  let who: Collector
  let smart: string
  beforeAll(async () => {
    who = await newCollector(trove)
    smart = await who.category('Bread', { query: 'bread' })
  })
  const save = async (video: string, title: string) => {
    const { body } = await who.post('/v1/items', { url: `https://youtu.be/${video}` })
    await trove.database.sql`
      update user_content_saves set title = ${title}, status = 'READY' where id = ${body.save.id}`
    return body.save.id as string
  }

  test('holds what its query finds, by itself, bookmarked or not', async () => {
    expect((await who.get(`/v1/bookmark-categories/${smart}`)).body.bookmark_count).toBe(0)
    const plain = await save('smartbread1', 'Bread from Rome')
    const marked = await save('smartbread2', 'Sourdough bread')
    await save('smartbread3', 'A bicycle')
    const { body } = await who.post('/v1/bookmarks', { content_id: marked, pinned: true })
    const path = `/v1/bookmark-categories/${smart}/bookmarks`
    const list = (await who.get(`${path}?sort_field=title&sort_order=asc`)).body
    expect([list.total, list.category.bookmark_count]).toEqual([2, 2])
    expect(list.bookmarks.map(({ id, content_id, pinned }: never) => [id, content_id, pinned])).toEqual([
      [null, plain, false],
      [body.id, marked, true],
    ])
    expect((await who.get(`/v1/bookmarks?category_id=${smart}&pinned=true`)).body.total).toBe(1)
    await who.send('PATCH', `/v1/items/${plain}`, {
      body: '{"is_archived": true}',
      headers: { 'content-type': 'application/json' },
    })
    expect((await who.get(path)).body.total).toBe(1)
    const tree = (await who.get('/v1/bookmark-categories/tree')).body.items
    expect(tree.map(({ name, bookmark_count }: never) => [name, bookmark_count])).toEqual([
      ['Uncategorized', 1],
      ['Bread', 1],
    ])
  })

  test('has no members', async () => {
    const full = await who.category('Full')
    const id = await who.bookmark('Member', full)
    const found: unknown[] = []
    for (const answer of [
      await who.post(`/v1/bookmarks/${id}/categories`, { category_id: smart }),
      await who.put(`/v1/bookmark-categories/${full}`, { query: 'bread' }),
    ]) {
      found.push([answer.status, answer.body.error_code])
    }
    expect(found).toEqual([
      [422, 'SMART_CATEGORY'],
      [422, 'SMART_CATEGORY'],
    ])
    expect((await who.put(`/v1/bookmark-categories/${smart}`, { query: null })).body.query).toBeNull()
    expect((await who.post(`/v1/bookmarks/${id}/categories`, { category_id: smart })).status).toBe(201)
  })
})
