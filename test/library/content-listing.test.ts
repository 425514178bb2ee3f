// The one listing, held against what a plain filter and a plain sort make of the same rows.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Client, clientOf, startTrove, type Trove } from '../support/app.ts'
import { addUser } from '../support/token.ts'
import { type ContentRow, insertContent } from './content-rows.ts'

const ROWS = 240

interface Person extends Client {
  id: string
  token: string
}

let trove: Trove
let alice: Person
let bob: Person
let carol: Person
let root: Person
const rows: ContentRow[] = []
/** What alice thinks of it, by id. */
const ratings = new Map<string, number>()

async function addPerson(): Promise<Person> {
  const user = await addUser(trove.database.sql, trove.context.config.JWT_SECRET_KEY!)
  const client = clientOf(request => trove.handle(request), { authorization: `Bearer ${user.token}` })
  return { ...client, ...user }
}

beforeAll(async () => {
  trove = await startTrove()
  ;[alice, bob, carol, root] = [await addPerson(), await addPerson(), await addPerson(), await addPerson()]
  await trove.database.sql`update users set role = 'admin' where id = ${root.id}`
  const owners = [alice.id, alice.id, bob.id, carol.id]
  for (let n = 0; n < ROWS; n++) {
    const kind = n % 3 === 0 ? 'save' : 'work'
    const content_type = kind === 'save' ? 'link' : ['text', 'image', 'video', 'link'][n % 4]!
    rows.push({
      id: crypto.randomUUID(),
      owner: owners[(n * 7) % 4]!,
      kind,
      content_type,
      source_type: kind === 'work' && n % 2 === 0 ? 'auto' : 'regular',
      // Many are equal in each of the keys.
      title: kind === 'save' && n % 5 === 0 ? null : `${['apple', 'brick', 'cloud'][n % 3]} pie ${n % 11}`,
      created_at: new Date(Date.UTC(2026, 0, 1) + (n % 40) * 60_000).toJSON(),
      updated_at: new Date(Date.UTC(2026, 1, 1) + ((n * 13) % 40) * 60_000).toJSON(),
      quality_score: n % 4 === 0 ? null : (n % 8) / 8,
      is_public: n % 5 < 3,
      is_nsfw: kind === 'work' && n % 7 === 0,
      is_approved: kind === 'work' && n % 4 === 1,
      is_archived: kind === 'save' && n % 9 === 0,
      tags: [...(n % 4 === 0 ? ['Straße'] : []), ...(n % 6 === 0 ? ['red'] : [])],
      generation_settings: kind === 'work' && n % 10 === 1 ? { steps: n % 20, size: { w: 8 } } : null,
    })
  }
  await insertContent(trove.database.sql, rows)
  for (const [n, { id }] of rows.entries()) if (n % 3 === 1) ratings.set(id, 1 + (n % 9) / 2)
  await trove.database.sql`
    insert into content_ratings (user_id, content_id, rating)
    select ${alice.id}, id, rating
    from jsonb_to_recordset(${trove.database.sql.json([...ratings].map(([id, rating]) => ({ id, rating })))})
      as r (id uuid, rating numeric)`
})
afterAll(() => trove.stop())

const sourceOf = ({ owner, source_type }: ContentRow, of = alice.id) =>
  `${owner === of ? 'user' : 'community'}-${source_type}`
const isListed = (row: ContentRow, of = alice.id, withNsfw = false) =>
  !row.is_archived && (row.owner === of || (row.is_public && (withNsfw || !row.is_nsfw)))

/** What is listed, in the order in which it was made. */
const listed = (filter: (row: ContentRow) => boolean = () => true, withNsfw = false) =>
  sort(
    rows.filter(row => isListed(row, alice.id, withNsfw) && filter(row)),
    'created_at',
    'desc',
  )

function sort(some: ContentRow[], field: string, order: string): string[] {
  const keyOf = (row: ContentRow) =>
    field === 'user_rating' ? (ratings.get(row.id) ?? null) : (row[field as 'title'] ?? null)
  const way = order === 'asc' ? 1 : -1
  const compare = (a: unknown, b: unknown) => (a === b ? 0 : (a as number) < (b as number) ? -way : way)
  // Of titles, 9 comes before 10.
  const comparable = (key: string | number | null) =>
    typeof key === 'string' ? key.replace(/\d+$/, digits => digits.padStart(3, '0')) : key
  return some
    .toSorted((a, b) => {
      const [x, y] = [comparable(keyOf(a)), comparable(keyOf(b))]
      if ((x === null) !== (y === null)) return x === null ? 1 : -1
      return compare(x, y) || compare(a.id, b.id)
    })
    .map(({ id }) => id)
}

const idsOf = ({ body }: { body: { items: { id: string }[] } }) => body.items.map(({ id }) => id)
const list = (query: string, who: Client = alice) => who.get(`/v1/content/unified?page_size=1000&${query}`)

test('each of the 16 sets of sources, and each older spelling, lists what it says', async () => {
  const names = ['user-regular', 'user-auto', 'community-regular', 'community-auto']
  const sets = Array.from({ length: 16 }, (_, bits) => names.filter((_, at) => bits & (1 << at)))
  const asked: [string, string[]][] = [
    ...sets.map((set): [string, string[]] => [
      set.map(name => `content_source_types=${name}`).join('&') || 'content_source_types=',
      set,
    ]),
    ['', names],
    ['content_types=regular,auto&creator_filter=all', names],
    ...['user', 'community'].flatMap(who => [
      [`creator_filter=${who}`, names.filter(name => name.startsWith(who))] as [string, string[]],
      ...['regular', 'auto'].map((type): [string, string[]] => [
        `content_types=${type}&creator_filter=${who}`,
        [`${who}-${type}`],
      ]),
    ]),
    ['content_types=auto', ['user-auto', 'community-auto']],
    ['content_types=', []],
    // The newer one wins.
    ['content_source_types=user-auto&content_types=regular&creator_filter=community', ['user-auto']],
    ['content_source_types=&creator_filter=all', []],
    ['content_source_types=&content_source_types=user-regular', ['user-regular']],
    ['source_type=auto&creator_filter=user', ['user-auto']],
  ]
  const count = (source: string) => listed(row => sourceOf(row) === source).length
  const stats = {
    user_regular_count: count('user-regular'),
    user_auto_count: count('user-auto'),
    community_regular_count: count('community-regular'),
    community_auto_count: count('community-auto'),
  }
  expect(Math.min(...Object.values(stats))).toBeGreaterThan(5)
  const got: unknown[] = []
  for (const [query] of asked) {
    const answer = await list(`${query}&user_id=${alice.id}`)
    got.push([query, idsOf(answer), answer.body.pagination.total_count, answer.body.stats])
  }
  expect(got).toEqual(
    asked.map(([query, set]) => {
      const ids = listed(row => set.includes(sourceOf(row)))
      return [query, ids, ids.length, stats]
    }),
  )
})

test('each filter leaves what it says', async () => {
  const { sql } = trove.database
  await sql`update user_content_saves set raw_share_text = 'apple' where user_id = ${bob.id}`
  const isOwn = ({ owner }: ContentRow) => owner === alice.id
  const cases: [string, (row: ContentRow) => boolean, boolean?][] = [
    ['content_type=text', row => row.content_type === 'text'],
    ['content_type=link', row => row.content_type === 'link'],
    ['source_type=auto', row => row.source_type === 'auto'],
    ['is_approved=true', row => row.is_approved],
    ['is_approved=false', row => !row.is_approved],
    ['is_nsfw=true', () => true, true],
    ['is_nsfw=false', () => true],
    ['public_only=true', row => row.is_public],
    ['min_quality_score=0.5', row => (row.quality_score ?? -1) >= 0.5],
    [`creator_id=${alice.id}`, isOwn],
    [`creator_id=${bob.id}`, row => row.owner === bob.id],
    [`creator_id=${bob.id}&is_nsfw=true`, row => row.owner === bob.id, true],
    ['search_term=APPLE', row => row.title?.startsWith('apple') === true],
    ['search_term=e%20pie%201', row => /e pie 1/.test(row.title ?? '')],
    ['search_term=%25', () => false],
    ['search_term=_', () => false],
    ['tag=STRASSE', row => row.tags.includes('Straße')],
    ['tag=red&tag_names=stra%C3%9Fe', row => row.tags.length > 0],
    ['tag=red&tag=straße&tag_match=all', row => row.tags.length === 2],
    ['tag=red&tag=RED&tag_match=all', row => row.tags.includes('red')],
    ['tag=red&tag=nothing&tag_match=all', () => false],
    ['metadata={"size":{"w":8}}', row => row.generation_settings !== null],
    ['metadata={"steps":11}', row => row.generation_settings?.steps === 11],
    [`character_id=${crypto.randomUUID()}`, () => false],
    [
      'content_type=image&public_only=true&min_quality_score=0.2&search_term=pie',
      row => row.content_type === 'image' && row.is_public && (row.quality_score ?? -1) >= 0.2,
    ],
  ]
  const got: unknown[] = []
  for (const [query] of cases) {
    const answer = await list(query)
    got.push([query, idsOf(answer), answer.body.pagination.total_count])
  }
  expect(got).toEqual(
    cases.map(([query, filter, withNsfw]) => {
      const ids = listed(filter, withNsfw)
      return [query, ids, ids.length]
    }),
  )
})

test('each address lists what its name says, in its order', async () => {
  const all = rows.filter(row => isListed(row))
  const search = await alice.post('/v1/content/search', {
    search_term: 'apple',
    tag: ['red'],
    page_size: 1000,
    sort_field: 'title',
    sort_order: 'asc',
  })
  const got: Record<string, string[]> = { search: idsOf(search) }
  const wanted: Record<string, string[]> = {
    search: sort(
      all.filter(row => row.title?.startsWith('apple') && row.tags.includes('red')),
      'title',
      'asc',
    ),
    '/content': listed(),
    '/content/enhanced': listed(),
    '/content/recent': listed(),
    '/content/top-rated': sort(all, 'quality_score', 'desc'),
    '/content/public': listed(row => row.is_public),
    '/content-auto/enhanced': listed(row => row.source_type === 'auto'),
    '/content/by-type/video': listed(row => row.content_type === 'video'),
    [`/content/by-creator/${carol.id}`]: listed(row => row.owner === carol.id),
    [`/content/by-creator/${alice.id}`]: listed(row => row.owner === alice.id),
  }
  for (const path of Object.keys(wanted).slice(1)) {
    got[path] = idsOf(await alice.get(`/api/v1${path}?page_size=1000`))
  }
  expect(got).toEqual(wanted)
})

/** All pages of a list from `start` on, by one of its cursors. */
async function walk(path: string, cursor: 'next_cursor' | 'prev_cursor', start = '') {
  const pages: string[][] = []
  let at = start
  let last = ''
  for (;;) {
    const answer = await alice.get(`${path}${at ? `&cursor=${at}` : ''}`)
    expect(answer.status).toBe(200)
    pages.push(idsOf(answer))
    last = at
    const { pagination } = answer.body
    expect(pagination.has_next).toBe(pagination.next_cursor !== null)
    expect(pagination.has_previous).toBe(pagination.prev_cursor !== null)
    if (!pagination[cursor]) return { pages, last }
    at = pagination[cursor]
  }
}

test.each(['created_at', 'updated_at', 'title', 'quality_score', 'user_rating'])(
  'in the order of %s it is gone through by cursors in both directions, and by pages, each row once',
  async field => {
    for (const order of ['asc', 'desc']) {
      for (const filter of ['', '&search_term=pie', '&content_source_types=community-regular']) {
        const path = `/v1/content/unified?page_size=13&sort_field=${field}&sort_order=${order}${filter}`
        const wanted = sort(
          rows.filter(
            row =>
              isListed(row) &&
              (filter.includes('pie') ? row.title !== null : true) &&
              (filter.includes('community') ? sourceOf(row) === 'community-regular' : true),
          ),
          field,
          order,
        )
        const forwards = await walk(path, 'next_cursor')
        expect([path, forwards.pages.flat()]).toEqual([path, wanted])
        const backwards = await walk(path, 'prev_cursor', forwards.last)
        expect([path, backwards.pages.reverse().flat()]).toEqual([path, wanted])
        const third = await alice.get(`${path}&page=3`)
        expect(idsOf(third)).toEqual(wanted.slice(26, 39))
        const before = await alice.get(`${path}&cursor=${third.body.pagination.prev_cursor}`)
        expect(idsOf(before)).toEqual(wanted.slice(13, 26))
      }
    }
  },
  120_000,
)

describe('a page', () => {
  test('is named in any of the ways that clients know, and refused where there is none', async () => {
    const total = listed().length
    const ask = async (query: string) => {
      const { status, body } = await alice.get(`/v1/content?${query}`)
      const { page, page_size, total_count, total_pages } = body.pagination ?? {}
      return status === 200 ? [page, page_size, total_count, total_pages, body.items[0]?.id] : body
    }
    const wanted = (page: number, size: number, offset = (page - 1) * size) => [
      page,
      size,
      total,
      Math.ceil(total / size),
      listed()[offset],
    ]
    const refusal = (status: number, error_code: string, field?: string) => ({
      ...{ status, error_code },
      ...(field ? { field_errors: [expect.objectContaining({ loc: ['query', field] })] } : {}),
    })
    const cases: [string, unknown][] = [
      ['', wanted(1, 50)],
      ['page=1&page_size=7', wanted(1, 7)],
      ['page=2&page_size=7', wanted(2, 7)],
      ['skip=14&limit=7', wanted(3, 7)],
      ['offset=15&page_size=7', wanted(3, 7, 15)],
      ['page=3&page_size=7&skip=14&offset=14&limit=7', wanted(3, 7)],
      ['skip=100000', wanted(2001, 50, 100_000)],
      ['sort_field=created_at&sort_by=created_at', wanted(1, 50)],
      ['page_size=1000', wanted(1, 1000)],
      ['page_size=1001', refusal(422, 'INVALID_PAGE_SIZE', 'page_size')],
      ['page_size=0', refusal(422, 'INVALID_PAGE_SIZE', 'page_size')],
      ['limit=5000', refusal(422, 'INVALID_PAGE_SIZE', 'limit')],
      ['page_size=ten', refusal(422, 'VALIDATION_ERROR', 'page_size')],
      ['page=0', refusal(422, 'VALIDATION_ERROR', 'page')],
      ['page=2&skip=1', refusal(422, 'VALIDATION_ERROR', 'skip')],
      ['page_size=7&limit=8', refusal(422, 'VALIDATION_ERROR', 'limit')],
      ['skip=7&offset=8', refusal(422, 'VALIDATION_ERROR', 'offset')],
      ['sort_field=title&sort_by=created_at', refusal(422, 'VALIDATION_ERROR', 'sort_by')],
      ['sort_field=note', refusal(422, 'VALIDATION_ERROR', 'sort_field')],
      ['metadata=[1]', refusal(422, 'VALIDATION_ERROR', 'metadata')],
      ['tag_match=some', refusal(422, 'VALIDATION_ERROR', 'tag_match')],
      ['creater_id=x', refusal(422, 'VALIDATION_ERROR', 'creater_id')],
      ['page=1000', refusal(404, 'PAGE_OUT_OF_RANGE')],
      ['cursor=x', refusal(400, 'INVALID_CURSOR')],
    ]
    const got = await Promise.all(cases.map(async ([query]) => [query, await ask(query)]))
    expect(got).toEqual(
      cases.map(([query, it]) => [query, Array.isArray(it) ? it : expect.objectContaining(it as object)]),
    )
  })

  test('is there when there is nothing at all', async () => {
    const nobody = await addPerson()
    const { status, body } = await nobody.get('/v1/content/unified?page=1&creator_filter=user')
    expect([status, body.items, body.pagination]).toEqual([
      200,
      [],
      {
        ...{ page: 1, page_size: 10, total_count: 0, total_pages: 0, has_next: false },
        ...{ has_previous: false, next_cursor: null, prev_cursor: null },
      },
    ])
  })

  test('has a cursor that goes on in its own list alone', async () => {
    const { body } = await alice.get('/v1/content?page_size=5')
    const at = `cursor=${body.pagination.next_cursor}`
    const ask = async (who: Client, path: string) => (await who.get(path)).status
    expect([
      await ask(alice, `/v1/content/enhanced?page_size=9&${at}`),
      await ask(alice, `/v1/content?sort_order=asc&${at}`),
      await ask(alice, `/v1/content?tag=red&${at}`),
      await ask(bob, `/v1/content?${at}`),
    ]).toEqual([200, 400, 400, 400])
  })
})

test('the library of another user is named by admins alone', async () => {
  const ask = (who: Client, path: string) => who.get(`${path}user_id=${alice.id}`)
  for (const path of ['/v1/content/unified?page_size=1000&', '/v1/content/stats/unified?']) {
    expect([path, (await ask(bob, path)).status, (await ask(root, path)).status]).toEqual([path, 403, 200])
  }
  const answer = await ask(root, '/v1/content/unified?page_size=1000&creator_filter=user&')
  expect(idsOf(answer)).toEqual(listed(({ owner }) => owner === alice.id))
})

test('the statistics count what the listing lists', async () => {
  const { sql } = trove.database
  const today = [rows.find(row => isListed(row) && row.kind === 'work' && row.owner === alice.id)!]
  await sql`update works set created_at = now() where id = ${today[0]!.id}`
  const { body } = await alice.get('/v1/content/stats/unified')
  const { body: page } = await list('')
  const { by_type, by_day, total, ...counts } = body
  expect(counts).toEqual(page.stats)
  expect(total).toBe(listed().length)
  const ofType = (type: string) => listed(row => row.content_type === type).length
  expect(by_type).toEqual({
    ...{ text: ofType('text'), image: ofType('image'), video: ofType('video'), link: ofType('link') },
  })
  expect(by_day.length).toBe(30)
  expect(by_day.at(-1).count).toBe(1)
  await sql`update works set created_at = ${today[0]!.created_at} where id = ${today[0]!.id}`
})

test('pages of 50 miss nothing and repeat nothing while others are added', async () => {
  const { sql } = trove.database
  const walker = await addPerson()
  const rowOf = (n: number, created_at: string): ContentRow => ({
    ...rows[0]!,
    ...{
      id: crypto.randomUUID(),
      owner: n % 3 === 2 ? bob.id : walker.id,
      created_at,
      updated_at: created_at,
    },
    ...{ kind: n % 2 ? 'work' : 'save', content_type: n % 2 ? 'text' : 'link', title: `row ${n}` },
    ...{ is_public: true, is_nsfw: false, is_archived: false, tags: [] },
  })
  const before = Array.from({ length: 600 }, (_, n) =>
    rowOf(n, new Date(Date.UTC(2027, 0, 1) + (n % 90) * 1000).toJSON()),
  )
  await insertContent(sql, before)
  let isDone = false
  let added = 0
  const adding = (async () => {
    while (!isDone) {
      const n = added++
      await insertContent(sql, [rowOf(n, new Date(Date.UTC(2027, 1, 1) + n * 1000).toJSON())])
    }
  })()
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const { body } = await walker.get(`/v1/content/enhanced?page_size=50${cursor ? `&cursor=${cursor}` : ''}`)
    seen.push(...idsOf({ body }))
    cursor = body.pagination.next_cursor
  } while (cursor)
  isDone = true
  await adding
  expect(added).toBeGreaterThan(0)
  expect(new Set(seen).size).toBe(seen.length)
  const missed = before.filter(({ id }) => !seen.includes(id))
  expect(missed).toEqual([])
  await sql`delete from works where user_id = ${walker.id}`
  await sql`delete from user_content_saves where user_id = ${walker.id}`
  await sql`delete from works where created_at > '2027-01-01'`
  await sql`delete from user_content_saves where created_at > '2027-01-01'`
}, 120_000)

test('a client’s loop over /api/v1/content/enhanced fetches everything', async () => {
  // As a proxy in front of Trove would that signs people in.
  const server = Bun.serve({
    port: 0,
    fetch: request => {
      request.headers.set('authorization', `Bearer ${alice.token}`)
      return trove.handle(request)
    },
  })
  type Page = { items: { id: string }[]; pagination: { next_cursor: string | null; has_next: boolean } }
  // The loop that is printed for clients; only `data` is declared where its last line sees it.
  async function fetchAllItems(baseUrl: string, params: Record<string, string | number> = {}) {
    const allItems: Page['items'] = []
    let cursor: string | null = null
    let data: Page

    do {
      const url = new URL(`${baseUrl}/api/v1/content/enhanced`)
      if (cursor) url.searchParams.set('cursor', cursor)
      Object.entries(params).forEach(([key, value]) => {
        url.searchParams.set(key, String(value))
      })

      const response = await fetch(url)
      data = (await response.json()) as Page

      allItems.push(...data.items)
      cursor = data.pagination.next_cursor
    } while (cursor && data.pagination.has_next)

    return allItems
  }
  const items = await fetchAllItems(`http://localhost:${server.port}`, {
    sort_field: 'quality_score',
    sort_order: 'desc',
    page_size: 20,
  })
  await server.stop(true)
  const all = rows.filter(row => isListed(row))
  expect(items.map(({ id }) => id)).toEqual(sort(all, 'quality_score', 'desc'))
})
