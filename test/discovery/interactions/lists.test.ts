// Lists of interactions: their filters, orders and pages against what a test keeps itself.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove } from '../../support/app.ts'
import { newPerson, newSave, newWork, type Person } from './people.ts'

interface Row {
  id: string
  content_id: string
  interaction_type: string
  rating: number | null
  created_at: string
}

let trove: Trove
let alice: Person
let contents: string[]
/** All of alice's, the newest first. */
let rows: Row[]
beforeAll(async () => {
  trove = await startTrove()
  alice = await newPerson(trove)
  const bob = await newPerson(trove)
  contents = [await newSave(alice), await newSave(alice), await newWork(trove, bob, { is_public: true })]
  const types = ['view', 'like', 'rate', 'dwell']
  const interactions = Array.from({ length: 60 }, (_, i) => ({
    content_id: contents[i % 3],
    interaction_type: types[i % 4],
    ...(i % 4 === 2 || i % 7 === 0 ? { rating: ((i % 9) + 2) / 2 } : {}),
  }))
  await alice.post('/v1/interactions/bulk', { interactions })
  await bob.post('/v1/interactions/bulk', {
    interactions: [{ content_id: contents[2], interaction_type: 'view' }],
  })
  const { sql } = trove.database
  // Five a moment, so that ids decide, too.
  await sql`
    update interactions i set created_at = timestamptz '2026-01-15T12:00:00Z' + make_interval(hours => p.place / 5)
    from (select id, (row_number() over (order by id))::integer as place from interactions where user_id = ${alice.id}) p
    where i.user_id = ${alice.id} and i.id = p.id`
  rows = await sql<Row[]>`
    select id, content_id, interaction_type, rating::float8 as rating, created_at
    from interactions where user_id = ${alice.id}`
  rows.sort((a, b) => (a.created_at + a.id < b.created_at + b.id ? 1 : -1))
})
afterAll(() => trove.stop())

const ids = (some: { id: string }[]) => some.map(({ id }) => id)
const best = (some: Row[]) =>
  some.filter(({ rating }) => rating !== null).sort((a, b) => b.rating! - a.rating! || (a.id < b.id ? 1 : -1))
const FROM = '2026-01-15T15:00:00.000Z'
const TO = '2026-01-15T20:00:00.000Z'
const between = ({ created_at }: Row) => created_at >= FROM && created_at < TO

describe('a list', () => {
  test('holds what it says, in its order, by each way through its pages', async () => {
    const lists: Record<string, Row[]> = {
      '/v1/interactions?': rows,
      '/v1/interactions/recent?': rows,
      [`/v1/interactions?from=${FROM}&to=${TO}`]: rows.filter(between),
      [`/v1/interactions?interaction_type=like&content_id=${contents[1]}`]: rows.filter(
        it => it.interaction_type === 'like' && it.content_id === contents[1],
      ),
      '/v1/interactions/by-type/rate?': rows.filter(it => it.interaction_type === 'rate'),
      [`/v1/interactions/by-content/${contents[2]}?`]: rows.filter(it => it.content_id === contents[2]),
      [`/v1/users/${alice.id}/interactions?interaction_type=dwell`]: rows.filter(
        it => it.interaction_type === 'dwell',
      ),
      [`/v1/interactions/by-user/${alice.id.toUpperCase()}?from=${FROM}`]: rows.filter(
        it => it.created_at >= FROM,
      ),
      '/v1/interactions/top-rated?': best(rows),
      [`/v1/interactions/top-rated?to=${TO}`]: best(rows.filter(it => it.created_at < TO)),
    }
    for (const [path, expected] of Object.entries(lists)) {
      expect([path, expected.length > 3]).toEqual([path, true])
      const whole = await alice.get(path)
      expect([path, whole.status, ids(whole.body.items)]).toEqual([path, 200, ids(expected)])
      expect(whole.body).toMatchObject({ total: expected.length, skip: 0, limit: 100, has_more: false })
      const skipped = await alice.get(`${path}&limit=3&skip=2`)
      expect([path, ids(skipped.body.items)]).toEqual([path, ids(expected.slice(2, 5))])
      expect(skipped.body).toMatchObject({ skip: 2, limit: 3, has_more: expected.length > 5 })
      const walked: string[] = []
      for (let cursor = ''; ; ) {
        const { body } = await alice.get(`${path}&limit=7${cursor}`)
        walked.push(...ids(body.items))
        if (!body.next_cursor) break
        cursor = `&cursor=${body.next_cursor}`
      }
      expect([path, walked]).toEqual([path, ids(expected)])
    }
  })

  test('takes skip or offset, and not two that disagree', async () => {
    const found: unknown[] = []
    for (const query of [
      'skip=2',
      'offset=2',
      'skip=2&offset=2',
      'skip=2&offset=3',
      'limit=1001',
      'page=2',
      'from=today',
    ]) {
      const { status, body } = await alice.get(
        `/v1/interactions?limit=1&${query}`.replace('limit=1&limit', 'limit'),
      )
      found.push([status, body.items?.[0].id ?? body.field_errors[0].loc[1]])
    }
    const third = rows[2]!.id
    expect(found).toEqual([
      [200, third],
      [200, third],
      [200, third],
      [422, 'skip'],
      [422, 'limit'],
      [422, 'page'],
      [422, 'from'],
    ])
  })

  test('of another user is for admins; of a content, of one that there is', async () => {
    const [bob, root, boss] = [
      await newPerson(trove),
      await newPerson(trove, 'admin'),
      await newPerson(trove, 'superuser'),
    ]
    const own = await newWork(trove, bob)
    const nobody = crypto.randomUUID()
    const found: Record<string, string[]> = {}
    for (const path of [
      `users/${alice.id}/interactions`,
      `interactions/by-user/${alice.id}`,
      `users/${nobody}/interactions`,
      `users/${alice.id}/stats`,
      `interactions/analytics/user-behavior/${alice.id}`,
      'interactions/analytics/global',
      `interactions/by-content/${contents[2]}`,
      `interactions/by-content/${contents[0]}`,
      `interactions/by-content/${own}`,
      `interactions/analytics/content/${contents[0]}`,
      `interactions/analytics/content/${nobody}`,
    ]) {
      const answers = [
        await bob.get(`/v1/${path}`),
        await boss.get(`/v1/${path}`),
        await root.get(`/v1/${path}`),
      ]
      found[path.replace(alice.id, 'alice').replace(nobody, 'nobody')] = answers.map(
        ({ status, body }) =>
          `${status} ${body.total ?? body.total_interactions ?? body.interactions ?? body.error_code}`,
      )
    }
    const forAdmins = ['403 FORBIDDEN', '403 FORBIDDEN', '200 60']
    const notFound = '404 CONTENT_NOT_FOUND'
    expect(found).toEqual({
      'users/alice/interactions': forAdmins,
      'interactions/by-user/alice': forAdmins,
      'users/nobody/interactions': ['403 FORBIDDEN', '403 FORBIDDEN', '404 NOT_FOUND'],
      'users/alice/stats': forAdmins,
      'interactions/analytics/user-behavior/alice': ['403 FORBIDDEN', '403 FORBIDDEN', '200 0'],
      'interactions/analytics/global': ['403 FORBIDDEN', '403 FORBIDDEN', '200 1'],
      [`interactions/by-content/${contents[2]}`]: ['200 0', '200 0', '200 0'],
      [`interactions/by-content/${contents[0]}`]: [notFound, notFound, notFound],
      [`interactions/by-content/${own}`]: ['200 0', notFound, notFound],
      [`interactions/analytics/content/${contents[0]}`]: [notFound, notFound, '200 20'],
      'interactions/analytics/content/nobody': [notFound, notFound, notFound],
    })
  })
})
