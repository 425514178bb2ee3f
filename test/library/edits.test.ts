import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import { clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'
import { addUser } from '../support/token.ts'

let trove: Trove
let user: User
beforeAll(async () => {
  trove = await startTrove()
  user = await trove.register()
})
afterAll(() => trove.stop())

let next = 0
const video = () => `https://www.youtube.com/watch?v=edits${String(next++).padStart(6, '0')}`
const patch = (who: User, id: string, body: unknown, headers = {}) =>
  who.send('PATCH', `/v1/items/${id}`, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
const save = async (who = user, url = video()) => (await who.post('/v1/items', { url })).body
const actions = async (id: string) =>
  (await trove.database.sql`select action from audit_entries where resource_id = ${id} order by id`).map(
    it => it.action,
  )

describe('editing', () => {
  test('changes what is named, leaves the rest, and is audited', async () => {
    const { save: made } = await save()
    await patch(user, made.id, { is_favorited: true, raw_share_text: ' <i>soon</i> ' })
    const { status, body } = await patch(user, made.id, { is_archived: true })
    expect(status).toBe(200)
    expect(body.save).toMatchObject({ is_favorited: true, is_archived: true, raw_share_text: 'soon' })
    expect((await patch(user, made.id, { raw_share_text: null })).body.save.raw_share_text).toBeNull()
    expect(await actions(made.id)).toEqual(['save', 'edit', 'edit', 'edit'])
  })

  test('with the ETag of an older version is 412, and a view or a job makes none older', async () => {
    const { save: made, content } = await save()
    const seen = (await user.get(`/v1/items/${made.id}`)).headers.get('etag')!
    await user.get(`/v1/items/${made.id}`)
    await trove.database.sql`update shared_contents set title = 'Later' where id = ${content.id}`
    await settle(trove.database.sql)
    const first = await patch(user, made.id, { is_favorited: true }, { 'if-match': seen })
    expect(first.status).toBe(200)
    const stale = await patch(user, made.id, { is_favorited: false }, { 'if-match': seen })
    expect(stale.status).toBe(412)
    expect((await user.get(`/v1/items/${made.id}`)).body.save.is_favorited).toBe(true)
    const tag = first.headers.get('etag')!
    expect((await patch(user, made.id, { is_favorited: false }, { 'if-match': tag })).status).toBe(200)
    expect((await patch(user, made.id, {}, { 'if-match': '*' })).status).toBe(422)
  })

  test('one item is 304 until it is edited', async () => {
    const { save: made } = await save()
    const tag = { 'if-none-match': (await user.get(`/v1/items/${made.id}`)).headers.get('etag')! }
    expect((await user.get(`/v1/items/${made.id}`, tag)).status).toBe(304)
    await patch(user, made.id, { is_favorited: true })
    expect((await user.get(`/v1/items/${made.id}`, tag)).status).toBe(200)
  })
})

test('removing takes the save and its count, and leaves the content to others', async () => {
  const url = video()
  const other = await trove.register()
  const mine = await save(user, url)
  await save(other, url)
  expect((await user.send('DELETE', `/v1/items/${mine.save.id}`)).status).toBe(204)
  expect((await user.get(`/v1/items/${mine.save.id}`)).status).toBe(404)
  expect((await user.send('DELETE', `/v1/items/${mine.save.id}`)).status).toBe(404)
  const [content] = await trove.database
    .sql`select save_count from shared_contents where id = ${mine.content.id}`
  expect(content).toEqual({ save_count: 1 })
  expect(await actions(mine.save.id)).toEqual(['save', 'delete'])
})

test('nothing of another user can be edited, removed or read anew, nor is it said to exist', async () => {
  const { save: made } = await save()
  const other = await trove.register()
  for (const id of [made.id, crypto.randomUUID()]) {
    for (const answer of [
      await patch(other, id, { is_favorited: true }),
      await other.send('DELETE', `/v1/items/${id}`),
      await other.post(`/v1/items/${id}/reprocess`),
    ]) {
      expect(answer.status).toBe(404)
      expect(answer.body.detail).toBe('Save not found or does not belong to you')
    }
  }
  expect(await actions(made.id)).toEqual(['save'])
})

test('reading anew takes a new attempt: FAILED starts over, READY stays in everybody’s lists', async () => {
  const { save: made, content } = await save()
  const state = async () =>
    (await trove.database.sql`select status, attempt from shared_contents where id = ${content.id}`)[0]!
  for (const [before, after] of [
    ['FAILED', 'PENDING'],
    ['READY', 'READY'],
  ]) {
    await trove.database.sql`
      update shared_contents set status = ${before!}, run_stage = null where id = ${content.id}`
    await settle(trove.database.sql)
    const { attempt } = await state()
    const { status, body } = await user.post(`/v1/items/${made.id}/reprocess`)
    expect(status).toBe(202)
    expect((await user.get(`/v1/jobs/${body.job_id}`)).body.type).toBe('fetch-content')
    expect((await state()).status).toBe(after)
    expect((await state()).attempt).not.toBe(attempt)
  }
})

describe('a batch', () => {
  test('saves what can be saved and says of each what became of it', async () => {
    const [known, fresh] = [video(), video()]
    const { save: made } = await save(user, known)
    const items = [
      { url: 'nonsense' },
      { url: known },
      { url: fresh, raw_share_text: 'note' },
      { url: `${fresh}&si=x` },
    ]
    const { status, body } = await user.post('/v1/items/batch', { items })
    expect(status).toBe(200)
    expect(body.results.map((it: { status: string }) => it.status)).toEqual([
      'invalid',
      'duplicate',
      'saved',
      'duplicate',
    ])
    expect(body.results[1].save_id).toBe(made.id)
    expect(body.results[3].save_id).toBe(body.results[2].save_id)
    const { body: item } = await user.get(`/v1/items/${body.results[2].save_id}`)
    expect(item).toMatchObject({ save: { raw_share_text: 'note' }, content: { save_count: 1 } })
  })

  test('holds 1 to 100 items', async () => {
    for (const count of [0, 101]) {
      const items = Array.from({ length: count }, () => ({ url: 'x' }))
      expect((await user.post('/v1/items/batch', { items })).status).toBe(422)
    }
  })

  test('says of what no text may be that it is invalid, with a key too, and saves the rest', async () => {
    const long = `https://youtu.be/${'x'.repeat(10_000)}`
    const odd = ['https://youtu.be/a\0b', 'https://youtu.be/\ud800', '\udc00', long]
    const urls = [...odd, video()]
    const key = { 'idempotency-key': crypto.randomUUID() }
    const first = await user.post('/v1/items/batch', { items: urls.map(url => ({ url })) }, key)
    expect([first.status, first.body.results.map((it: { status: string }) => it.status)]).toEqual([
      200,
      [...odd.map(() => 'invalid'), 'saved'],
    ])
    for (const { url } of first.body.results) {
      expect([url.isWellFormed(), url.includes('\0'), url.length <= 2048]).toEqual([true, false, true])
    }
    expect(first.body.results[3].url).toBe(long.slice(0, 2048))
    const again = await user.post('/v1/items/batch', { items: urls.map(url => ({ url })) }, key)
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([first.body, 'true'])
  })

  test('and a save with an Idempotency-Key are done once and answered alike', async () => {
    for (const [path, body] of [
      ['/v1/items/batch', { items: [{ url: video() }] }],
      ['/v1/items', { url: video() }],
    ] as const) {
      const key = { 'idempotency-key': crypto.randomUUID() }
      const first = await user.post(path, body, key)
      const again = await user.post(path, body, key)
      expect(again.status).toBe(first.status)
      expect(again.body).toEqual(first.body)
      expect(again.headers.get('idempotency-replayed')).toBe('true')
      expect(again.headers.get('location')).toBe(first.headers.get('location'))
    }
  })
})

describe('a crowd', () => {
  let people: User[]
  let app: ReturnType<typeof createApp>
  afterAll(() => app.close())
  beforeAll(async () => {
    app = createApp(trove.context)
    // Without passwords: two hundred hashes would take a minute.
    people = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const email = `crowd${i}@example.com`
        const { token, ...account } = await addUser(
          trove.database.sql,
          trove.context.config.JWT_SECRET_KEY!,
          email,
        )
        const authorization = `Bearer ${token}`
        const own = clientOf(request => app.app.handle(request), { authorization })
        return { ...own, id: account.id, email, password: '', token: '' }
      }),
    )
  })
  const counts = (id: string) => trove.database.sql`
    select c.save_count, (select count(*)::integer from user_content_saves where shared_content_id = c.id) as saves,
      (select count(*)::integer from pgboss.job where data ->> 'content_id' = c.id::text) as jobs
    from shared_contents c
    where c.external_id = ${id}`

  test('of 200 that saves one link in 50 spellings makes one content, one job and the count of 200', async () => {
    const hosts = ['https://youtu.be/', 'http://www.youtube.com/watch?v=', 'https://m.youtube.com/shorts/']
    const tails = ['', '#t=1', ...Array.from({ length: 15 }, (_, i) => `utm_source=${i}`)]
    const spellings = hosts.flatMap(host =>
      tails.map(tail => {
        const separator = tail.startsWith('#') || tail === '' ? '' : host.endsWith('=') ? '&' : '?'
        return `${host}crowd-00000${separator}${tail}`
      }),
    )
    expect(new Set(spellings).size).toBeGreaterThanOrEqual(50)
    const statuses = await Promise.all(
      people.map(async (person, i) => (await person.post('/v1/items', { url: spellings[i % 50] })).status),
    )
    expect(statuses).toEqual(Array(200).fill(201))
    expect([...(await counts('crowd-00000'))]).toEqual([{ save_count: 200, saves: 200, jobs: 1 }])
  })

  test('of 200 that saves and removes at once leaves a count that is the number of saves', async () => {
    const url = 'https://youtu.be/crowd-00001'
    await Promise.all(
      people.map(async (person, i) => {
        const { body } = await person.post('/v1/items', { url })
        if (i % 2) await person.send('DELETE', `/v1/items/${body.save.id}`)
        if (i % 4 === 3) await person.post('/v1/items/batch', { items: [{ url }] })
      }),
    )
    expect([...(await counts('crowd-00001'))]).toEqual([{ save_count: 150, saves: 150, jobs: 1 }])
  })
})
