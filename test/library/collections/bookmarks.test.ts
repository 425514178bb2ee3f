// Bookmarks: made, listed, changed, deleted and back; in categories, where they have a place.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import emptyTrashes from '../../../jobs/empty-trash.ts'
import { dropDeletedBookmarks } from '../../../src/library/collections/bookmarks/store.ts'
import { startTrove, type Trove } from '../../support/app.ts'
import { type Collector, newCollector } from './collections.ts'

let trove: Trove
let alice: Collector
let bob: Collector
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'false' })
  ;[alice, bob] = [await newCollector(trove), await newCollector(trove)]
})
afterAll(() => trove.stop())

const NOBODY = '00000000-0000-7000-8000-000000000000'

const save = async (who: Collector, video: string): Promise<string> =>
  (await who.post('/v1/items', { url: `https://youtu.be/${video}` })).body.save.id

const titles = ({ body }: { body: { items: { content: { title: string } }[] } }) =>
  body.items.map(({ content }) => content.title)

describe('a bookmark', () => {
  test('is of a save, a work or a generated work of one’s own, once', async () => {
    const [saved, written, made, others] = [
      await save(alice, 'bookmarked1'),
      await alice.work('Written'),
      await alice.work('Generated', { source_type: 'auto' }),
      await bob.work('Bob’s', { is_public: true }),
    ]
    const found: unknown[] = []
    for (const body of [
      { content_id: saved },
      { content_id: saved.toUpperCase(), note: 'again' },
      { content_id: written, content_source_type: 'auto' },
      { content_id: written, content_source_type: 'items', note: '  ', pinned: true },
      { content_id: made, is_public: true },
      { content_id: others },
      { content_id: NOBODY },
      { content_id: made, content_source_type: 'both' },
      { content_id: made, note: 'x'.repeat(2001) },
      { content: made },
    ]) {
      const answer = await alice.post('/v1/bookmarks', body)
      const { content_source_type, note, pinned, is_public, content, error_code } = answer.body
      found.push([answer.status, error_code ?? [content_source_type, note, pinned, is_public, content.title]])
    }
    expect(found).toEqual([
      [201, ['items', null, false, false, null]],
      [409, 'BOOKMARK_EXISTS'],
      [404, 'CONTENT_NOT_FOUND'],
      [201, ['items', null, true, false, 'Written']],
      [201, ['auto', null, false, true, 'Generated']],
      [404, 'CONTENT_NOT_FOUND'],
      [404, 'CONTENT_NOT_FOUND'],
      [422, 'VALIDATION_ERROR'],
      [422, 'VALIDATION_ERROR'],
      [422, 'VALIDATION_ERROR'],
    ])
    const { body } = await alice.get('/v1/bookmarks?pinned=true')
    expect(body).toMatchObject({
      total: 1,
      skip: 0,
      limit: 100,
      items: [{ user_id: alice.id, content_id: written, content: { id: written, title: 'Written' } }],
    })
  })

  test('is deleted from everywhere, and comes back with its id, its note and its categories', async () => {
    const who = await newCollector(trove)
    const category = await who.category('Kept')
    const content_id = await who.work('Once')
    const { body } = await who.post('/v1/bookmarks', { content_id, note: 'why', pinned: true })
    await who.post(`/v1/bookmarks/${body.id}/categories`, { category_id: category })
    expect((await who.remove(`/v1/bookmarks/${body.id}`)).status).toBe(204)
    const paths = [`/v1/bookmarks/${body.id}`, `/v1/bookmarks/${body.id}/categories`]
    for (const path of paths) expect((await who.get(path)).status).toBe(404)
    expect((await who.remove(paths[0]!)).status).toBe(404)
    expect((await who.put(paths[0]!, { note: 'x' })).status).toBe(404)
    expect((await who.post(paths[1]!, { category_id: category })).status).toBe(404)
    expect((await who.get('/v1/bookmarks')).body.total).toBe(0)
    expect((await who.get(`/v1/bookmark-categories/${category}`)).body.bookmark_count).toBe(0)
    expect((await who.get(`/v1/bookmark-categories/${category}/bookmarks`)).body.bookmarks).toEqual([])

    const again = await who.post('/v1/bookmarks', { content_id, pinned: false })
    expect([again.status, again.body]).toMatchObject([201, { id: body.id, note: 'why', pinned: false }])
    const { items } = (await who.get(paths[1]!)).body
    expect(items.map((it: { category: { name: string } }) => it.category.name)).toEqual(['Kept'])
  })

  test('that was deleted long ago is dropped for good, so many at once', async () => {
    const who = await newCollector(trove)
    const ids = [await who.bookmark('1'), await who.bookmark('2'), await who.bookmark('3')]
    for (const id of ids.slice(0, 2)) await who.remove(`/v1/bookmarks/${id}`)
    const { sql } = trove.database
    await sql`
      update bookmarks
      set deleted_at = now() - interval '40 days'
      where user_id = ${who.id} and deleted_at is not null`
    expect(await dropDeletedBookmarks(sql, 50, 10)).toBe(0)
    expect(await dropDeletedBookmarks(sql, 30, 1)).toBe(1)
    await emptyTrashes.run([{}], trove.context)
    const left = await sql`select id from bookmarks where user_id = ${who.id}`
    expect(left.map(({ id }) => id)).toEqual([ids[2]])
  })

  test('goes with what it is of, and comes back with it, to what is left of its categories', async () => {
    const who = await newCollector(trove)
    const saved = await save(who, 'goesaway111')
    const { body } = await who.post('/v1/bookmarks', { content_id: saved, note: 'kept' })
    await who.bookmark('Stays')
    const [kept, gone] = [await who.category('Kept'), await who.category('Gone')]
    const path = `/v1/bookmarks/${body.id}/categories`
    const names = async () =>
      (await who.get(path)).body.items.map((it: { category: { name: string } }) => it.category.name)
    for (const category_id of [kept, gone]) await who.post(path, { category_id })
    const before = (await who.get(`/v1/bookmarks/${body.id}`)).body
    await who.remove(`/v1/items/${saved}`)
    expect(titles(await who.get('/v1/bookmarks'))).toEqual(['Stays'])
    expect((await who.get(`/v1/bookmark-categories/${kept}`)).body.bookmark_count).toBe(0)
    await who.post(`/v1/trash/${saved}/restore`)
    expect((await who.get(`/v1/bookmarks/${body.id}`)).body).toEqual(before)
    expect(await names()).toEqual(['Kept', 'Gone'])

    await who.remove(`/v1/items/${saved}`)
    await who.remove(`/v1/bookmark-categories/${gone}`)
    await who.post(`/v1/trash/${saved}/restore`)
    expect(await names()).toEqual(['Kept'])
    await who.remove(`/v1/items/${saved}`)
    await who.remove(`/v1/bookmark-categories/${kept}`)
    await who.post(`/v1/trash/${saved}/restore`)
    expect(await names()).toEqual(['Uncategorized'])
  })

  test('is no cause for anybody to wait in vain, when saves, bookmarks and categories go at once', async () => {
    const who = await newCollector(trove)
    const category_id = await who.category('Goes')
    const made = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const saved = await save(who, `goesatonce${String.fromCharCode(97 + i)}`)
        const { body } = await who.post('/v1/bookmarks', { content_id: saved })
        await who.post(`/v1/bookmarks/${body.id}/categories`, { category_id })
        return { saved, id: body.id as string }
      }),
    )
    const answers = await Promise.all([
      ...made.flatMap(({ saved, id }) => [
        who.remove(`/v1/items/${saved}`),
        who.remove(`/v1/bookmarks/${id}`),
        who.put(`/v1/bookmarks/${id}/categories/${category_id}/position`, { position: 0 }),
      ]),
      who.remove(`/v1/bookmark-categories/${category_id}?delete_all=true`),
    ])
    expect(answers.filter(({ status }) => ![200, 204, 404].includes(status))).toEqual([])
    expect((await who.get('/v1/bookmarks')).body.total).toBe(0)
  })

  test('of a save that turns out to be of another’s page is that one’s', async () => {
    const who = await newCollector(trove)
    const { sql } = trove.database
    const [gone, kept] = [await save(who, 'joined11111'), await save(who, 'joined22222')]
    const cover = { cover_content_id: gone, cover_content_source_type: 'items' }
    const category = await who.category('Kept', cover)
    const { body } = await who.post('/v1/bookmarks', { content_id: gone, note: 'mine' })
    await who.post(`/v1/bookmarks/${body.id}/categories`, { category_id: category })
    const { joinBookmarks } = await import('../../../src/library/collections/bookmarks/store.ts')
    await joinBookmarks(sql, who.id, gone, kept)
    expect((await who.get(`/v1/bookmarks/${body.id}`)).body.content_id).toBe(kept)
    expect((await who.get(`/v1/bookmark-categories/${category}`)).body.cover_content_id).toBe(kept)

    const other = await save(who, 'joined33333')
    const second = await who.post('/v1/bookmarks', { content_id: other, pinned: true })
    await joinBookmarks(sql, who.id, kept, other)
    await who.remove(`/v1/items/${kept}`)
    expect((await who.get(`/v1/bookmarks/${second.body.id}`)).body).toMatchObject({
      note: 'mine',
      pinned: true,
    })
    const { bookmarks } = (await who.get(`/v1/bookmark-categories/${category}/bookmarks`)).body
    expect(bookmarks.map(({ id }: { id: string }) => id)).toEqual([second.body.id])
  })
})

describe('a list of bookmarks', () => {
  test('has the seed’s orders, without a value last in either direction', async () => {
    const who = await newCollector(trove)
    const { sql } = trove.database
    const rows = [
      ['b', 0.5, null, 1],
      ['A', null, 4.5, 2],
      ['“c”', 0.9, 2, 3],
      ['d', 0.1, null, 4],
    ] as const
    for (const [title, quality_score, rating, day] of rows) {
      const created_at = `2026-01-0${day}T00:00:00.000Z`
      const content_id = await who.work(title, { quality_score, created_at })
      await who.post('/v1/bookmarks', { content_id })
      if (rating) {
        await sql`insert into content_ratings (user_id, content_id, rating) values (${who.id}, ${content_id}, ${rating})`
        // What somebody else thinks of it is not shown.
        await sql`insert into content_ratings (user_id, content_id, rating) values (${bob.id}, ${content_id}, 1)`
      }
    }
    const order = async (query: string) => titles(await who.get(`/v1/bookmarks?${query}`)).join(' ')
    const found: Record<string, string> = {}
    for (const sort of ['user_rating_then_created', 'user_rating', 'quality_score', 'created', 'title']) {
      for (const way of ['asc', 'desc'])
        found[`${sort} ${way}`] = await order(`sort_field=${sort}&sort_order=${way}`)
    }
    expect(found).toEqual({
      'user_rating_then_created asc': '“c” A b d',
      'user_rating_then_created desc': 'A “c” d b',
      'user_rating asc': '“c” A b d',
      'user_rating desc': 'A “c” d b',
      'quality_score asc': 'd b “c” A',
      'quality_score desc': '“c” b d A',
      'created asc': 'b A “c” d',
      'created desc': 'd “c” A b',
      'title asc': 'A b “c” d',
      'title desc': 'd “c” b A',
    })
    expect(await order('')).toBe('A “c” d b')
    expect(await order('sort_by=title&sort_order=asc&skip=1&limit=2')).toBe('b “c”')
    expect(await order('sort_by=title&sort_field=title&offset=3&skip=3')).toBe('A')
    const { body } = await who.get('/v1/bookmarks?limit=1&include_content=false')
    expect(body).toMatchObject({ total: 4, limit: 1, items: [{ content: null, user_rating: 4.5 }] })
  })

  test.each([
    'sort_by=title&sort_field=created',
    'skip=1&offset=2',
    'limit=0',
    'limit=1001',
    'skip=-1',
    'sort_field=rating',
    'pinned=maybe',
    'category_id=1',
    'categoryid=1',
  ])('is refused ?%s', async query => {
    const { status, body } = await alice.get(`/v1/bookmarks?${query}`)
    expect([status, body.field_errors[0].loc[0]]).toEqual([422, 'query'])
  })
})

describe('a place in a category', () => {
  const order = async (who: Collector, category: string) => {
    const path = `/v1/bookmark-categories/${category}/bookmarks?sort_field=position&sort_order=asc`
    return (await who.get(path)).body.bookmarks.map(({ id }: { id: string }) => id)
  }

  test('is after all others, or where it is put; the others keep their order', async () => {
    const who = await newCollector(trove)
    const category = await who.category('Ordered')
    const ids: string[] = []
    for (const title of ['a', 'b', 'c', 'd', 'e']) ids.push(await who.bookmark(title, category))
    const [a, b, c, d, e] = ids as [string, string, string, string, string]
    expect(await order(who, category)).toEqual(ids)
    const move = async (id: string, position: number) =>
      (await who.put(`/v1/bookmarks/${id}/categories/${category}/position`, { position })).body.position
    expect(await move(d, 1)).toBe(1)
    expect(await order(who, category)).toEqual([a, d, b, c, e])
    expect(await move(a, 999)).toBe(4)
    expect(await order(who, category)).toEqual([d, b, c, e, a])
    await who.remove(`/v1/bookmarks/${b}`)
    const f = await who.bookmark('f')
    const path = `/v1/bookmarks/${f}/categories`
    expect((await who.post(path, { category_id: category, position: 2 })).body.position).toBe(2)
    const again = await who.post(path, { category_id: category })
    expect([again.status, again.body.position]).toEqual([201, 2])
    expect(await order(who, category)).toEqual([d, c, f, e, a])
    expect((await who.put(`${path}/${category}/position`, { position: -1 })).status).toBe(422)
  })

  test('stays another one for each, however many move at once', async () => {
    const who = await newCollector(trove)
    const category = await who.category('Busy')
    const ids: string[] = []
    for (let i = 0; i < 8; i++) ids.push(await who.bookmark(`${i}`, category))
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, i) =>
        who.put(`/v1/bookmarks/${ids[i % 8]}/categories/${category}/position`, { position: (i * 5) % 8 }),
      ),
    )
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    const positions = await Promise.all(
      ids.map(async id => (await who.get(`/v1/bookmarks/${id}/categories`)).body.items[0].position),
    )
    expect(positions.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    const kept = await trove.database.sql`
      select distinct position from bookmark_memberships where category_id = ${category}`
    expect(kept).toHaveLength(8)
  })

  test('is in "Uncategorized" exactly as long as there is no other', async () => {
    const who = await newCollector(trove)
    const [one, two] = [await who.category('One'), await who.category('Two')]
    const id = await who.bookmark('Moves')
    const names = async () =>
      (await who.get(`/v1/bookmarks/${id}/categories`)).body.items.map(
        ({ category }: { category: { name: string } }) => category.name,
      )
    expect(await names()).toEqual(['Uncategorized'])
    await who.post(`/v1/bookmarks/${id}/categories`, { category_id: one })
    await who.post(`/v1/bookmarks/${id}/categories`, { category_id: two })
    expect(await names()).toEqual(['One', 'Two'])
    expect((await who.remove(`/v1/bookmarks/${id}/categories/${one}`)).status).toBe(204)
    expect((await who.remove(`/v1/bookmarks/${id}/categories/${one}`)).status).toBe(404)
    expect(await names()).toEqual(['Two'])
    expect((await who.remove(`/v1/bookmarks/${id}/categories/${two}`)).status).toBe(204)
    expect(await names()).toEqual(['Uncategorized'])
  })
})

test('eighty who bookmark one thing at once make one bookmark of it', async () => {
  const who = await newCollector(trove)
  const content_id = await who.work('Wanted')
  const answers = await Promise.all(
    Array.from({ length: 80 }, () => who.post('/v1/bookmarks', { content_id })),
  )
  const statuses = Map.groupBy(answers, ({ status }) => status)
  expect([statuses.get(201)?.length, statuses.get(409)?.length]).toEqual([1, 79])
  const { body } = await who.get('/v1/bookmark-categories')
  expect(body.items.map(({ name, bookmark_count }: never) => [name, bookmark_count])).toEqual([
    ['Uncategorized', 1],
  ])
})

test('another’s bookmarks and categories are not there, and another user is not to be named', async () => {
  const [hers, category] = [await alice.bookmark('Hers'), await alice.category('Hers')]
  const his = await bob.bookmark('His')
  const found: Record<string, number> = {}
  for (const [method, path, body] of [
    ['GET', `/v1/bookmarks/${hers}`],
    ['PUT', `/v1/bookmarks/${hers}`, { note: 'x' }],
    ['DELETE', `/v1/bookmarks/${hers}`],
    ['GET', `/v1/bookmarks/${hers}/categories`],
    ['POST', `/v1/bookmarks/${hers}/categories`, { category_id: category }],
    ['POST', `/v1/bookmarks/${his}/categories`, { category_id: category }],
    ['GET', `/v1/bookmarks?category_id=${category}`],
    ['GET', `/v1/bookmark-categories/${category}`],
    ['PUT', `/v1/bookmark-categories/${category}`, { name: 'x' }],
    ['GET', `/v1/bookmark-categories/${category}/children`],
    ['GET', `/v1/bookmark-categories/${category}/bookmarks`],
    ['DELETE', `/v1/bookmark-categories/${await bob.category('His')}?target_category_id=${category}`],
    ['DELETE', `/v1/bookmark-categories/${category}`],
    ['POST', `/v1/bookmark-categories/${category}/share/rotate`],
    ['POST', '/v1/bookmark-categories', { name: 'Under hers', parent_id: category }],
    ['GET', `/v1/bookmarks?user_id=${alice.id}`],
    ['POST', `/v1/bookmarks?user_id=${alice.id}`, { content_id: NOBODY }],
    ['GET', `/v1/bookmark-categories?user_id=${alice.id}`],
    ['GET', `/v1/bookmark-categories/tree?user_id=${alice.id}`],
    ['GET', `/v1/bookmark-categories/${category}/children?user_id=${alice.id}`],
    ['GET', `/v1/bookmark-categories/${category}/bookmarks?user_id=${alice.id}`],
    ['POST', `/v1/bookmark-categories?user_id=${alice.id}`, { name: 'x' }],
  ] as const) {
    const answer = await bob.send(method, path, {
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    })
    found[`${method} ${path}`] = answer.status
  }
  const wrong = Object.entries(found).filter(
    ([path, status]) => status !== (path.includes('user_id=') ? 403 : 404),
  )
  expect(wrong).toEqual([])
  for (const path of ['/v1/bookmarks', '/v1/bookmark-categories']) {
    expect((await bob.get(`${path}?user_id=${bob.id.toUpperCase()}`)).status).toBe(200)
  }
})

test('an admin reads and adds to the collections of whom they name', async () => {
  const [admin, who] = [await newCollector(trove), await newCollector(trove)]
  await trove.database.sql`update users set role = 'admin' where id = ${admin.id}`
  const content_id = await who.work('Theirs')
  const made = await admin.post(`/v1/bookmarks?user_id=${who.id}`, { content_id })
  expect([made.status, made.body.user_id]).toEqual([201, who.id])
  const category = await admin.post(`/v1/bookmark-categories?user_id=${who.id}`, { name: 'For them' })
  expect([category.status, category.body.user_id]).toEqual([201, who.id])
  expect(titles(await admin.get(`/v1/bookmarks?user_id=${who.id}`))).toEqual(['Theirs'])
  expect((await admin.get(`/v1/bookmark-categories?user_id=${who.id}`)).body.total).toBe(2)
  expect((await admin.get('/v1/bookmarks')).body.total).toBe(0)
  for (const [path, body] of [
    ['/v1/bookmark-categories', { name: 'x' }],
    ['/v1/bookmarks', { content_id }],
  ] as const) {
    const nobody = await admin.post(`${path}?user_id=${NOBODY}`, body)
    expect([nobody.status, nobody.body.detail]).toEqual([404, 'User not found'])
  }
})
