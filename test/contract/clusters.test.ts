// What the reading routes of clusters promise besides test/clustering: defaults and bounds.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'

const MEMBERS = 110
let trove: Trove
let user: User
let large: string
beforeAll(async () => {
  trove = await startTrove()
  user = await trove.register()
  large = await addCluster('Large', MEMBERS)
  await addCluster('Empty', 0)
})
afterAll(() => trove.stop())

/** A cluster of READY saves, each a second younger than the one before. */
async function addCluster(label: string, members: number) {
  const { sql } = trove.database
  const id = crypto.randomUUID()
  await sql`
    insert into clusters (user_id, id, label, cluster_type, item_count, centroid, model, keywords, short_description)
    values (${user.id}, ${id}, ${label}, 'Tech', ${members}, array_fill(0.1, array[512])::vector, 'test',
      ${['one', 'two']}, 'A few words')`
  await sql`
    insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt, status, title,
      save_count)
    select gen_random_uuid(), 'https://youtube.com/watch?v=' || n, ${id} || n, 'youtube', n::text, gen_random_uuid(),
      'READY', 'Video ' || n, 1
    from generate_series(1, ${members}::integer) n`
  await sql`
    insert into user_content_saves (user_id, id, shared_content_id, created_at)
    select ${user.id}, gen_random_uuid(), c.id, timestamptz '2026-01-01' + c.external_id::integer * interval '1 second'
    from shared_contents c where c.url_hash like ${`${id}%`}`
  await settle(sql)
  await sql`
    insert into cluster_members (user_id, save_id, cluster_id, similarity)
    select ${user.id}, s.id, ${id}, 0.5
    from user_content_saves s join shared_contents c on c.id = s.shared_content_id
    where c.url_hash like ${`${id}%`}`
  return id
}

const titles = (body: { items: { content: { title: string } }[] }) =>
  body.items.map(({ content }) => content.title)
const videos = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `Video ${from + i}`)

test('the list leaves out what has fewer than one item, and shows three samples of many', async () => {
  const { body } = await user.get('/v1/clusters')
  expect(body.total).toBe(1)
  const [cluster] = body.clusters
  expect(cluster).toMatchObject({
    id: large,
    label: 'Large',
    cluster_type: 'Tech',
    short_description: 'A few words',
    item_count: MEMBERS,
    keywords: ['one', 'two'],
  })
  expect(cluster.sample_items).toHaveLength(3)
})

test('the list goes on by cursor, and a cursor of another order is refused', async () => {
  const labels = (body: { clusters: { label: string }[] }) => body.clusters.map(({ label }) => label)
  const whole = await user.get('/v1/clusters?sort_by=label&min_items=1')
  const path = '/v1/clusters?sort_by=label&min_items=1&limit=1'
  await addCluster('Second', 1)
  const first = await user.get(path)
  expect(first.body).toMatchObject({ total: whole.body.total + 1, limit: 1, offset: 0, has_more: true })
  const second = await user.get(first.headers.get('link')!.match(/^<(.*)>/)![1]!)
  expect([...labels(first.body), ...labels(second.body)]).toEqual(['Second', 'Large'])
  expect(second.body.next_cursor).toBeNull()
  const other = await user.get(`/v1/clusters?sort_by=created_at&cursor=${first.body.next_cursor}`)
  expect([other.status, other.body.error_code]).toEqual([400, 'INVALID_CURSOR'])
  await trove.database.sql`delete from clusters where label = 'Second'`
})

describe('one cluster', () => {
  test('gives its first fifty items, the oldest save first, and says that there are more', async () => {
    const { body } = await user.get(`/v1/clusters/${large}`)
    expect(titles(body)).toEqual(videos(1, 50))
    expect(body).toMatchObject({ total_items: MEMBERS, has_more: true })
  })

  test('gives up to a hundred, from any offset', async () => {
    const most = await user.get(`/v1/clusters/${large}?limit=100`)
    expect([titles(most.body), most.body.has_more]).toEqual([videos(1, 100), true])
    const rest = await user.get(`/v1/clusters/${large}?limit=100&offset=100`)
    expect([titles(rest.body), rest.body.has_more]).toEqual([videos(101, MEMBERS), false])
    const newest = await user.get(`/v1/clusters/${large}?limit=2&sort_order=desc`)
    expect(titles(newest.body)).toEqual([`Video ${MEMBERS}`, `Video ${MEMBERS - 1}`])
  })

  test.each(['created_at', 'updated_at', 'title', 'similarity'])(
    'goes on by cursor from page to page, sorted by %s',
    async sort_by => {
      const whole = await user.get(`/v1/clusters/${large}?limit=100&sort_by=${sort_by}`)
      const seen: string[] = []
      let path: string | undefined = `/v1/clusters/${large}?limit=40&sort_by=${sort_by}`
      while (path) {
        const { body, headers } = await user.get(path)
        expect(body).toMatchObject({ total: MEMBERS, limit: 40, has_more: body.next_cursor !== null })
        seen.push(...titles(body))
        path = headers.get('link')?.match(/^<(.*)>; rel="next"$/)?.[1]
      }
      expect(seen.slice(0, 100)).toEqual(titles(whole.body))
      expect(seen).toHaveLength(MEMBERS)
    },
  )

  test.each(['limit=0', 'limit=101', 'limit=x', 'offset=-1', 'sort_by=label', 'sort_order=up'])(
    'refuses %p',
    async query => {
      const { status, body } = await user.get(`/v1/clusters/${large}?${query}`)
      expect(status).toBe(422)
      expect(body.field_errors[0].loc).toEqual(['query', query.split('=')[0]!])
    },
  )

  test('that is empty has no items', async () => {
    const { body } = await user.get('/v1/clusters?sort_by=label')
    const id = (await trove.database.sql`select id from clusters where label = 'Empty'`)[0]!.id
    expect(body.clusters.map((it: { id: string }) => it.id)).not.toContain(id)
    expect((await user.get(`/v1/clusters/${id}`)).body).toMatchObject({
      items: [],
      total_items: 0,
      has_more: false,
    })
  })

  test('counts one less when an item is removed', async () => {
    const id = await addCluster('Shrinking', 3)
    const { body } = await user.get(`/v1/clusters/${id}`)
    const { status } = await user.send('DELETE', `/v1/items/${body.items[0].save.id}`)
    expect(status).toBe(204)
    const after = await user.get(`/v1/clusters/${id}`)
    expect(titles(after.body)).toEqual(['Video 2', 'Video 3'])
    expect(after.body).toMatchObject({ total_items: 2, cluster: { item_count: 2 } })
  })
})

test('a label of one hundred characters is kept, and shown in list, cluster and item', async () => {
  const id = await addCluster('Renamed', 1)
  const label = 'é'.repeat(100)
  const { status } = await user.send('PATCH', `/v1/clusters/${id}`, {
    body: JSON.stringify({ label }),
    headers: { 'content-type': 'application/json' },
  })
  expect(status).toBe(200)
  const one = await user.get(`/v1/clusters/${id}`)
  const item = await user.get(`/v1/items/${one.body.items[0].save.id}`)
  const { body: list } = await user.get('/v1/clusters')
  const listed = list.clusters.find((it: { id: string }) => it.id === id)
  expect([one.body.cluster.label, item.body.cluster.label, listed.label]).toEqual([label, label, label])
})
