// What a person calls a save of theirs: shown wherever they meet it, and nowhere else.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import { writeMetadata } from '../../src/library/contents/runs/store.ts'
import { addContentEvent } from '../../src/notifications/events/store.ts'
import { clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'
import { addUser } from '../support/token.ts'

/** Words of Alice's that nobody else may ever be told. */
const OWN = 'Zanzibarquaggas at dusk'
const READ = 'Five brunch cafes'

let trove: Trove
let alice: User
let bob: User
let next = 0
beforeAll(async () => {
  trove = await startTrove()
  ;[alice, bob] = [await member(), await member()]
})
afterAll(() => trove.stop())

async function member(): Promise<User> {
  const { config } = trove.context
  const user = await addUser(trove.database.sql, config.JWT_SECRET_KEY!)
  const client = clientOf(request => trove.handle(request), { authorization: `Bearer ${user.token}` })
  return { ...client, ...user, password: '' }
}

const patch = (who: User, id: string, body: object, method = 'PATCH', headers = {}) =>
  who.send(method, `/v1/items/${id}`, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })

/** A link that these have saved, and that is READY. @returns their saves, and the content */
async function saved(...users: User[]): Promise<{ ids: string[]; content_id: string; attempt: string }> {
  const url = `https://www.youtube.com/watch?v=owned${String(next++).padStart(6, '0')}`
  const answers = []
  for (const user of users) answers.push((await user.post('/v1/items', { url })).body)
  const { sql } = trove.database
  const content_id = answers[0].content.id as string
  await sql`
    update shared_contents
    set status = 'READY', run_stage = 'done', title = ${READ}, category_high = 'Food & Drink', topic_main = 'brunch'
    where id = ${content_id}`
  await sql`
    insert into content_embeddings (content_id, model, embedding)
    values (${content_id}, ${trove.context.models.embeddingModel}, array_fill(0.1, array[512])::vector)`
  await settle(sql)
  return { ids: answers.map(({ save }) => save.id), content_id, attempt: answers[0].job_id }
}

const group = async (user: User, ids: string[]) => {
  const cluster = crypto.randomUUID()
  const { sql } = trove.database
  await sql`
    insert into clusters (user_id, id, label, item_count, centroid, model)
    values (${user.id}, ${cluster}, ${`A label ${cluster}`}, ${ids.length}, array_fill(0.1, array[512])::vector, 'test')`
  for (const id of ids) {
    await sql`insert into cluster_members (user_id, save_id, cluster_id, similarity)
      values (${user.id}, ${id}, ${cluster}, 0.5)`
  }
  await sql`
    insert into library_maps (user_id, model, x_axis, y_axis, x_offset, y_offset)
    values (${user.id}, ${trove.context.models.embeddingModel}, array_fill(0.1, array[512])::vector,
      array_fill(0.1, array[512])::vector, 0, 0)
    on conflict do nothing`
  return cluster
}

// biome-ignore lint/suspicious/noExplicitAny: a test asserts what it reads
type Body = any
const titles = (list: Body[]) => list.map(({ content }) => [content.title, content.category_high])

describe('own words', () => {
  test('are shown, sorted, filtered, searched and counted by wherever the save is', async () => {
    const [user, other] = [await member(), await member()]
    const {
      ids: [id],
      content_id,
      attempt,
    } = await saved(user, other)
    const {
      ids: [plain],
    } = await saved(user)
    const cluster = await group(user, [id!, plain!])
    const { status, body } = await patch(user, id!, { title: `  ${OWN} `, category_high: 'Travel' })
    expect([status, body.save, body.content]).toMatchObject([
      200,
      { own_title: OWN, own_category: 'Travel' },
      { title: OWN, category_high: 'Travel' },
    ])
    const own = [OWN, 'Travel']
    const read = [READ, 'Food & Drink']
    const get = async (path: string): Promise<Body> => (await user.get(path)).body
    const words = encodeURIComponent('zanzibarquaggas')
    const shown = {
      detail: titles([await get(`/v1/items/${id}`)]),
      list: titles((await get('/v1/items?sort_by=title&sort_order=desc')).items),
      category: titles((await get('/v1/items?category=Travel')).items),
      counted: (await get('/v1/items?category=Food%20%26%20Drink')).total,
      searched: titles((await get(`/v1/items?search=${words}`)).items),
      grouped: titles((await get('/v1/items/grouped')).groups.Travel.items),
      found: titles((await get(`/v1/search?q=${words}&mode=text`)).results),
      foundInAll: titles((await get(`/v1/search?q=${words}&mode=text&scope=all`)).results),
      similar: titles((await get(`/v1/items/${plain}?include_similar=true`)).similar_items).sort(),
      cluster: titles((await get(`/v1/clusters/${cluster}?sort_by=title&sort_order=desc`)).items),
      samples: (await get('/v1/clusters')).clusters[0].sample_items.map((it: Body) => it.title).sort(),
      map: (await get('/v1/clusters/map')).points.map((it: Body) => it.title).sort(),
    }
    expect(shown).toEqual({
      ...{ detail: [own], list: [own, read], category: [own], counted: 1, searched: [own], grouped: [own] },
      ...{ found: [own], foundInAll: [own], cluster: [own, read], samples: [READ, OWN], map: [READ, OWN] },
      similar: expect.arrayContaining([own]),
    })
    const exported = await get('/v1/auth/gdpr/data-export')
    expect(exported.contents.find((it: Body) => it.id === content_id)).toMatchObject({
      ...{ title: OWN, category_high: 'Travel' },
    })
    const row = exported.tables.user_content_saves.find((it: Body) => it.id === id)
    expect(row).toMatchObject({ own_title: OWN, own_category: 'Travel' })
    // What streams and webhooks are told.
    const events = await trove.database.sql.begin(tx =>
      addContentEvent(tx, { content_id, attempt }, 'content.ready'),
    )
    const told = events.map(({ user_id, data }) => [user_id === user.id, data.title])
    expect(told.sort()).toEqual([
      [false, READ],
      [true, OWN],
    ])
  })

  test('stay when the link is read again, and null gives back what is read by now', async () => {
    const { ids, content_id, attempt } = await saved(alice)
    await patch(alice, ids[0]!, { title: OWN, category_high: 'Travel' })
    const metadata = { title: 'Read anew', tags: [] } as unknown as Parameters<typeof writeMetadata>[2]
    const { sql } = trove.database
    expect(await writeMetadata(sql, { content_id, attempt }, metadata, 'en')).toBe('other')
    expect(titles([(await alice.get(`/v1/items/${ids[0]}`)).body])).toEqual([[OWN, 'Travel']])
    const { body } = await patch(alice, ids[0]!, { title: null, category_high: null }, 'PUT')
    expect([body.save.own_title, body.save.own_category]).toEqual([null, null])
    expect(titles([body])).toEqual([['Read anew', 'Food & Drink']])
    const listed = await alice.get('/v1/items?search=read%20anew&status=all&category=Food%20%26%20Drink')
    expect(titles(listed.body.items)).toEqual([['Read anew', 'Food & Drink']])
  })

  test('are 1 to 500 characters, a category of ours, and an edit like others', async () => {
    const { ids } = await saved(alice)
    const id = ids[0]!
    const answers: unknown[] = []
    for (const body of [
      { title: '' },
      { title: ' \n ' },
      { title: '😀'.repeat(501) },
      { title: 'a\0b' },
      { title: 5 },
      { category_high: 'Gardening' },
      { category_high: '' },
    ]) {
      const { status, body: problem } = await patch(alice, id, body)
      answers.push([status, problem.field_errors?.[0]?.loc.join('.')])
    }
    expect(answers).toEqual([
      ...Array.from({ length: 5 }, () => [422, 'body.title']),
      ...Array.from({ length: 2 }, () => [422, 'body.category_high']),
    ])
    const tag = (await alice.get(`/v1/items/${id}`)).headers.get('etag')!
    const edited = await patch(alice, id, { title: '😀'.repeat(500) }, 'PATCH', { 'if-match': tag })
    expect(edited.status).toBe(200)
    expect((await patch(alice, id, { title: 'Late' }, 'PATCH', { 'if-match': tag })).status).toBe(412)
    const entries = await trove.database.sql<{ details: object }[]>`
      select details from audit_entries where resource_id = ${id} and action = 'edit'`
    expect([...entries]).toEqual([{ details: { fields: ['title'] } }])
  })

  test('reach nobody else: not by any route that another user may ask', async () => {
    const { ids, content_id } = await saved(alice, bob)
    const {
      ids: [bobs],
    } = await saved(bob)
    await patch(alice, ids[0]!, { title: OWN, category_high: 'Shopping' })
    await alice.send('DELETE', `/v1/items/${(await saved(alice)).ids[0]}`)
    await patch(alice, (await saved(alice)).ids[0]!, { title: OWN })
    const cluster = await group(bob, [ids[1]!, bobs!])
    const words = encodeURIComponent(OWN)
    const known = [ids[0]!, ids[1]!, bobs!, content_id, cluster, alice.id]
    const gets = createApp(trove.context).routes.filter(
      ({ method, path }) => method === 'GET' && !path.includes('*'),
    )
    const paths = gets.flatMap(({ path }) =>
      path.includes(':') ? known.map(id => path.replace(/:\w+/g, id)) : [path],
    )
    const asking = [
      `/v1/items?search=${words}`,
      '/v1/items?sort_by=title',
      `/v1/search?q=${words}&scope=all`,
      `/v1/items/${bobs}?include_similar=true&similar_limit=20`,
    ]
    const told: string[] = []
    let asked = 0
    for (const path of [...paths, ...asking]) {
      const { body, status } = await bob.get(path)
      if (status === 200) asked++
      if (/zanzibarquaggas|"category_high":"Shopping"/i.test(JSON.stringify(body))) told.push(path)
    }
    expect(asked).toBeGreaterThan(15)
    expect(told).toEqual([])
    const { body } = await bob.get(`/v1/search?q=${words}&scope=all&mode=text`)
    expect(body.results).toEqual([])
    const [content] = await trove.database.sql`
      select title, category_high from shared_contents where id = ${content_id}`
    expect(content).toEqual({ title: READ, category_high: 'Food & Drink' })
    expect((await patch(bob, ids[0]!, { title: 'Taken over' })).status).toBe(404)
  })
})
