import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'

let trove: Trove
let alice: User
let cafes: string
let trips: string
let saves: string[]
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

/** Two clusters: three saves about cafes, of which the second is the most central, and one about a trip. */
beforeEach(async () => {
  alice = await trove.register()
  saves = []
  for (const name of ['c', 'a', 'b', 'd']) {
    const id = (name + crypto.randomUUID()).slice(0, 11)
    const { body } = await alice.post('/v1/items', { url: `https://youtu.be/${id}` })
    await trove.database.sql`
      update shared_contents set title = ${name}, status = 'READY' where id = ${body.content.id}`
    saves.push(body.save.id)
  }
  await settle(trove.database.sql)
  cafes = await addCluster('Cafes', 'Food', saves.slice(0, 3), '2026-01-02', '2026-01-03')
  trips = await addCluster('Trips', 'Travel', saves.slice(3), '2026-01-01', '2026-01-04')
})

async function addCluster(label: string, type: string, members: string[], created: string, updated: string) {
  const { sql } = trove.database
  const id = crypto.randomUUID()
  await sql`
    insert into clusters (user_id, id, label, cluster_type, item_count, centroid, model, created_at, updated_at)
    values (${alice.id}, ${id}, ${label}, ${type}, ${members.length}, array_fill(0.1, array[512])::vector, 'test',
      ${`${created}T00:00:00Z`}, ${`${updated}T00:00:00Z`})`
  for (const [i, save] of members.entries()) {
    await sql`
      insert into cluster_members (user_id, save_id, cluster_id, similarity)
      values (${alice.id}, ${save}, ${id}, ${i === 1 ? 0.9 : 0.5 - i / 10})`
  }
  return id
}

const labels = async (query = '') =>
  (await alice.get(`/v1/clusters${query}`)).body.clusters.map(({ label }: { label: string }) => label)

describe('the list of clusters', () => {
  test('shows all, the one that changed last first', async () => {
    const { status, body } = await alice.get('/v1/clusters')
    expect(status).toBe(200)
    expect(body.total).toBe(2)
    expect(body.clusters[0]).toEqual({
      id: trips,
      label: 'Trips',
      cluster_type: 'Travel',
      short_description: null,
      item_count: 1,
      keywords: [],
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-04T00:00:00.000Z',
      sample_items: [{ id: expect.any(String), title: 'd', thumbnail_url: null, thumbnail_path: null }],
    })
  })

  test('sorts by each field, both ways', async () => {
    for (const [by, order, expected] of [
      ['updated_at', 'asc', ['Cafes', 'Trips']],
      ['created_at', 'desc', ['Cafes', 'Trips']],
      ['created_at', 'asc', ['Trips', 'Cafes']],
      ['item_count', 'desc', ['Cafes', 'Trips']],
      ['item_count', 'asc', ['Trips', 'Cafes']],
      ['label', 'asc', ['Cafes', 'Trips']],
      ['label', 'desc', ['Trips', 'Cafes']],
    ] as const) {
      expect([by, order, await labels(`?sort_by=${by}&sort_order=${order}`)]).toEqual([
        by,
        order,
        [...expected],
      ])
    }
  })

  test('keeps only a type and a least size', async () => {
    expect(await labels('?cluster_type=Food')).toEqual(['Cafes'])
    expect(await labels('?min_items=2')).toEqual(['Cafes'])
    expect((await alice.get('/v1/clusters?min_items=2')).body.total).toBe(1)
    expect(await labels('?cluster_type=Tech')).toEqual([])
  })

  test('gives three samples, the most central first', async () => {
    const { body } = await alice.get('/v1/clusters?cluster_type=Food')
    expect(body.clusters[0].sample_items.map(({ title }: { title: string }) => title)).toEqual([
      'a',
      'c',
      'b',
    ])
  })

  test('refuses an unknown type, sort and size', async () => {
    for (const query of [
      'cluster_type=Cars',
      'sort_by=size',
      'sort_order=up',
      'min_items=0',
      'min_items=x',
    ]) {
      const { status, body } = await alice.get(`/v1/clusters?${query}`)
      expect([query, status]).toEqual([query, 422])
      expect(body.field_errors[0].loc).toEqual(['query', query.split('=')[0]])
    }
  })

  test('is the caller’s own', async () => {
    const bob = await trove.register()
    expect((await bob.get('/v1/clusters')).body).toMatchObject({ clusters: [], total: 0, has_more: false })
  })
})

describe('one cluster', () => {
  const titles = async (query: string) =>
    (await alice.get(`/v1/clusters/${cafes}?${query}`)).body.items.map(
      ({ content }: { content: { title: string } }) => content.title,
    )

  test('has its items, the oldest save first', async () => {
    const { status, body } = await alice.get(`/v1/clusters/${cafes}`)
    expect(status).toBe(200)
    expect(body.cluster).toMatchObject({ id: cafes, user_id: alice.id, label: 'Cafes', item_count: 3 })
    expect(body.items.map(({ save }: { save: { id: string } }) => save.id)).toEqual(saves.slice(0, 3))
    expect(body).toMatchObject({ total_items: 3, has_more: false })
  })

  test('sorts and pages them', async () => {
    expect(await titles('sort_by=title')).toEqual(['a', 'b', 'c'])
    expect(await titles('sort_by=title&sort_order=desc')).toEqual(['c', 'b', 'a'])
    expect(await titles('sort_by=similarity&sort_order=desc')).toEqual(['a', 'c', 'b'])
    expect(await titles('sort_by=title&limit=1&offset=1')).toEqual(['b'])
    const more = async (query: string) => (await alice.get(`/v1/clusters/${cafes}?${query}`)).body.has_more
    expect([await more('limit=2'), await more('limit=2&offset=2'), await more('offset=9')]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('takes a limit from 1 to 100', async () => {
    for (const [limit, expected] of [
      [0, 422],
      [1, 200],
      [100, 200],
      [101, 422],
    ]) {
      expect((await alice.get(`/v1/clusters/${cafes}?limit=${limit}`)).status).toBe(expected!)
    }
  })

  test('of another user, or of nobody, is not found', async () => {
    const bob = await trove.register()
    for (const path of [`/v1/clusters/${cafes}`, `/v1/clusters/${crypto.randomUUID()}`]) {
      const { status, body } = await bob.get(path)
      expect([status, body.detail]).toEqual([404, 'Cluster not found or does not belong to you'])
    }
  })
})

describe('renaming a cluster', () => {
  const rename = (id: string, label: unknown, who = alice) =>
    who.send('PATCH', `/v1/clusters/${id}`, {
      body: JSON.stringify({ label }),
      headers: { 'content-type': 'application/json' },
    })

  test('keeps the user’s label, trimmed, and says so in the audit', async () => {
    const { status, body } = await rename(cafes, '  Weekend brunch ')
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: cafes, user_id: alice.id, label: 'Weekend brunch', item_count: 3 })
    const [kept] = await trove.database.sql`
      select label, label_is_custom from clusters where user_id = ${alice.id} and id = ${cafes}`
    expect(kept).toEqual({ label: 'Weekend brunch', label_is_custom: true })
    const { entries } = (await alice.get('/v1/audit?limit=1')).body
    expect(entries[0]).toMatchObject({ action: 'cluster', resource_id: cafes })
  })

  test('to a label that another of the user’s has is 409, and changes nothing', async () => {
    const { status, body } = await rename(cafes, 'Trips')
    expect([status, body.error_code]).toEqual([409, 'LABEL_TAKEN'])
    expect(body.field_errors).toEqual([
      { loc: ['body', 'label'], msg: 'Another of your clusters has this label', type: 'unique' },
    ])
    expect(await labels('?sort_by=label&sort_order=asc')).toEqual(['Cafes', 'Trips'])
    expect((await alice.get('/v1/audit?limit=1')).body.entries[0].action).not.toBe('cluster')
  })

  test('refuses what is no label', async () => {
    for (const label of ['', '   ', 'x'.repeat(101), 1, null, 'a\0b']) {
      expect([label, (await rename(cafes, label)).status]).toEqual([label, 422])
    }
  })

  test('of another user is not found', async () => {
    const bob = await trove.register()
    expect((await rename(cafes, 'Mine now', bob)).status).toBe(404)
    expect(await labels('?cluster_type=Food')).toEqual(['Cafes'])
  })
})

describe('a conditional GET', () => {
  test('of clusters is 304 until something changes', async () => {
    for (const path of ['/v1/clusters', `/v1/clusters/${cafes}`]) {
      const etag = (await alice.get(path)).headers.get('etag')!
      const again = await alice.get(path, { 'if-none-match': etag })
      expect([path, again.status, again.body]).toEqual([path, 304, ''])
      expect(again.headers.get('etag')).toBe(etag)
      await alice.send('PATCH', `/v1/clusters/${trips}`, {
        body: JSON.stringify({ label: `Trips ${path}` }),
        headers: { 'content-type': 'application/json' },
      })
      expect((await alice.get(path, { 'if-none-match': etag })).status).toBe(200)
    }
  })
})

describe('a rebuild', () => {
  test('is one job at a time, and the same key gives the same answer', async () => {
    const key = { 'idempotency-key': 'again' }
    const first = await alice.post('/v1/clusters/rebuild', undefined, key)
    const second = await alice.post('/v1/clusters/rebuild', undefined, key)
    expect(first.status).toBe(202)
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect((await alice.post('/v1/clusters/rebuild')).body).toEqual(first.body)
    expect((await alice.get(`/v1/jobs/${first.body.job_id}`)).body.status).toBe('PENDING')
  })
})
