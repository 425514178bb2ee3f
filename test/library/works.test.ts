// Works, and what saves have in common with them: made, changed, rated, tagged, shown and removed.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Answer, type Client, clientOf, startTrove, type Trove } from '../support/app.ts'
import { addUser } from '../support/token.ts'

interface Person extends Client {
  id: string
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  remove(path: string): Promise<Answer>
}

let trove: Trove
let alice: Person
let bob: Person
let root: Person

async function addPerson(): Promise<Person> {
  const { id, token } = await addUser(trove.database.sql, trove.context.config.JWT_SECRET_KEY!)
  const client = clientOf(request => trove.handle(request), { authorization: `Bearer ${token}` })
  const send = (method: string) => (path: string, body: unknown, headers: Record<string, string>) =>
    client.send(method, path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  return {
    ...{ ...client, id },
    put: (path, body, headers = {}) => send('PUT')(path, body, headers),
    patch: (path, body, headers = {}) => send('PATCH')(path, body, headers),
    remove: path => client.send('DELETE', path),
  }
}

beforeAll(async () => {
  trove = await startTrove()
  ;[alice, bob, root] = [await addPerson(), await addPerson(), await addPerson()]
  await trove.database.sql`update users set role = 'admin' where id = ${root.id}`
})
afterAll(() => trove.stop())

const TEXT = { title: 'A walk', data: { text: 'Along the river.' } }
const make = async (who: Client, body: object = TEXT): Promise<string> => {
  const answer = await who.post('/v1/content', body)
  expect([answer.status, answer.body.detail]).toEqual([201, undefined])
  return answer.body.id
}
let links = 0
/** A save as a content; its page is understood. */
const save = async (who: Client): Promise<string> => {
  const { body } = await who.post('/v1/items', {
    url: `https://youtu.be/works${String(links++).padStart(6, '0')}`,
  })
  return body.save.id
}
const path = (id: string, part = '') => `/v1/content/${id}${part}`
const auditOf = async (id: string): Promise<string[]> => {
  const rows = await trove.database.sql<{ action: string }[]>`
    select action from audit_entries where resource_id = ${id} order by created_at, id`
  return rows.map(({ action }) => action)
}

describe('a work', () => {
  test('is what was sent, and its user’s alone', async () => {
    const whole = {
      title: 'A picture',
      content_type: 'image',
      file_url: 'https://files.example/a.png',
      thumbnail_url: 'https://files.example/a-small.png',
      ...{ width: 640, height: 480, file_size: 81_920, mime_type: 'image/png' },
      ...{ prompt: 'a river', negative_prompt: 'people', generation_settings: { steps: 20 } },
      ...{ content_category: 'Landscapes', character_id: crypto.randomUUID(), character_name: 'Ida' },
      ...{ quality_score: 0.5, is_approved: true, is_nsfw: true, is_public: false, tags: ['River', 'blue'] },
    }
    const made = await alice.post('/v1/content', whole)
    expect([made.status, made.headers.get('location')]).toEqual([201, path(made.body.id)])
    const { thumbnail_url } = whole
    const shown = {
      ...{ ...whole, tags: ['blue', 'River'], ai_tags: [], data: {}, excerpt: null, link: null },
      ...{ id: made.body.id, creator_id: alice.id, creator_username: null, path_thumb: thumbnail_url },
      ...{ source_type: 'regular', content_source_type: 'items', times_used: 0, user_rating: null },
      ...{ created_at: expect.any(String), updated_at: expect.any(String) },
    }
    expect(made.body).toEqual(shown)
    expect((await alice.get(path(made.body.id))).body).toEqual(shown)
    expect((await bob.get(path(made.body.id))).status).toBe(404)
    expect(await auditOf(made.body.id)).toEqual(['content_created'])
  })

  test('is made once for an Idempotency-Key', async () => {
    const key = { 'idempotency-key': crypto.randomUUID() }
    const [first, again] = [
      await alice.post('/v1/content', TEXT, key),
      await alice.post('/v1/content', TEXT, key),
    ]
    expect([again.status, again.body.id]).toEqual([201, first.body.id])
  })

  test('is refused, by the name of what is wrong with it', async () => {
    const image = { title: 'A', content_type: 'image', file_url: 'https://files.example/a.png' }
    const cases: [string, object][] = [
      ['title', { data: { text: 'a' } }],
      ['title', { ...TEXT, title: '  ' }],
      ['title', { ...TEXT, title: 'a'.repeat(501) }],
      ['content_type', { ...TEXT, content_type: 'sound' }],
      ['data', { title: 'A' }],
      ['data.text', { title: 'A', data: { text: 'a'.repeat(100_001) } }],
      ['data.html', { title: 'A', data: { text: 'a', html: '<b>' } }],
      ['file_url', { title: 'A', content_type: 'video', data: { text: 'a' } }],
      ['file_url', { ...image, file_url: '/data/files/a.png' }],
      ['file_url', { ...image, file_url: 'file:///etc/passwd' }],
      ['file_url', { ...image, file_url: 'javascript:alert(1)' }],
      ['thumbnail_url', { ...image, thumbnail_url: 'data:image/png;base64,AA' }],
      ['width', { ...image, width: 1.5 }],
      ['mime_type', { ...image, mime_type: 'png' }],
      ['quality_score', { ...TEXT, quality_score: 1.1 }],
      ['generation_settings', { ...TEXT, generation_settings: [1] }],
      ['generation_settings', { ...TEXT, generation_settings: { a: 'x'.repeat(17_000) } }],
      ['generation_settings', { ...TEXT, generation_settings: { a: 'a\0b' } }],
      ['tags', { ...TEXT, tags: Array.from({ length: 51 }, (_, n) => `tag ${n}`) }],
      ['tags.0', { ...TEXT, tags: ['a'.repeat(101)] }],
      ['tags.0', { ...TEXT, tags: ['\u200b'] }],
      ['source_type', { ...TEXT, source_type: 'auto' }],
    ]
    const got = await Promise.all(
      cases.map(async ([, body]) => {
        const answer = await alice.post('/v1/content', body)
        return [answer.status, answer.body.field_errors?.[0].loc.slice(1).join('.')]
      }),
    )
    expect(got).toEqual(cases.map(([field]) => [422, field]))
  })

  test('may hold a text of 100,000 characters, of which a list shows how it begins', async () => {
    const text = '語'.repeat(100_000)
    const id = await make(alice, { title: 'Long', data: { text } })
    expect((await alice.get(path(id))).body.data.text).toBe(text)
    const { body } = await alice.get('/v1/content?search_term=long')
    expect([body.items[0].excerpt, 'data' in body.items[0]]).toEqual(['語'.repeat(300), false])
  })

  test.each(['PUT', 'PATCH'])('is changed in part by %s, and only as it was read', async method => {
    const id = await make(alice, { ...TEXT, prompt: 'a river', tags: ['one'] })
    const change = (body: object, headers = {}) =>
      method === 'PUT' ? alice.put(path(id), body, headers) : alice.patch(path(id), body, headers)
    const etag = (await alice.get(path(id))).headers.get('etag')!
    const changed = await change({ title: 'A long walk', prompt: null, tags: ['two'] }, { 'if-match': etag })
    expect(changed.body).toMatchObject({
      ...{ title: 'A long walk', prompt: null, tags: ['two'], data: TEXT.data, is_public: false },
    })
    const stale = await change({ title: 'Another' }, { 'if-match': etag })
    expect([stale.status, stale.body.error_code]).toEqual([412, 'STALE_ETAG'])
    const current = changed.headers.get('etag')!
    expect((await alice.get(path(id), { 'if-none-match': current })).status).toBe(304)
    const refused = await change({ data: { text: 'a'.repeat(100_001) } })
    expect(refused.status).toBe(422)
    expect((await change({})).status).toBe(422)
    expect(await auditOf(id)).toEqual(['content_created', 'content_edited'])
  })

  test('is gone when it is removed, from its list and its counts, too, and comes back from the trash', async () => {
    const id = await make(alice, { ...TEXT, tags: ['gone'] })
    const { body: whole } = await alice.get(path(id))
    const count = async () => (await alice.get('/v1/content/stats/unified')).body.user_regular_count
    const before = await count()
    expect((await alice.remove(path(id))).status).toBe(204)
    const after = [
      (await alice.get(path(id))).status,
      (await alice.remove(path(id))).status,
      (await alice.get('/v1/content?tag=gone')).body.items,
      await count(),
    ]
    expect(after).toEqual([404, 404, [], before - 1])
    expect(await auditOf(id)).toEqual(['content_created', 'content_removed'])
    await alice.post(`/v1/trash/${id}/restore`)
    expect([(await alice.get(path(id))).body, await count()]).toEqual([whole, before])
  })
})

describe('a save', () => {
  test('is a content of type link under its own id', async () => {
    const id = await save(alice)
    const { body: item } = await alice.get(`/v1/items/${id}`)
    const { body } = await alice.get(path(id))
    expect(body).toMatchObject({
      ...{ id, content_type: 'link', source_type: 'regular', content_source_type: 'items', title: null },
      ...{ creator_id: alice.id, tags: [], quality_score: null, is_public: false, data: null },
      link: {
        ...{ url: item.content.url, source_platform: 'youtube', status: item.content.status, author: null },
        ...{ duration_seconds: null, category_high: null, topic_main: null },
      },
    })
  })

  test('has a title, tags, visibility and quality of its own, and nothing else to change here', async () => {
    const id = await save(alice)
    const own = { title: 'Mine', tags: ['one'], is_public: true, quality_score: 0.25 }
    expect((await alice.put(path(id), own)).body).toMatchObject(own)
    expect((await alice.get(`/v1/items/${id}`)).body.save.own_title).toBe('Mine')
    expect((await bob.get(path(id))).body.title).toBeNull()
    expect((await alice.put(path(id), { title: null })).body).toMatchObject({ ...own, title: null })
    const refused = await alice.put(path(id), { prompt: 'a river' })
    expect([refused.status, refused.body.field_errors[0].loc]).toEqual([422, ['body', 'prompt']])
    // The item's ETag is about the same version.
    const { headers } = await alice.get(`/v1/items/${id}`)
    const again = await alice.put(
      path(id, '/visibility'),
      { is_public: false },
      { 'if-match': headers.get('etag')! },
    )
    expect([again.status, again.body.is_public]).toEqual([200, false])
  })

  test('is removed as by its own route', async () => {
    const id = await save(alice)
    const { body: before } = await alice.get('/v1/items?status=all')
    expect((await alice.remove(path(id))).status).toBe(204)
    const { body: after } = await alice.get('/v1/items?status=all')
    expect([after.total, (await alice.get(`/v1/items/${id}`)).status]).toEqual([before.total - 1, 404])
    const [content] = await trove.database
      .sql`select save_count from shared_contents order by created_at desc limit 1`
    expect(content!.save_count).toBe(0)
  })
})

test.each(['work', 'save'])(
  'tags of a %s are those of its user, found by their names or made',
  async kind => {
    const { sql } = trove.database
    const shared = `Café ${kind}`
    await sql`insert into tags (id, name, name_key) values (gen_random_uuid(), ${shared}, folded(${shared}))`
    const id = kind === 'work' ? await make(alice) : await save(alice)
    const tag = async (...names: string[]) => (await alice.put(path(id, '/tags'), { names })).body.tags
    expect([
      await tag(`  CAFE ${kind} `, 'Own', 'OWN', 'a'),
      await tag('own', 'ｏｗｎ'),
      await tag('a', shared.toUpperCase()),
      await tag(),
    ]).toEqual([['a', shared, 'Own'], ['Own'], ['a', shared], []])
    // An offered tag is taken by its name, and is no tag of the user's before.
    const table = sql(`${kind}_tags`)
    const [offered] = await sql<{ id: string }[]>`
    insert into tags (id, owner_id, name, name_key) values (gen_random_uuid(), ${alice.id}, ${`of ai ${kind}`}, ${`of ai ${kind}`})
    returning id`
    await sql`insert into ${table} (user_id, ${sql(`${kind}_id`)}, tag_id, source) values (${alice.id}, ${id}, ${offered!.id}, 'ai')`
    await tag('own')
    const { body } = await alice.get(path(id))
    expect([body.tags, body.ai_tags]).toEqual([['Own'], [`of ai ${kind}`]])
    expect(await tag(`OF AI ${kind}`)).toEqual([`of ai ${kind}`])
    // Another user of the same name has a tag of their own.
    const other = await make(bob, { ...TEXT, tags: ['own'] })
    const owners = await sql`select distinct owner_id from tags where name_key = 'own'`
    expect([owners.length, (await bob.get(path(other))).body.tags]).toEqual([2, ['own']])
    const refused = [['a'.repeat(101)], [''], Array.from({ length: 51 }, (_, n) => `${n}`)]
    const statuses = await Promise.all(
      refused.map(async names => (await alice.put(path(id, '/tags'), { names })).status),
    )
    expect(statuses).toEqual([422, 422, 422])
  },
)

test('forty who tag at once leave one tag of each name, and the tags of one of them', async () => {
  const id = await make(alice)
  const sets = Array.from({ length: 40 }, (_, n) => [`at once ${n % 5}`, `AT ONCE ${(n + 1) % 5}`])
  const answers = await Promise.all(sets.map(names => alice.put(path(id, '/tags'), { names })))
  expect(answers.map(({ status }) => status)).toEqual(sets.map(() => 200))
  const made = await trove.database.sql`select name_key from tags where name_key like 'at once%' order by 1`
  expect(made.map(({ name_key }) => name_key)).toEqual([0, 1, 2, 3, 4].map(n => `at once ${n}`))
  expect((await alice.get(path(id))).body.tags.length).toBe(2)
})

test('a rating is 1 to 5 in halves, its user’s own, of what they may see', async () => {
  const id = await make(alice, { ...TEXT, is_public: true })
  const hidden = await make(alice)
  const rate = async (who: Person, rating: unknown, of = id) => {
    const { status, body } = await who.put(path(of, '/rating'), { rating })
    return status === 200 ? body.user_rating : status
  }
  expect(await Promise.all([0.5, 5.5, 1.25, '4', null].map(rating => rate(alice, rating)))).toEqual(
    Array(5).fill(422),
  )
  expect([
    await rate(alice, 4.5),
    await rate(bob, 1),
    await rate(bob, 2),
    await rate(bob, 3, hidden),
  ]).toEqual([4.5, 1, 2, 404])
  const seen = async (who: Person) => (await who.get(path(id))).body.user_rating
  expect([await seen(alice), await seen(bob), await seen(root)]).toEqual([4.5, 2, null])
  // What is private again can still be taken back, and not be rated.
  await alice.put(path(id, '/visibility'), { is_public: false })
  expect([
    await rate(bob, 3),
    (await bob.remove(path(id, '/rating'))).status,
    (await bob.remove(path(id, '/rating'))).status,
    (await alice.remove(path(id, '/rating'))).status,
    (await alice.remove(path(id, '/rating'))).status,
    await seen(alice),
  ]).toEqual([404, 204, 404, 204, 204, null])
})

test('its owner says how good it is, and an admin where it is public', async () => {
  const id = await make(alice)
  const set = async (who: Person, quality_score: number | null) => {
    const { status, body } = await who.put(path(id, '/quality'), { quality_score })
    return status === 200 ? body.quality_score : status
  }
  expect([await set(alice, 0.5), await set(bob, 1), await set(root, 1), await set(alice, 1.5)]).toEqual([
    0.5, 404, 404, 422,
  ])
  await alice.put(path(id, '/visibility'), { is_public: true })
  expect([await set(bob, 1), await set(root, 0.75)]).toEqual([403, 0.75])
  const { body, headers } = await alice.get(path(id))
  expect([body.quality_score, await set(alice, null)]).toEqual([0.75, null])
  expect((await alice.get(path(id), { 'if-none-match': headers.get('etag')! })).status).toBe(200)
})
