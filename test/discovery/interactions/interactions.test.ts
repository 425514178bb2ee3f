// What users do with contents: kept once, changed and removed by themselves alone, one by one or in bulk.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import dropOldRows from '#jobs/drop-old-rows'
import { createApp } from '../../../src/app.ts'
import { type Answer, startTrove, type Trove } from '../../support/app.ts'
import { newPerson, newSave, newWork, type Person, withBody } from './people.ts'

let trove: Trove
let alice: Person
let bob: Person
/** Of alice. */
let save: string
let work: string
/** Of bob. */
let shared: string
let hidden: string
beforeAll(async () => {
  trove = await startTrove({ INTERACTION_DAYS: '10' })
  ;[alice, bob] = [await newPerson(trove), await newPerson(trove)]
  ;[save, work] = [await newSave(alice), await newWork(trove, alice)]
  shared = await newWork(trove, bob, { is_public: true })
  hidden = await newWork(trove, bob)
})
afterAll(() => trove.stop())

const told = ({ status, body }: Answer) =>
  `${status} ${body.error_code ?? ''}${body.field_errors ? ` ${body.field_errors[0].loc.slice(1).join('.')}` : ''}`.trim()
const ratingOf = async (who: Person, content: string) => {
  const [row] = await trove.database.sql<{ rating: number }[]>`
    select rating::float8 as rating from content_ratings where user_id = ${who.id} and content_id = ${content}`
  return row?.rating
}
const count = async (who: Person) => (await who.get('/v1/interactions?limit=1')).body.total

describe('an interaction', () => {
  test('is kept as it was sent, and is found at its address', async () => {
    const sent = {
      content_id: save,
      interaction_type: 'dwell',
      duration_ms: 8400,
      metadata: { from: { page: 2 } },
    }
    const { status, body, headers } = await alice.post('/v1/interactions', sent)
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`/v1/interactions/${body.id}`)
    expect(body).toEqual({
      ...sent,
      id: expect.any(String),
      user_id: alice.id,
      rating: null,
      created_at: expect.any(String),
      updated_at: body.created_at,
    })
    expect((await alice.get(`/api/v1/interactions/${body.id}`)).body).toEqual(body)
  })

  test('is with a save or a work of one’s own, or with what another made public', async () => {
    const archived = await newSave(bob)
    const open = await newSave(bob)
    const { sql } = trove.database
    await sql`update user_content_saves set is_public = true, is_archived = id = ${archived}
      where user_id = ${bob.id} and id in ${sql([archived, open])}`
    const joined = crypto.randomUUID()
    await sql`insert into joined_saves (user_id, id, save_id) values (${alice.id}, ${joined}, ${save})`
    const contents = { save, work, shared, open, joined, archived, hidden, nobodys: crypto.randomUUID() }
    const found: Record<string, string> = {}
    for (const [name, content_id] of Object.entries(contents)) {
      const answer = await alice.post('/v1/interactions', { content_id, interaction_type: 'click' })
      found[name] = told(answer)
      if (name === 'joined') expect(answer.body.content_id).toBe(save)
    }
    expect(found).toEqual({
      save: '201',
      work: '201',
      shared: '201',
      open: '201',
      joined: '201',
      archived: '404 CONTENT_NOT_FOUND',
      hidden: '404 CONTENT_NOT_FOUND',
      nobodys: '404 CONTENT_NOT_FOUND',
    })
  })

  test('is refused by the field that is wrong', async () => {
    const good = { content_id: save, interaction_type: 'view' }
    const found: string[] = []
    for (const wrong of [
      { content_id: 'x' },
      { id: 'x' },
      { interaction_type: 'stare' },
      { interaction_type: 'rate' },
      { rating: 0.5 },
      { rating: 5.5 },
      { rating: 4.25 },
      { rating: '4' },
      { duration_ms: -1 },
      { duration_ms: 86_400_001 },
      { duration_ms: 1.5 },
      { metadata: [] },
      { metadata: { text: 'x'.repeat(4096) } },
      { metadata: { text: 'a\u0000b' } },
      { created_at: '2026-01-15T00:00:00.000Z' },
    ])
      found.push(told(await alice.post('/v1/interactions', { ...good, ...wrong })))
    const code = '422 VALIDATION_ERROR'
    expect(found).toEqual([
      `${code} content_id`,
      `${code} id`,
      `${code} interaction_type`,
      ...Array.from({ length: 5 }, () => `${code} rating`),
      ...Array.from({ length: 3 }, () => `${code} duration_ms`),
      ...Array.from({ length: 3 }, () => `${code} metadata`),
      `${code} created_at`,
    ])
    const edges = [
      { interaction_type: 'rate', rating: 1, duration_ms: 0 },
      { interaction_type: 'like', rating: 5, duration_ms: 86_400_000 },
    ]
    for (const edge of edges)
      expect((await alice.post('/v1/interactions', { content_id: work, ...edge })).status).toBe(201)
  })

  test('with an id of the client is kept once, however often and at once it is sent', async () => {
    const before = await count(alice)
    const sent = { content_id: work, interaction_type: 'rate', rating: 2.5, metadata: { b: [1], a: -0 } }
    const id = crypto.randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => alice.post('/v1/interactions', { ...sent, id: id.toUpperCase() })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 11 }, () => 200),
      201,
    ])
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    const repeated = answers.find(({ status }) => status === 200)!
    expect(repeated.headers.has('location')).toBe(false)
    const found: string[] = []
    for (const change of [
      {},
      { metadata: { a: 0, b: [1] } },
      { metadata: {} },
      { rating: 3 },
      { duration_ms: 1 },
      { interaction_type: 'like' },
      { content_id: save },
      { content_id: hidden },
    ])
      found.push(told(await alice.post('/v1/interactions', { ...sent, id, ...change })))
    const taken = '409 INTERACTION_ID_TAKEN'
    expect(found).toEqual(['200', '200', taken, taken, taken, taken, taken, taken])
    expect(await count(alice)).toBe(before + 1)
    // Ids are each user's own.
    expect(
      told(await bob.post('/v1/interactions', { content_id: hidden, interaction_type: 'view', id })),
    ).toBe('201')
  })

  test('that was sent again after its content is gone is still the same', async () => {
    const content_id = await newWork(trove, alice)
    const sent = { content_id, interaction_type: 'view', id: crypto.randomUUID() }
    expect((await alice.post('/v1/interactions', sent)).status).toBe(201)
    await trove.database.sql`delete from works where id = ${content_id}`
    expect(told(await alice.post('/v1/interactions', sent))).toBe('200')
    expect(told(await alice.post('/v1/interactions', { ...sent, id: crypto.randomUUID() }))).toBe(
      '404 CONTENT_NOT_FOUND',
    )
    expect((await alice.get(`/v1/interactions/by-content/${content_id}`)).body.total).toBe(1)
  })

  test('answers as it did under an Idempotency-Key', async () => {
    const sent = { content_id: work, interaction_type: 'share', id: crypto.randomUUID() }
    const keys = [crypto.randomUUID(), crypto.randomUUID()]
    const statuses: number[] = []
    for (const key of [keys[0], keys[1], keys[0], keys[1]])
      statuses.push((await alice.post('/v1/interactions', sent, { 'idempotency-key': key! })).status)
    expect(statuses).toEqual([201, 200, 201, 200])
  })

  test('that rates is what the user thinks of the content from now on', async () => {
    const content_id = await newWork(trove, bob, { is_public: true })
    const rate = (rating: number) =>
      alice.post('/v1/interactions', { content_id, interaction_type: 'rate', rating })
    const { body } = await rate(3.5)
    expect(await ratingOf(alice, content_id)).toBe(3.5)
    await rate(4)
    expect(await ratingOf(alice, content_id)).toBe(4)
    await alice.send('PATCH', `/v1/interactions/${body.id}`, withBody({ rating: 1.5 }))
    expect(await ratingOf(alice, content_id)).toBe(1.5)
    await alice.post('/v1/interactions', { content_id, interaction_type: 'like', rating: 5 })
    await alice.send('PATCH', `/v1/interactions/${body.id}`, withBody({ metadata: { a: 1 } }))
    expect((await alice.send('DELETE', `/v1/interactions/${body.id}`)).status).toBe(204)
    expect(await ratingOf(alice, content_id)).toBe(1.5)
    expect(await ratingOf(bob, content_id)).toBeUndefined()
  })

  test('of a view is one of the save’s', async () => {
    const viewed = async (id: string) => {
      const [row] = await trove.database.sql`select last_viewed_at from user_content_saves where id = ${id}`
      return row!.last_viewed_at !== null
    }
    const types = ['click', 'view', 'open']
    const saves = await Promise.all(types.map(() => newSave(alice)))
    for (const [i, interaction_type] of types.entries())
      await alice.post('/v1/interactions', { content_id: saves[i], interaction_type })
    expect(await Promise.all(saves.map(viewed))).toEqual([false, true, true])
    // Not by who looks at what is another's.
    const open = await newSave(bob)
    await trove.database.sql`update user_content_saves set is_public = true where id = ${open}`
    await alice.post('/v1/interactions', { content_id: open, interaction_type: 'view' })
    expect(await viewed(open)).toBe(false)
  })

  test('is changed in parts, by PUT and PATCH', async () => {
    const { body: made } = await alice.post('/v1/interactions', {
      content_id: save,
      interaction_type: 'view',
      duration_ms: 5,
      metadata: { a: 1 },
    })
    const at = `/v1/interactions/${made.id}`
    const put = await alice.send('PUT', at, withBody({ duration_ms: null, rating: 4 }))
    expect(put.body).toEqual({ ...made, duration_ms: null, rating: 4, updated_at: expect.any(String) })
    const patched = await alice.send('PATCH', at, withBody({ interaction_type: 'rate', metadata: {} }))
    expect(patched.body).toMatchObject({ interaction_type: 'rate', rating: 4, metadata: {} })
    const found: string[] = []
    for (const body of [{}, { rating: null }, { content_id: work }, { metadata: null }])
      found.push(told(await alice.send('PATCH', at, withBody(body))))
    const code = '422 VALIDATION_ERROR'
    expect(found).toEqual([code, `${code} rating`, `${code} content_id`, `${code} metadata`])
    expect((await alice.get(at)).body).toEqual(patched.body)
    const { body: audit } = await alice.get('/v1/audit?action=interaction_edited')
    expect(audit.entries[0]).toMatchObject({
      resource_id: made.id,
      details: { fields: ['interaction_type', 'metadata'] },
    })
  })

  test('is nobody else’s to see, change or remove', async () => {
    const canary = 'seen-by-alice-alone'
    const { body } = await alice.post('/v1/interactions', {
      content_id: shared,
      interaction_type: 'view',
      metadata: { canary },
    })
    const admin = await newPerson(trove, 'admin')
    const at = `/v1/interactions/${body.id}`
    const found: string[] = []
    for (const who of [bob, admin])
      for (const [method, init] of [
        ['GET', {}],
        ['PUT', withBody({ rating: 1 })],
        ['DELETE', {}],
      ] as const)
        found.push(told(await who.send(method, at, init)))
    expect(found).toEqual(Array.from({ length: 6 }, () => '404 NOT_FOUND'))
    const texts: string[] = []
    for (const path of [
      '/v1/interactions',
      '/v1/interactions/recent',
      '/v1/interactions/top-rated',
      '/v1/interactions/by-type/view',
      `/v1/interactions/by-content/${shared}`,
      `/v1/interactions/by-user/${alice.id}`,
      `/v1/users/${alice.id}/interactions`,
      `/v1/users/${alice.id}/stats`,
      `/v1/users/${bob.id}/stats`,
      `/v1/interactions/analytics/content/${shared}`,
      `/v1/interactions/analytics/content/${save}`,
      `/v1/interactions/analytics/user-behavior/${alice.id}`,
      `/v1/interactions/analytics/user-behavior/${bob.id}`,
      '/v1/interactions/analytics/global',
    ])
      texts.push(JSON.stringify((await bob.get(path)).body))
    expect(texts.filter(text => text.includes(canary) || text.includes(alice.id))).toEqual([])
    expect((await alice.get(at)).status).toBe(200)
  })

  test('is kept for INTERACTION_DAYS', async () => {
    const carol = await newPerson(trove)
    const content_id = await newWork(trove, carol)
    const [old, young] = await Promise.all(
      [1, 2].map(
        async () => (await carol.post('/v1/interactions', { content_id, interaction_type: 'view' })).body.id,
      ),
    )
    await trove.database.sql`
      update interactions set created_at = now() - case id when ${old} then interval '11 days' else interval '9 days' end
      where user_id = ${carol.id}`
    await dropOldRows.run([{}], trove.context)
    const { body } = await carol.get('/v1/interactions')
    expect([body.total, body.items.map(({ id }: { id: string }) => id)]).toEqual([1, [young]])
  })
})

describe('a bulk', () => {
  const bulk = (who: Person, interactions: unknown[]) => who.post('/v1/interactions/bulk', { interactions })

  test('has a result for each row, and a wrong one stops no other', async () => {
    const carol = await newPerson(trove)
    const content_id = await newSave(carol)
    const known = { content_id, interaction_type: 'view', id: crypto.randomUUID() }
    await carol.post('/v1/interactions', known)
    const id = crypto.randomUUID()
    const { status, body } = await bulk(carol, [
      { content_id, interaction_type: 'rate', rating: 2 },
      { content_id, interaction_type: 'rate' },
      { content_id: hidden, interaction_type: 'view' },
      { content_id: shared, interaction_type: 'like', id },
      known,
      { ...known, rating: 3 },
      { content_id: shared, interaction_type: 'like', id },
      { content_id: shared, interaction_type: 'dislike', id },
      'nothing',
      { content_id, interaction_type: 'stare', colour: 'red' },
      { content_id, interaction_type: 'rate', rating: 4.5 },
      { content_id: hidden, interaction_type: 'view', id: crypto.randomUUID() },
    ])
    expect(status).toBe(200)
    const any = expect.any(String)
    expect(body.results).toEqual([
      { index: 0, status: 'created', id: any },
      { index: 1, status: 'invalid', error: 'rating is required with interaction_type rate' },
      { index: 2, status: 'not_found', error: any },
      { index: 3, status: 'created', id },
      { index: 4, status: 'duplicate', id: known.id },
      { index: 5, status: 'invalid', error: 'Another of your interactions has this id' },
      { index: 6, status: 'duplicate', id },
      { index: 7, status: 'invalid', error: 'Another of your interactions has this id' },
      { index: 8, status: 'invalid', error: 'expected Object' },
      {
        index: 9,
        status: 'invalid',
        error: expect.stringMatching(/colour is no field .*; interaction_type must be one of/),
      },
      { index: 10, status: 'created', id: any },
      { index: 11, status: 'not_found', error: any },
    ])
    expect(await count(carol)).toBe(4)
    expect(await ratingOf(carol, content_id)).toBe(4.5)
  })

  test('has 1 to 500 rows, which all count', async () => {
    expect(told(await bulk(alice, []))).toBe('422 VALIDATION_ERROR interactions')
    const row = { content_id: work, interaction_type: 'view' }
    expect(
      told(
        await bulk(
          alice,
          Array.from({ length: 501 }, () => row),
        ),
      ),
    ).toBe('422 VALIDATION_ERROR interactions')
    const { config } = trove.context
    const RATE_LIMITS = { ...config.RATE_LIMITS, interactions: { quota: 5, seconds: 86_400 } }
    const limited = createApp({
      ...trove.context,
      config: { ...config, RATE_LIMIT_ENABLED: true, RATE_LIMITS },
    })
    const carol = await newPerson(trove, 'normal', request => limited.app.handle(request))
    const rows = (length: number) =>
      Array.from({ length }, () => ({ content_id: shared, interaction_type: 'view' }))
    const statuses: number[] = []
    for (const length of [3, 3, 1]) statuses.push((await bulk(carol, rows(length))).status)
    await limited.close()
    expect(statuses).toEqual([200, 429, 200])
    const [kept] = await trove.database.sql`
      select count(*) as count from interactions where user_id = ${carol.id}`
    expect(kept).toEqual({ count: 4 })
  })

  test('of 500 is kept in order by a handful of statements, once though it is sent twice at once', async () => {
    const carol = await newPerson(trove)
    const contents = await Promise.all(Array.from({ length: 20 }, () => newSave(carol)))
    const types = ['view', 'open', 'click', 'rate', 'like']
    const rows = Array.from({ length: 500 }, (_, i) => ({
      id: crypto.randomUUID(),
      content_id: contents[i % 20],
      interaction_type: types[i % 5],
      rating: ((i % 9) + 2) / 2,
      metadata: { i },
    }))
    const backwards = rows.toReversed()
    const answers = await Promise.all([rows, backwards, rows, backwards].map(all => bulk(carol, all)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const statuses = answers.flatMap(({ body }) => body.results.map((it: { status: string }) => it.status))
    expect(
      Object.entries(Object.groupBy(statuses, it => it))
        .map(([it, all]) => [it, all!.length])
        .sort(),
    ).toEqual([
      ['created', 500],
      ['duplicate', 1500],
    ])
    expect(await count(carol)).toBe(500)
  })
})

test('after all of this each user’s interactions are counted as they are', async () => {
  const { sql } = trove.database
  const counted = await sql`
    select user_id, interaction_type, interactions from interaction_counts where interactions <> 0 order by 1, 2`
  const rows = await sql`
    select user_id, interaction_type, count(*) as interactions from interactions group by 1, 2 order by 1, 2`
  expect(rows.length).toBeGreaterThan(10)
  expect([...counted]).toEqual([...rows])
})
