// What is public is seen by others, and nothing else: what one user writes for themselves stands in no answer to another.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import { type Client, clientOf, startTrove, type Trove } from '../support/app.ts'
import { settle } from '../support/settle.ts'
import { addUser } from '../support/token.ts'

/** Stands in all that is Alice's own affair. */
const CANARY = 'kanarienvogel'

interface Person extends Client {
  id: string
  email: string
}

let trove: Trove
let alice: Person
let bob: Person
let dave: Person
/** Alice's, by what they are. */
const ids: Record<string, string> = {}

const addPerson = async (email?: string): Promise<Person> => {
  const user = await addUser(trove.database.sql, trove.context.config.JWT_SECRET_KEY!, email)
  const client = clientOf(request => trove.handle(request), { authorization: `Bearer ${user.token}` })
  return { ...client, ...user }
}
const asJson = (body: object) => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})
const put = (who: Client, path: string, body: object) => who.send('PUT', path, asJson(body))

beforeAll(async () => {
  trove = await startTrove()
  const { sql } = trove.database
  ;[alice, bob, dave] = [await addPerson(`${CANARY}@example.com`), await addPerson(), await addPerson()]
  const save = async (who: Person, name: string) => {
    const { body } = await who.post('/v1/items', {
      url: `https://pages.example.com/${name}`,
      raw_share_text: `${CANARY} note`,
    })
    return body.save.id as string
  }
  for (const name of ['shown', 'later', 'hidden', 'archived']) ids[name] = await save(alice, name)
  await save(dave, 'shown')
  await sql`update shared_contents set status = 'READY', category_high = 'Travel', title = split_part(url, '/', 4)`
  await settle(sql)
  // Her own words take the place of what the page says, in the other order.
  const patch = (name: string, body: object) => alice.send('PATCH', `/v1/items/${ids[name]}`, asJson(body))
  await patch('shown', { title: `a ${CANARY}`, category_high: 'Career', is_favorited: true })
  await patch('later', { title: `b ${CANARY}` })
  const make = async (body: object) => (await alice.post('/v1/content', body)).body.id as string
  ids.work = await make({
    title: 'A public work',
    data: { text: 'Read me.' },
    tags: ['public tag'],
    is_public: true,
  })
  ids.nsfw = await make({ title: 'Not safe', data: { text: 'a' }, is_nsfw: true, is_public: true })
  ids.private = await make({
    title: `${CANARY} work`,
    data: { text: CANARY },
    tags: [`${CANARY} tag`],
    prompt: CANARY,
  })
  for (const name of ['shown', 'later', 'archived']) {
    await put(alice, `/v1/content/${ids[name]}/visibility`, { is_public: true })
  }
  await put(alice, `/v1/content/${ids.shown}/tags`, { names: ['Goa'] })
  await put(alice, `/v1/content/${ids.hidden}/tags`, { names: [`${CANARY} tag`] })
  await patch('archived', { is_archived: true })
  await sql`
    insert into save_tags (user_id, save_id, tag_id, source)
    select ${alice.id}, ${ids.shown!}, id, 'ai' from tags where name = ${`${CANARY} tag`}`
  await put(alice, `/v1/content/${ids.work}/rating`, { rating: 1 })
})
afterAll(() => trove.stop())

const all = 'page_size=1000'
const idsIn = async (who: Client, query = '') => {
  const { body } = await who.get(`/v1/content?${all}${query}`)
  return body.items.map(({ id }: { id: string }) => id)
}

test('others see what is public, as its page or its work says, under its owner’s name', async () => {
  await trove.database.sql`update users set username = 'alice_p' where id = ${alice.id}`
  expect(new Set(await idsIn(bob))).toEqual(new Set([ids.shown, ids.later, ids.work]))
  const { body } = await bob.get(`/v1/content/${ids.shown}`)
  expect(body).toMatchObject({
    ...{ title: 'shown', tags: ['Goa'], ai_tags: [], creator_id: alice.id, creator_username: 'alice_p' },
    ...{ is_public: true, user_rating: null },
    link: { url: 'https://pages.example.com/shown', category_high: 'Travel' },
  })
  expect((await alice.get(`/v1/content/${ids.shown}`)).body).toMatchObject({
    ...{ title: `a ${CANARY}`, ai_tags: [`${CANARY} tag`] },
    link: { category_high: 'Career' },
  })
  await trove.database.sql`update users set username = null where id = ${alice.id}`
  expect((await bob.get(`/v1/content/${ids.work}`)).body.creator_username).toBeNull()
})

test('what is not safe for work is hidden from others who do not ask for it, and never from its owner', async () => {
  const sees = async (who: Client, query: string) => (await idsIn(who, query)).includes(ids.nsfw)
  expect([
    ...[await sees(bob, ''), await sees(bob, '&is_nsfw=false'), await sees(bob, '&is_nsfw=true')],
    ...[await sees(alice, ''), await sees(alice, '&is_nsfw=false')],
  ]).toEqual([false, false, true, true, true])
})

test('what is private, archived or gone is nobody else’s, by no address', async () => {
  const statuses: unknown[] = []
  for (const name of ['hidden', 'private', 'archived']) {
    for (const [method, part, body] of [
      ['GET', ''],
      ['PATCH', '', { tags: ['x'] }],
      ['DELETE', ''],
      ['PUT', '/quality', { quality_score: 1 }],
      ['PUT', '/rating', { rating: 1 }],
      ['DELETE', '/rating'],
      ['PUT', '/tags', { names: ['x'] }],
      ['PUT', '/visibility', { is_public: true }],
    ] as [string, string, object?][]) {
      const answer = await bob.send(method, `/v1/content/${ids[name]}${part}`, {
        ...(body ? asJson(body) : {}),
      })
      if (answer.status !== 404) statuses.push([name, method, part, answer.status])
    }
  }
  // Of what is public others may see and rate, and nothing more.
  for (const [method, part, body] of [
    ['PATCH', '', { tags: ['x'] }],
    ['DELETE', ''],
    ['PUT', '/tags', { names: ['x'] }],
    ['PUT', '/visibility', { is_public: false }],
  ] as [string, string, object?][]) {
    const answer = await bob.send(method, `/v1/content/${ids.work}${part}`, {
      ...(body ? asJson(body) : {}),
    })
    if (answer.status !== 404) statuses.push(['work', method, part, answer.status])
  }
  expect(statuses).toEqual([])
})

test('a title of one’s own neither finds nor places a save for others', async () => {
  const order = '&sort_field=title&sort_order=asc&content_type=link'
  expect(await idsIn(bob, order)).toEqual([ids.later, ids.shown])
  expect((await idsIn(alice, order)).slice(0, 2)).toEqual([ids.shown, ids.later])
  expect([
    (await idsIn(alice, `&search_term=${CANARY}`)).length,
    await idsIn(bob, `&search_term=${CANARY}`),
    await idsIn(bob, '&search_term=shown'),
    await idsIn(alice, '&search_term=note'),
  ]).toEqual([3, [], [ids.shown], []])
})

test('a tag finds others’ public content alone, and no tag that was only offered', async () => {
  expect([
    await idsIn(bob, '&tag=goa'),
    await idsIn(bob, `&tag=${CANARY} tag`),
    (await idsIn(alice, `&tag=${CANARY} tag`)).length,
  ]).toEqual([[ids.shown], [], 3])
})

test('no answer about content shows another what is somebody’s own', async () => {
  const routes = createApp(trove.context).routes.filter(
    ({ method, path }) => method === 'GET' && path.startsWith('/v1/content'),
  )
  expect(routes.length).toBeGreaterThan(8)
  const paths = routes.flatMap(({ path, says }) => {
    const plain = path.replace(':creator_id', alice.id).replace(':content_type', 'link')
    const filled = plain.includes(':id') ? Object.values(ids).map(id => plain.replace(':id', id)) : [plain]
    const sorts = 'sort_field' in (says.query?.entries ?? {}) ? ['title', 'quality_score', 'user_rating'] : []
    const isList = 'page_size' in (says.query?.entries ?? {})
    return filled.flatMap(each => [
      ...[each, ...sorts.map(field => `${each}?${all}&sort_field=${field}&is_nsfw=true`)],
      ...(isList ? [`${each}?search_term=${CANARY}`, `${each}?tag=${CANARY}%20tag`] : []),
    ])
  })
  const leaks: string[] = []
  let shown = 0
  for (const path of paths) {
    const { status, body, headers } = await bob.get(path)
    const text = JSON.stringify([body, [...headers]])
    if (status === 200 && text.includes(ids.shown!)) shown++
    if (text.toLowerCase().includes(CANARY) || text.includes(dave.id) || text.includes('is_favorited')) {
      leaks.push(path)
    }
  }
  const search = await bob.post('/v1/content/search', { is_nsfw: true, page_size: 1000 })
  if (JSON.stringify(search.body).toLowerCase().includes(CANARY)) leaks.push('search')
  expect(leaks).toEqual([])
  expect(shown).toBeGreaterThan(10)
  // The same questions of hers do find it.
  expect(JSON.stringify((await alice.get(`/v1/content?${all}`)).body)).toContain(CANARY)
})

test('a creator who shows nothing is not told from one whom there is not', async () => {
  const status = async (id: string) => {
    const { status, body } = await bob.get(`/v1/content/by-creator/${id}`)
    return [status, body.detail]
  }
  const nobody = await status(crypto.randomUUID())
  expect([nobody[0], await status(dave.id)]).toEqual([404, nobody])
})

test('what is taken back is gone at once', async () => {
  await put(alice, `/v1/content/${ids.shown}/visibility`, { is_public: false })
  expect([
    (await bob.get(`/v1/content/${ids.shown}`)).status,
    (await idsIn(bob)).includes(ids.shown),
    (await bob.get('/v1/content/unified')).body.stats.community_regular_count,
  ]).toEqual([404, false, 2])
})
