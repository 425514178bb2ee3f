// What a person removes is gone from sight at once, and comes back as it was.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import emptyTrashes from '../../jobs/empty-trash.ts'
import { moveContent } from '../../src/library/contents/addresses.ts'
import { dropUnsaved, keepTrashed } from '../../src/library/contents/drop-unsaved.ts'
import { eraseSaves, eraseTrash } from '../../src/library/contents/erase-saves.ts'
import { normaliseUrl } from '../../src/library/links/normalise-url.ts'
import { moveToTrash } from '../../src/library/trash/store.ts'
import { clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'
import { addUser } from '../support/token.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test asserts what it reads
type Body = any

let trove: Trove
let alice: User
let bob: User
let next = 0
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMITS: 'items_write=10000/1h,writes=10000/1m,items_read=10000/1m' })
})
beforeEach(async () => {
  trove.context.config.TRASH_DAYS = 30
  ;[alice, bob] = [await member(), await member()]
})
afterAll(() => trove.stop())

async function member(): Promise<User> {
  const user = await addUser(trove.database.sql, trove.context.config.JWT_SECRET_KEY!)
  const client = clientOf(request => trove.handle(request), { authorization: `Bearer ${user.token}` })
  return { ...client, ...user, password: '' }
}

const video = () => `https://www.youtube.com/watch?v=trash${String(next++).padStart(6, '0')}`
const remove = (user: User, id: string) => user.send('DELETE', `/v1/items/${id}`)
const restore = (user: User, id: string) => user.post(`/v1/trash/${id}/restore`)
const save = async (user: User, url: string, more = {}): Promise<Body> =>
  (await user.post('/v1/items', { url, ...more })).body
const trashOf = async (user: User): Promise<Body> => (await user.get('/v1/trash')).body
const countOf = async (contentId: string) => {
  const [content] = await trove.database.sql<{ save_count: number; is_unsaved: boolean }[]>`
    select save_count, unsaved_since is not null as is_unsaved from shared_contents where id = ${contentId}`
  return content && [content.save_count, content.is_unsaved]
}
/** As if so many days had passed. */
const letPass = async (days: number) => {
  const { sql } = trove.database
  await sql`update trash set deleted_at = deleted_at - make_interval(days => ${days})`
  await sql`update shared_contents set unsaved_since = unsaved_since - make_interval(days => ${days})`
}
const empty = () => emptyTrashes.run([{}], trove.context)

interface Full {
  url: string
  id: string
  content_id: string
  tag: string
}

/** A save that is READY and has whatever a save can have. */
async function fullSave(user: User): Promise<Full> {
  const { sql } = trove.database
  const url = video()
  const { save: made, content } = await save(user, url, { raw_share_text: 'Quaggas' })
  await sql`
    update shared_contents
    set status = 'READY', run_stage = 'done', title = 'Five brunch cafes', category_high = 'Food & Drink'
    where id = ${content.id}`
  await settle(sql)
  const edit = { is_favorited: true, title: 'Own title', category_high: 'Travel' }
  await user.send('PATCH', `/v1/items/${made.id}`, {
    body: JSON.stringify(edit),
    headers: { 'content-type': 'application/json' },
  })
  await user.get(`/v1/items/${made.id}`)
  const tag = crypto.randomUUID()
  await sql`insert into tags (id, owner_id, name, name_key) values (${tag}, ${user.id}, ${tag}, ${tag})`
  await sql`insert into save_tags (user_id, save_id, tag_id, source) values (${user.id}, ${made.id}, ${tag}, 'user')`
  await sql`insert into joined_saves (user_id, id, save_id) values (${user.id}, ${crypto.randomUUID()}, ${made.id})`
  return { url, id: made.id, content_id: content.id, tag }
}

/** All that a user's library shows, but for when it was looked at last. */
async function library(user: User, id: string) {
  const shown: Body[] = []
  for (const path of [
    `/v1/items/${id}`,
    '/v1/items',
    '/v1/items?status=all&is_archived=all&sort_by=title',
    '/v1/items?search=quaggas',
    '/v1/items/grouped',
    '/v1/search?q=quaggas&mode=text',
  ]) {
    const { status, body } = await user.get(path)
    shown.push([path, status, JSON.parse(JSON.stringify(body), (k, v) => (k === 'last_viewed_at' ? 0 : v))])
  }
  const { sql } = trove.database
  const rows = await sql`
    select to_jsonb(s) - 'last_viewed_at' as save,
      (select jsonb_agg(t) from save_tags t where t.user_id = s.user_id and t.save_id = s.id) as tags,
      (select jsonb_agg(j) from joined_saves j where j.user_id = s.user_id and j.save_id = s.id) as joined
    from user_content_saves s where user_id = ${user.id} order by id`
  const counts = await sql`
    select status, category, is_archived, is_favorited, items from library_counts
    where user_id = ${user.id} and items <> 0 order by 1, 2, 3, 4`
  return { shown, rows: [...rows], counts: [...counts] }
}

describe('what is removed', () => {
  test('is in no list, search, count or group, lies in the trash, and comes back as it was', async () => {
    const { id, content_id, url } = await fullSave(alice)
    const { sql } = trove.database
    const cluster = crypto.randomUUID()
    await sql`
      insert into clusters (user_id, id, label, item_count, centroid, model)
      values (${alice.id}, ${cluster}, 'A label', 1, array_fill(0.1, array[512])::vector, 'test')`
    await sql`insert into cluster_members (user_id, save_id, cluster_id, similarity)
      values (${alice.id}, ${id}, ${cluster}, 0.5)`
    const before = await library(alice, id)
    const seen = (await alice.get(`/v1/items/${id}`)).headers.get('etag')!
    expect((await remove(alice, id)).status).toBe(204)

    const gone = await library(alice, id)
    expect([gone.rows, gone.counts]).toEqual([[], []])
    expect(gone.shown.map(([, status, body]) => [status, body.total ?? body.total_items])).toEqual([
      [404, undefined],
      ...Array.from({ length: 5 }, () => [200, 0]),
    ])
    expect((await alice.get(`/v1/clusters/${cluster}`)).body).toMatchObject({ total_items: 0 })
    expect(await countOf(content_id)).toEqual([0, true])
    const { items, ...paging } = await trashOf(alice)
    expect(paging).toEqual({ total: 1, limit: 20, offset: 0, has_more: false, next_cursor: null })
    const [{ deleted_at, expires_at }] = items
    expect(items).toEqual([
      { id, kind: 'save', title: 'Own title', url: before.shown[0]![2].content.url, deleted_at, expires_at },
    ])
    expect(url).toContain(before.shown[0]![2].content.url.slice(-11))
    expect(Date.parse(expires_at) - Date.parse(deleted_at)).toBe(30 * 86_400_000)

    const { status, body } = await restore(alice, id)
    expect([status, body]).toMatchObject([200, { id, kind: 'save', save: { id, own_title: 'Own title' } }])
    // The group is chosen anew.
    before.shown[0]![2].cluster = null
    expect(await library(alice, id)).toEqual(before)
    expect(await countOf(content_id)).toEqual([1, false])
    expect((await trashOf(alice)).total).toBe(0)
    expect((await alice.get(`/v1/items/${id}`)).headers.get('etag')).not.toBe(seen)
    const jobs = await sql`
      select data ->> 'save_id' as id from pgboss.job where name = 'place-save' and data ->> 'save_id' = ${id}`
    expect(jobs).toHaveLength(1)
    const entries = await sql<{ action: string; details: object }[]>`
      select action, details from audit_entries where resource_id = ${id} order by id`
    expect(entries.slice(-2).map(entry => ({ ...entry }))).toEqual([
      { action: 'delete', details: {} },
      { action: 'trash_restored', details: { kind: 'save' } },
    ])
  })

  test('comes back while its link is still being read, with the job that reads it', async () => {
    const made = await save(alice, video())
    await remove(alice, made.save.id)
    expect((await alice.get(`/v1/jobs/${made.job_id}`)).status).toBe(404)
    expect((await restore(alice, made.save.id)).body.content.status).toBe('PENDING')
    expect((await alice.get(`/v1/jobs/${made.job_id}`)).body).toMatchObject({ status: 'PENDING' })
  })

  test('comes back when its link is saved again, a note that is given then in place of its own', async () => {
    const saved = [await fullSave(alice), await fullSave(alice), await fullSave(alice), await fullSave(alice)]
    const again: Body[] = []
    for (const { id } of saved) await remove(alice, id)
    again.push(await save(alice, saved[0]!.url))
    again.push(await save(alice, saved[1]!.url, { raw_share_text: 'New' }))
    const { body } = await alice.post('/v1/items/batch', {
      items: [
        { url: saved[2]!.url, raw_share_text: 'New' },
        { url: saved[3]!.url },
        { url: video() },
        { url: saved[0]!.url },
      ],
    })
    expect(again.map(it => [it.save.id, it.save.raw_share_text, it.save.is_favorited])).toEqual([
      [saved[0]!.id, 'Quaggas', true],
      [saved[1]!.id, 'New', true],
    ])
    expect(body.results.map((it: Body) => [it.status, it.save_id])).toEqual([
      ['saved', saved[2]!.id],
      ['saved', saved[3]!.id],
      ['saved', expect.any(String)],
      ['duplicate', saved[0]!.id],
    ])
    const rows = await trove.database.sql`
      select s.raw_share_text as note, s.version, t.tag_id
      from user_content_saves s join save_tags t on t.user_id = s.user_id and t.save_id = s.id
      where s.user_id = ${alice.id} order by s.id`
    const expected = saved.map(({ tag }, at) => ({
      ...{ note: [1, 2].includes(at) ? 'New' : 'Quaggas', version: [1, 2].includes(at) ? 3 : 2, tag_id: tag },
    }))
    expect([...rows]).toEqual(expected)
    expect((await alice.get('/v1/items?status=all')).body.total).toBe(5)
    for (const { content_id } of saved) expect(await countOf(content_id)).toEqual([1, false])
    expect((await alice.post('/v1/items', { url: saved[0]!.url })).body.existing_save_id).toBe(saved[0]!.id)
  })

  test('is removed, restored, saved again and dropped by many at once, and counted rightly', async () => {
    const { id, url, content_id } = await fullSave(alice)
    const answers = new Set<string>()
    const many = <T>(ask: () => Promise<T>) => Array.from({ length: 4 }, ask)
    for (let round = 0; round < 3; round++) {
      const removed = await Promise.all(many(() => remove(alice, id)))
      expect(removed.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404])
      const restored = await Promise.all(many(() => restore(alice, id)))
      expect(restored.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404])
      await remove(alice, id)
      const both = await Promise.all([...many(() => restore(alice, id)), ...many(() => save(alice, url))])
      for (const { status, error_code } of both as Body[]) answers.add(`${error_code ?? status}`)
      expect(await countOf(content_id)).toEqual([1, false])
      await Promise.all([remove(alice, id), save(alice, url), restore(alice, id), remove(alice, id)])
      const isThere = (await alice.get(`/v1/items/${id}`)).status === 200
      expect([isThere ? 1 : 0, (await trashOf(alice)).total]).toEqual(isThere ? [1, 0] : [0, 1])
      expect(await countOf(content_id)).toEqual([isThere ? 1 : 0, !isThere])
      await restore(alice, id)
    }
    for (const answer of answers)
      expect(['200', '404', 'NOT_FOUND', 'ALREADY_SAVED', 'undefined']).toContain(answer)
    const { rows, counts } = await library(alice, id)
    expect([rows.length, counts.map(it => it.items)]).toEqual([1, [1]])
    // Either it is dropped first, and the link a new save, or it comes back.
    let last = id
    for (let round = 0; round < 5; round++) {
      await remove(alice, last)
      const [made] = await Promise.all([save(alice, url), alice.send('DELETE', `/v1/trash/${last}`)])
      expect(made.save?.shared_content_id).toBe(content_id)
      expect([await countOf(content_id), (await trashOf(alice)).total]).toEqual([[1, false], 0])
      last = made.save.id
    }
  })

  test('is nobody else’s to see, restore or drop', async () => {
    const { id, url } = await fullSave(alice)
    await remove(alice, id)
    expect((await restore(bob, id)).status).toBe(404)
    expect((await bob.send('DELETE', `/v1/trash/${id}`)).status).toBe(404)
    expect((await bob.send('DELETE', '/v1/trash')).body).toEqual({ deleted: 0 })
    expect(await trashOf(bob)).toMatchObject({ items: [], total: 0 })
    const his = await save(bob, url)
    expect([his.save.id === id, his.save.raw_share_text, his.content.title]).toEqual([
      ...[false, null, 'Five brunch cafes'],
    ])
    expect((await restore(alice, id)).status).toBe(200)
  })

  test('lies in pages, and is dropped one by one or all, in steps', async () => {
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.push((await save(alice, video())).save.id)
    for (const id of ids) await remove(alice, id)
    const walked: string[] = []
    let cursor = ''
    do {
      const { body } = await alice.get(`/v1/trash?limit=2${cursor && `&cursor=${cursor}`}`)
      expect(body.total).toBe(5)
      walked.push(...body.items.map((it: Body) => it.id))
      cursor = body.next_cursor ?? ''
    } while (cursor)
    expect(walked).toEqual(ids.toReversed())
    expect((await alice.send('DELETE', `/v1/trash/${ids[0]}`)).status).toBe(204)
    expect((await alice.send('DELETE', `/v1/trash/${ids[0]}`)).status).toBe(404)
    expect((await restore(alice, ids[0]!)).status).toBe(404)
    await trove.database.sql`
      insert into trash (user_id, id, kind, rows)
      select ${alice.id}, gen_random_uuid(), 'work', '{}' from generate_series(1, 2001)`
    await remove(bob, (await save(bob, video())).save.id)
    expect((await alice.send('DELETE', '/v1/trash')).body).toEqual({ deleted: 2005 })
    expect([(await trashOf(alice)).total, (await trashOf(bob)).total]).toEqual([0, 1])
  })

  test('with TRASH_DAYS 0 is gone at once', async () => {
    const { id, url, content_id } = await fullSave(alice)
    trove.context.config.TRASH_DAYS = 0
    expect((await remove(alice, id)).status).toBe(204)
    expect([(await trashOf(alice)).total, await countOf(content_id)]).toEqual([0, [0, true]])
    const again = await save(alice, url)
    expect([again.save.id === id, again.save.raw_share_text]).toEqual([false, null])
  })
})

describe('with time', () => {
  test('what is older than TRASH_DAYS goes for good, and nothing else', async () => {
    const [old, young] = [await fullSave(alice), await fullSave(alice)]
    await remove(alice, old.id)
    await letPass(29)
    await empty()
    expect((await trashOf(alice)).total).toBe(1)
    await remove(alice, young.id)
    await letPass(2)
    await empty()
    expect((await trashOf(alice)).items.map((it: Body) => it.id)).toEqual([young.id])
  })

  test('a content stays as long as it lies in somebody’s trash, and goes when it does not', async () => {
    const { sql } = trove.database
    const dropAll = async () => {
      await keepTrashed(sql, 100)
      await sql.begin(tx => dropUnsaved(tx, 100))
    }
    trove.context.config.TRASH_DAYS = 365
    const { id, content_id } = await fullSave(alice)
    await remove(alice, id)
    await letPass(100)
    // Not even where the days did not begin anew.
    await sql.begin(tx => dropUnsaved(tx, 100))
    expect(await countOf(content_id)).toEqual([0, true])
    await dropAll()
    expect((await restore(alice, id)).body.content.title).toBe('Own title')
    await remove(alice, id)
    await letPass(100)
    await dropAll()
    await alice.send('DELETE', `/v1/trash/${id}`)
    await dropAll()
    expect(await countOf(content_id)).toEqual([0, true])
    await letPass(31)
    await dropAll()
    expect(await countOf(content_id)).toBeUndefined()
  })

  test('a content that becomes another one takes what lies in the trash along', async () => {
    const { sql } = trove.database
    const [here, there] = [await fullSave(alice), await fullSave(bob)]
    const [third, fourth] = [await save(alice, video()), await save(alice, there.url)]
    await remove(alice, here.id)
    await remove(alice, third.save.id)
    for (const content_id of [here.content_id, third.content.id]) {
      const [content] = await sql<{ attempt: string }[]>`
        select attempt from shared_contents where id = ${content_id}`
      const link = normaliseUrl(there.url, trove.context.config)!
      await sql.begin(tx => moveContent(tx, { content_id, ...content! }, link, true))
    }
    // The other one is of what she has by now.
    const refused = await restore(alice, third.save.id)
    expect([refused.status, refused.body.error_code]).toEqual([409, 'SAVED_AGAIN'])
    await remove(alice, fourth.save.id)
    const { status, body } = await restore(alice, here.id)
    expect([status, body.save?.shared_content_id]).toEqual([200, there.content_id])
    expect(await countOf(there.content_id)).toEqual([2, false])
  })

  test('an account that goes takes its trash along, and leaves what lies in another’s', async () => {
    const { sql } = trove.database
    const [own, shared] = [await fullSave(alice), await fullSave(alice)]
    const his = await save(bob, shared.url)
    await remove(alice, own.id)
    await remove(bob, his.save.id)
    for (const erase of [eraseSaves, eraseTrash]) await sql.begin(tx => erase(tx, alice.id, 100))
    expect(await countOf(own.content_id)).toBeUndefined()
    expect(await countOf(shared.content_id)).toEqual([0, false])
    expect((await trashOf(alice)).total).toBe(0)
    expect((await restore(bob, his.save.id)).status).toBe(200)
  })
})

test('a work comes back with its tags, but for those that are no more', async () => {
  const { sql } = trove.database
  const work = crypto.randomUUID()
  const [kept, gone] = [crypto.randomUUID(), crypto.randomUUID()]
  // Wider than what JavaScript holds.
  const size = '9007199254740993'
  await sql`
    insert into works (user_id, id, content_type, title, data, file_size)
    values (${alice.id}, ${work}, 'text', 'A work', '{"n": 12345678901234567890.10}', ${size}::text::bigint)`
  for (const tag of [kept, gone]) {
    await sql`insert into tags (id, owner_id, name, name_key) values (${tag}, ${alice.id}, ${tag}, ${tag})`
    await sql`insert into work_tags (user_id, work_id, tag_id, source) values (${alice.id}, ${work}, ${tag}, 'ai')`
  }
  const rows = async () =>
    (
      await sql<{ row: string }[]>`
        select w::text as row from works w where id = ${work}
        union all select t::text from work_tags t where work_id = ${work} and tag_id <> ${gone} order by 1`
    ).map(({ row }) => row)
  const before = await rows()
  expect(before).toHaveLength(2)
  await sql.begin(tx => moveToTrash(tx, alice.id, 'work', work))
  expect(await rows()).toEqual([])
  await sql`delete from tags where id = ${gone}`
  expect((await trashOf(alice)).items).toMatchObject([{ id: work, kind: 'work', title: 'A work' }])
  expect((await restore(alice, work)).body).toEqual({ id: work, kind: 'work' })
  expect(await rows()).toEqual(before)
  const tags = await sql`select tag_id from work_tags where work_id = ${work}`
  expect([...tags]).toEqual([{ tag_id: kept }])
})
