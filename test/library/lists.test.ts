import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { tellSavers } from '../../src/library/copies/store.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { usesRealPostgres } from '../support/database.ts'
import { settle } from '../support/settle.ts'
import { signToken } from '../support/token.ts'
import { fillLibrary } from './fill-library.ts'

interface Item {
  save: { id: string; created_at: string }
  content: { title: string | null; save_count: number }
}

let trove: Trove
let user: User
beforeAll(async () => {
  trove = await startTrove()
  user = await trove.register()
})
afterAll(() => trove.stop())

/** Adds `count` READY saves with ties and nulls among what lists are sorted by. */
async function fill(owner: User, count: number, prefix: string) {
  const { sql } = trove.database
  await sql`
    insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt, status, title, save_count)
    select gen_random_uuid(), 'https://youtube.com/watch?v=' || n, ${prefix} || n, 'youtube', n::text, gen_random_uuid(),
      'READY', case when n % 4 > 0 then (array['alpha', 'Beta', 'gamma'])[1 + n % 3] end, n % 3
    from generate_series(1, ${count}::integer) n`
  await sql`
    insert into user_content_saves (user_id, id, shared_content_id, is_archived, last_viewed_at, created_at, updated_at)
    select ${owner.id}, gen_random_uuid(), c.id, n % 7 = 0, case when n % 4 > 1 then timestamptz '2026-01-01' + (n % 5) * interval '1 day' end,
      timestamptz '2026-01-01' + (n % 5) * interval '1 day', timestamptz '2026-02-01' + (n % 6) * interval '1 day'
    from (select id, external_id::integer as n from shared_contents where url_hash like ${`${prefix}%`}) c`
  await settle(sql)
}

const pagesOf = async (owner: User, query: string, between = async () => {}) => {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const { body, headers } = await owner.get(
      `/v1/items?${query}&limit=7${cursor ? `&cursor=${cursor}` : ''}`,
    )
    ids.push(...body.items.map(({ save }: Item) => save.id))
    cursor = body.next_cursor
    expect(body.has_more).toBe(cursor !== null)
    expect(headers.get('link')?.includes(`cursor=${cursor}`) ?? false).toBe(cursor !== null)
    await between()
  } while (cursor)
  return ids
}

const sorts = ['created_at', 'updated_at', 'last_viewed_at', 'title', 'save_count']
  .flatMap(sort => ['asc', 'desc'].map(order => [sort, order] as const))
  .flatMap(([sort, order]) =>
    (['false', 'true', 'all'] as const).map(archived => [sort, order, archived] as const),
  )

describe('pages by cursor', () => {
  beforeAll(() => fill(user, 60, 'pages'))

  test.each(sorts)(
    'sorted by %s %s (archived ones: %p) make exactly the whole list',
    async (sort, order, archived) => {
      const query = `sort_by=${sort}&sort_order=${order}&is_archived=${archived}`
      const { body } = await user.get(`/v1/items?${query}&limit=100`)
      const whole: string[] = body.items.map(({ save }: Item) => save.id)
      expect(whole).toHaveLength({ false: 52, true: 8, all: 60 }[archived])
      expect(body).toMatchObject({ total: whole.length, has_more: false, next_cursor: null })
      expect(await pagesOf(user, query)).toEqual(whole)
      const byOffset = await user.get(`/v1/items?${query}&limit=100&offset=13`)
      expect(byOffset.body.items.map(({ save }: Item) => save.id)).toEqual(whole.slice(13))
    },
  )

  test('sorted by save_count make the whole list of a user who has few of all contents', async () => {
    const [owner, stranger] = [await trove.register(), await trove.register()]
    await fill(owner, 2_500, 'few')
    await fill(stranger, 11_000, 'others')
    // The owner's are those that few others save; one of them is far from the rest.
    const { sql } = trove.database
    await sql`update shared_contents set save_count = save_count + 10 where url_hash like 'others%' or url_hash = 'few1'`
    await sql`update shared_contents set save_count = 20 where url_hash = 'few2'`
    for (const order of ['asc', 'desc']) {
      const expected = await sql`
        select s.id from user_content_saves s join shared_contents c on c.id = s.shared_content_id
        where s.user_id = ${owner.id} and not s.is_archived
        order by ${sql.unsafe(`c.save_count ${order}, c.id ${order}`)}`
      const ids: string[] = []
      let cursor: string | null = null
      do {
        const query = `sort_by=save_count&sort_order=${order}&limit=100${cursor ? `&cursor=${cursor}` : ''}`
        const { body } = await owner.get(`/v1/items?${query}`)
        expect(body.items.length === 100 || body.next_cursor === null).toBe(true)
        ids.push(...body.items.map(({ save }: Item) => save.id))
        cursor = body.next_cursor
      } while (cursor)
      expect(ids).toEqual(expected.map(({ id }) => id))
    }
  })

  test('go by what they name, and what has none comes last in either order', async () => {
    for (const order of ['asc', 'desc']) {
      const { body } = await user.get(`/v1/items?sort_by=title&sort_order=${order}&limit=100`)
      const titles: (string | null)[] = body.items.map(({ content }: Item) => content.title)
      const known = titles.filter(title => title !== null)
      const expected = [...known].sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase()))
      expect(titles).toEqual([
        ...(order === 'asc' ? expected : expected.reverse()),
        ...Array(titles.length - known.length).fill(null),
      ])
    }
  })

  test('neither repeat nor miss a row while others are saved', async () => {
    const owner = await trove.register()
    await fill(owner, 40, 'moving')
    const before = await pagesOf(owner, 'is_archived=all')
    let round = 0
    const during = await pagesOf(owner, 'is_archived=all', () => fill(owner, 3, `between${round++}-`))
    expect(new Set(during).size).toBe(during.length)
    expect(before.filter(id => !during.includes(id))).toEqual([])
  })

  test('are refused with a cursor that is bad or belongs to another list', async () => {
    const { body } = await user.get('/v1/items?limit=5')
    const stranger = await trove.register()
    const forged = Buffer.from('["2026-02-31T00:00:00.000Z","x",""]').toString('base64url')
    for (const [who, query] of [
      [user, 'cursor='],
      [user, 'cursor=nonsense'],
      [user, `cursor=${forged}`],
      [user, `cursor=${body.next_cursor}&sort_by=title`],
      [user, `cursor=${body.next_cursor}&sort_order=asc`],
      [user, `cursor=${body.next_cursor}&category=Tech`],
      [stranger, `cursor=${body.next_cursor}`],
    ] as const) {
      const refused = await who.get(`/v1/items?${query}`)
      expect(refused.status).toBe(400)
      expect(refused.body.error_code).toBe('INVALID_CURSOR')
    }
  })
})

describe('totals', () => {
  test('are right after every kind of change', async () => {
    const owner = await trove.register()
    await fill(owner, 20, 'totals')
    const { sql } = trove.database
    const kinds = () => sql`
      select status, category, is_archived, is_favorited, count(*)::integer as items
      from user_content_saves where user_id = ${owner.id} group by 1, 2, 3, 4 order by 1, 2, 3, 4`
    const counted = () => sql`
      select status, category, is_archived, is_favorited, items
      from library_counts where user_id = ${owner.id} and items <> 0 order by 1, 2, 3, 4`
    const { body } = await owner.get('/v1/items?limit=3')
    const [a, b, c] = body.items.map(({ save }: Item) => save.id)
    await owner.send('DELETE', `/v1/items/${a}`)
    const json = { 'content-type': 'application/json' }
    await owner.send('PATCH', `/v1/items/${b}`, { body: '{"is_favorited":true}', headers: json })
    await owner.send('PATCH', `/v1/items/${c}`, { body: '{"is_archived":true}', headers: json })
    const changed = await sql<{ id: string }[]>`
      update shared_contents
      set category_high = 'Tech', status = case when url_hash like 'totals2%' then 'FAILED' else status end
      where url_hash ~ '^totals[12]'
      returning id`
    await tellSavers(
      sql,
      changed.map(({ id }) => id),
    )
    expect([...(await counted())]).toEqual([...(await kinds())])
    expect((await counted()).length).toBeGreaterThan(3)
    await sql`delete from users where id = ${owner.id}`
    expect([...(await counted())]).toEqual([])
  })
})

describe('If-None-Match', () => {
  test('is answered 304 until the library changes; looking at an item changes no list', async () => {
    const owner = await trove.register()
    await fill(owner, 5, 'etag')
    for (const path of ['/v1/items', '/v1/items/grouped']) {
      const { headers, body } = await owner.get(path)
      const tag = { 'if-none-match': headers.get('etag')! }
      const id = body.items?.[0].save.id
      if (id) await owner.get(`/v1/items/${id}`)
      expect((await owner.get(path, tag)).status).toBe(304)
      await owner.post('/v1/items', {
        url: `https://youtu.be/etag-${path.length.toString().padStart(6, '0')}`,
      })
      expect((await owner.get(path, tag)).status).toBe(200)
    }
  })
})

describe.skipIf(!usesRealPostgres)('with 20,000 saves in a real Postgres', () => {
  let id: string
  beforeAll(async () => {
    id = await fillLibrary(trove.database.sql, 20_000)
  })

  test.each([
    ...['created_at', 'updated_at', 'last_viewed_at', 'title'].flatMap(sort => [
      `sort_by=${sort}`,
      `sort_by=${sort}&sort_order=asc&is_archived=all`,
    ]),
    'is_favorited=true',
    'category=Tech',
    'search=needle',
  ])('?%s reads indexes only', async query => {
    const [account] = await trove.database.sql`select id, email from users where id = ${id}`
    const token = signToken(trove.context.config.JWT_SECRET_KEY!, account as never)
    const ask = (more = '') => trove.get(`/v1/items?${query}${more}`, { authorization: `Bearer ${token}` })
    const { body } = await ask('&limit=2')
    const statistics = async () => {
      const [row] = await trove.database.sql`
        select coalesce(sum(seq_tup_read), 0)::integer as read, coalesce(sum(idx_tup_fetch), 0)::integer as fetched
        from pg_stat_user_tables where relname in ('user_content_saves', 'shared_contents')`
      return row as { read: number; fetched: number }
    }
    await trove.database.sql`select pg_stat_reset()`
    for (let i = 0; i < 3; i++) {
      expect((await ask(`&limit=2&cursor=${body.next_cursor}`)).status).toBe(200)
    }
    // Statistics of a connection appear when it has been idle for a moment: force them from every one of them.
    await Promise.all(
      Array.from({ length: 40 }, () => trove.database.sql`select pg_stat_force_next_flush(), pg_sleep(0.01)`),
    )
    const { read, fetched } = await statistics()
    expect(read).toBe(0)
    expect(fetched).toBeLessThan(200)
  })
})

test('titles are in the order in which people look for them', async () => {
  const reader = await trove.register()
  const titles = [
    ...[
      '2 fast',
      '10 slow',
      'Ångström',
      'Apfelkuchen',
      'Äpfel im Ofen',
      'Chapter 2',
      'Chapter 10',
      'Ebbe',
      'Éclairs',
    ],
    ...['Nadeln', 'Ñandú', 'Ofen', 'Öl', '“Quoted” words', 'Zebra', 'Ёлка', 'Я'],
  ]
  const order = ['2 fast', '10 slow', 'Ångström', 'Apfelkuchen', 'Äpfel im Ofen']
  for (const [i, title] of titles.toReversed().entries()) {
    const { body } = await reader.post('/v1/items', {
      url: `https://youtu.be/order${String(i).padStart(6, '0')}`,
    })
    await trove.database.sql`
      update shared_contents set status = 'READY', title = ${title} where id = ${body.content.id}`
  }
  await settle(trove.database.sql)
  const { body } = await reader.get('/v1/items?sort_by=title&sort_order=asc&limit=100')
  const listed: string[] = body.items.map(({ content }: { content: { title: string } }) => content.title)
  const place = (title: string) => listed.indexOf(title)
  expect(listed.slice(0, 2)).toEqual(order.slice(0, 2))
  for (const [before, after] of [
    ...[
      ['Äpfel im Ofen', 'Chapter 2'],
      ['Chapter 2', 'Chapter 10'],
      ['Éclairs', 'Nadeln'],
      ['Nadeln', 'Ñandú'],
    ],
    ...[
      ['Ñandú', 'Ofen'],
      ['Ofen', 'Öl'],
      ['Öl', '“Quoted” words'],
      ['“Quoted” words', 'Zebra'],
      ['Zebra', 'Я'],
    ],
  ]) {
    expect([before, after, place(before!) < place(after!)]).toEqual([before, after, true])
  }
})
