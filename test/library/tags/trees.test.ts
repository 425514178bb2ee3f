// Tags by themselves: whose they are, their trees, their lists, ratings, and two that become one.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eraseTags } from '../../../src/library/tags/erase-tags.ts'
import { startTrove, type Trove } from '../../support/app.ts'
import { newPerson, type Person } from './people.ts'

let trove: Trove
let admin: Person
let alice: Person
let bob: Person
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'false' })
  admin = await newPerson(trove, 'admin')
  alice = await newPerson(trove)
  bob = await newPerson(trove)
})
afterAll(() => trove.stop())

let made = 0
const fresh = (name: string) => `${name} ${++made}`
const shared = (name: string) => admin.tag(fresh(name), { is_shared: true })
const own = (person: Person, name: string) => person.tag(fresh(name))
const idsOf = ({ body }: { body: { items: { id: string }[] } }) => body.items.map(({ id }) => id)

/** Where the closure is not what the edges say. */
async function wrongClosure(): Promise<object[]> {
  const wrong = await trove.database.sql`
    with recursive above as (
      select child_id as descendant_id, parent_id as ancestor_id, owner_id, 1 as depth
      from tag_edges
      union
      select a.descendant_id, e.parent_id, a.owner_id, a.depth + 1
      from above a
      join tag_edges e on e.child_id = a.ancestor_id
      where a.depth < 40
    ), right_one as (
      select descendant_id, ancestor_id, owner_id, min(depth) as depth
      from above
      group by descendant_id, ancestor_id, owner_id
    )
    (select descendant_id, ancestor_id, owner_id, depth from right_one
      except select descendant_id, ancestor_id, owner_id, depth from tag_closure)
    union all
    (select descendant_id, ancestor_id, owner_id, depth from tag_closure
      except select descendant_id, ancestor_id, owner_id, depth from right_one)`
  return [...wrong]
}

test('a shared tag is changed by admins, an own one by its owner, and nobody else knows of it', async () => {
  const tags = { shared: await shared('Everybody'), 'alice’s': await own(alice, 'Secret') }
  const parents = {
    admin: await shared('Above'),
    alice: await own(alice, 'Above'),
    bob: await own(bob, 'Above'),
  }
  const found: Record<string, string> = {}
  for (const [who, person] of Object.entries({ admin, alice, bob })) {
    for (const [whose, id] of Object.entries(tags)) {
      const answers = [
        await person.get(`/v1/tags/${id}`),
        await person.get(`/v1/tags/${id}/descendants`),
        await person.patch(`/v1/tags/${id}`, { description: 'Another one' }),
        await person.post(`/v1/tags/${id}/aliases`, { name: fresh('Alias') }),
        await person.link(parents[who as keyof typeof parents], id),
        await person.remove(
          `/v1/tags/hierarchy?parent_id=${parents[who as keyof typeof parents]}&child_id=${id}`,
        ),
        await person.post(`/v1/tags/${id}/rate`, { rating: 4 }),
        await person.post(`/v1/tags/${id}/favorite`),
        await person.get(`/v1/tags/${id}/rating`),
      ]
      found[`${who} ${whose}`] = answers.map(({ status }) => status).join(' ')
    }
    found[`${who} makes a shared one`] =
      `${(await person.post('/v1/tags', { name: fresh('New'), is_shared: true })).status}`
  }
  const none = '404 404 404 404 404 404 404 404 404'
  const hers = '200 200 200 201 201 204 200 200 200'
  const read = '200 200 403 403 403 403 200 200 200'
  expect(found).toEqual({
    'admin shared': hers,
    'admin alice’s': none,
    'admin makes a shared one': '201',
    'alice shared': read,
    'alice alice’s': hers,
    'alice makes a shared one': '403',
    'bob shared': read,
    'bob alice’s': none,
    'bob makes a shared one': '403',
  })
  for (const [id, status] of [
    [tags.shared, 403],
    [tags['alice’s'], 404],
  ] as const) {
    expect((await bob.remove(`/v1/tags/${id}`)).status).toBe(status)
    expect((await bob.post(`/v1/tags/${id}/merge`, { into: parents.bob })).status).toBe(status)
  }
  expect((await alice.remove(`/v1/tags/${tags['alice’s']}`)).status).toBe(204)
  expect((await alice.get(`/v1/tags/${tags['alice’s']}`)).status).toBe(404)
})

test('nothing of an own tag stands in an answer to anybody else', async () => {
  const above = await shared('Music')
  const canary = 'Canary name'
  const hidden = await alice.tag(canary, { description: 'canary words' })
  await alice.link(above, hidden)
  await alice.post(`/v1/tags/${hidden}/aliases`, { name: 'Canary alias' })
  await alice.post(`/v1/tags/${hidden}/rate`, { rating: 5 })
  await alice.post(`/v1/tags/${hidden}/favorite`)
  const paths = [
    '/v1/tags?page_size=1000',
    '/v1/tags/search?search=canary',
    '/v1/tags/roots?page_size=1000',
    '/v1/tags/statistics',
    '/v1/tags/hierarchy?include_ratings=true',
    '/v1/tags/popular?limit=100',
    '/v1/tags/favorites',
    `/v1/tags/ratings?tag_ids[]=${hidden}`,
    '/v1/tags/by-name/canary%20name',
    '/v1/tags/by-name/canary%20alias',
    ...['', '/parents', '/children', '/ancestors', '/descendants'].map(part => `/v1/tags/${above}${part}`),
  ]
  const told = async (person: Person) => {
    const answers = await Promise.all(paths.map(path => person.get(path)))
    return paths.filter((_, i) => {
      const text = JSON.stringify(answers[i]!.body)
      return text.toLowerCase().includes('canary') || text.includes(hidden)
    })
  }
  expect(await told(bob)).toEqual([])
  expect(await told(admin)).toEqual([])
  expect((await told(alice)).length).toBeGreaterThan(8)
  // Nor does a name tell that somebody has it.
  expect((await bob.post('/v1/tags', { name: canary })).status).toBe(201)
})

test('a tag knows its relatives, and how far they are', async () => {
  const [food, meals, cuisine] = [await shared('Food'), await shared('Meals'), await shared('Cuisine')]
  const brunch = await own(alice, 'Brunch')
  for (const [parent, child] of [
    [food, meals],
    [food, cuisine],
  ] as const)
    expect((await admin.link(parent, child)).status).toBe(201)
  await alice.link(meals, brunch)
  await alice.link(cuisine, brunch)
  const kin = async (id: string, kinship: string, person = alice) => {
    const { body } = await person.get(`/v1/tags/${id}/${kinship}`)
    return body.items.map((it: { id: string; depth: number }) => `${it.id} ${it.depth}`).sort()
  }
  const sorted = (...all: string[]) => all.sort()
  expect(await kin(brunch, 'parents')).toEqual(sorted(`${meals} 1`, `${cuisine} 1`))
  expect(await kin(brunch, 'ancestors')).toEqual(sorted(`${meals} 1`, `${cuisine} 1`, `${food} 2`))
  expect(await kin(food, 'children')).toEqual(sorted(`${meals} 1`, `${cuisine} 1`))
  expect(await kin(food, 'descendants')).toEqual(sorted(`${meals} 1`, `${cuisine} 1`, `${brunch} 2`))
  expect(await kin(food, 'descendants', bob)).toEqual(sorted(`${meals} 1`, `${cuisine} 1`))
  const { body } = await alice.get(`/v1/tags/${brunch}`)
  expect([body.parents.length, body.ancestors.length, body.children.length]).toEqual([2, 3, 0])
  const { body: tree } = await alice.get('/v1/tags/hierarchy')
  const node = tree.nodes.find(({ id }: { id: string }) => id === brunch)
  expect([sorted(...node.parents), 'average_rating' in node]).toEqual([sorted(meals, cuisine), false])
  expect(idsOf(await alice.get('/v1/tags/roots?page_size=1000'))).not.toContain(brunch)
  expect(idsOf(await alice.get('/v1/tags/roots?page_size=1000'))).toContain(food)
  await alice.remove(`/v1/tags/hierarchy?parent_id=${meals}&child_id=${brunch}`)
  expect(await kin(brunch, 'ancestors')).toEqual(sorted(`${cuisine} 1`, `${food} 2`))
  await admin.remove(`/v1/tags/${cuisine}`)
  expect(await kin(brunch, 'ancestors')).toEqual([])
  expect(await wrongClosure()).toEqual([])
})

test('no tag stands beneath itself, more than 16 levels down, or, shared, beneath an own one', async () => {
  const chain: string[] = []
  for (let i = 0; i < 18; i++) chain.push(await own(bob, 'Link'))
  // From the bottom up, and then down to where it is too deep.
  for (let i = 15; i > 0; i--) expect((await bob.link(chain[i - 1]!, chain[i]!)).status).toBe(201)
  expect((await bob.link(chain[15]!, chain[16]!)).status).toBe(201)
  const deep = await bob.link(chain[16]!, chain[17]!)
  expect([deep.status, deep.body.error_code]).toEqual([422, 'TAG_TOO_DEEP'])
  const above = await bob.link(chain[17]!, chain[0]!)
  expect([above.status, above.body.error_code]).toEqual([422, 'TAG_TOO_DEEP'])
  for (const [parent, child] of [
    [16, 0],
    [3, 3],
  ] as const) {
    const { status, body } = await bob.link(chain[parent]!, chain[child]!)
    expect([status, body.error_code]).toEqual([409, 'TAG_CYCLE'])
  }
  const mine = await own(admin, 'Mine')
  const { status, body } = await admin.link(mine, await shared('Ours'))
  expect([status, body.error_code]).toEqual([422, 'TAG_NOT_SHARED'])
  expect(await wrongClosure()).toEqual([])
})

test('60 edges at once among 12 tags leave no cycle, and the closure says what the edges say', async () => {
  const tags = await Promise.all(Array.from({ length: 12 }, () => own(alice, 'Knot')))
  let seed = 7
  const next = (most: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return Math.floor((seed / 2147483648) * most)
  }
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => {
      const [parent, child] = [tags[next(12)]!, tags[next(12)]!]
      return next(5) === 0
        ? alice.remove(`/v1/tags/hierarchy?parent_id=${parent}&child_id=${child}`)
        : alice.link(parent, child)
    }),
  )
  const statuses = new Set(answers.map(({ status }) => status))
  expect([...statuses].filter(status => ![201, 204, 404, 409].includes(status))).toEqual([])
  expect(statuses.has(201) && statuses.has(409)).toBe(true)
  expect(await wrongClosure()).toEqual([])
  const loops = await trove.database.sql`
    with recursive above as (
      select child_id as start, parent_id as id from tag_edges
      union
      select a.start, e.parent_id from above a join tag_edges e on e.child_id = a.id
    )
    select start from above where start = id`
  expect([...loops]).toEqual([])
})

test('the trees are worked out anew by a job that its user can follow', async () => {
  const [above, below] = [await own(alice, 'Above'), await own(alice, 'Below')]
  await alice.link(above, below)
  const { sql } = trove.database
  await sql`delete from tag_closure`
  const { status, body } = await alice.post('/v1/tags/hierarchy/refresh')
  expect(status).toBe(202)
  await trove.work()
  for (;;) {
    const { body: job } = await alice.get(`/v1/jobs/${body.job_id}`)
    if (job.progress === 100) break
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  await bob.post('/v1/tags/hierarchy/refresh').then(async ({ body }) => {
    while ((await bob.get(`/v1/jobs/${body.job_id}`)).body.progress !== 100)
      await new Promise(resolve => setTimeout(resolve, 20))
  })
  expect(await wrongClosure()).toEqual([])
})

test('lists are sorted, searched, filtered and paged', async () => {
  const carol = await newPerson(trove)
  const [a, b, c] = [
    await carol.tag('Zzq Ápple'),
    await carol.tag('zzq banana'),
    await carol.tag('ZZQ Cherry'),
  ]
  await carol.post(`/v1/tags/${b}/rate`, { rating: 2.5 })
  await carol.post(`/v1/tags/${c}/rate`, { rating: 5 })
  const found: Record<string, string[]> = {}
  for (const sort of ['name-asc', 'name-desc', 'rating-asc', 'rating-desc', 'created-asc', 'created-desc'])
    found[sort] = idsOf(await carol.get(`/v1/tags?search=ZZQ&sort=${sort}`))
  expect(found).toEqual({
    'name-asc': [a, b, c],
    'name-desc': [c, b, a],
    'rating-asc': [b, c, a],
    'rating-desc': [c, b, a],
    'created-asc': [a, b, c],
    'created-desc': [c, b, a],
  })
  expect(idsOf(await carol.get('/v1/tags/search?search=zzq&min_ratings=1'))).toEqual([b, c])
  expect(idsOf(await carol.get('/v1/tags?search=apple'))).toEqual([a])
  const page = await carol.get('/v1/tags?search=zzq&page=2&page_size=2')
  expect(page.body.pagination).toEqual({
    page: 2,
    page_size: 2,
    total_count: 3,
    total_pages: 2,
    has_next: false,
    has_previous: true,
  })
  const beyond = await carol.get('/v1/tags?search=zzq&page=3&page_size=2')
  expect([beyond.status, beyond.body.error_code]).toEqual([404, 'PAGE_OUT_OF_RANGE'])
  expect((await carol.get('/v1/tags?search=nothing%20of%20it')).body.items).toEqual([])
  const taken = await carol.post('/v1/tags', { name: 'zzq apple' })
  expect([taken.status, taken.body.error_code]).toEqual([409, 'TAG_NAME_TAKEN'])
  const renamed = await carol.patch(`/v1/tags/${b}`, { name: 'ZZQ CHERRY' })
  expect([renamed.status, renamed.body.error_code]).toEqual([409, 'TAG_NAME_TAKEN'])
})

test('ratings and favourites are each user’s, and the same again changes nothing', async () => {
  const tag = await shared('Rated')
  for (const [person, rating] of [
    [alice, 4],
    [alice, 4.5],
    [bob, 2],
    [bob, 2],
  ] as const)
    expect((await person.post(`/v1/tags/${tag}/rate`, { rating })).status).toBe(200)
  expect((await alice.get(`/v1/tags/${tag}/rating`)).body).toEqual({
    tag_id: tag,
    rating: 4.5,
    average_rating: 3.25,
    rating_count: 2,
  })
  for (const rating of [0, 5.5, 3.3, '4']) {
    const { status } = await alice.post(`/v1/tags/${tag}/rate`, { rating })
    expect([rating, status]).toEqual([rating, 422])
  }
  const other = await shared('Unrated')
  expect((await alice.get(`/v1/tags/ratings?tag_ids[]=${tag}&tag_ids[]=${other}`)).body).toEqual({
    ratings: { [tag]: 4.5 },
  })
  for (let i = 0; i < 2; i++) expect((await bob.remove(`/v1/tags/${tag}/rate`)).status).toBe(204)
  expect((await bob.get(`/v1/tags/${tag}`)).body).toMatchObject({
    average_rating: 4.5,
    rating_count: 1,
    user_rating: null,
  })
  for (let i = 0; i < 2; i++) expect((await bob.post(`/v1/tags/${tag}/favorite`)).status).toBe(200)
  expect(idsOf(await bob.get(`/v1/tags/favorites?user_id=${bob.id}`))).toContain(tag)
  expect((await alice.get(`/v1/tags/favorites?user_id=${bob.id}`)).status).toBe(403)
  expect(idsOf(await admin.get(`/v1/tags/favorites?user_id=${bob.id}`))).toContain(tag)
  for (let i = 0; i < 2; i++) expect((await bob.remove(`/v1/tags/${tag}/favorite`)).status).toBe(204)
  expect(idsOf(await bob.get('/v1/tags/favorites'))).not.toContain(tag)
})

test('with an account go its own tags, and its ratings out of the sums of others’', async () => {
  const { sql } = trove.database
  const gone = await newPerson(trove)
  const tags = [await shared('Rated by who goes'), await shared('Rated by who goes')]
  for (const tag of tags) {
    await gone.post(`/v1/tags/${tag}/rate`, { rating: 1 })
    await bob.post(`/v1/tags/${tag}/rate`, { rating: 4 })
  }
  const [above, below] = [await own(gone, 'Above'), await own(gone, 'Below')]
  await gone.link(tags[0]!, above)
  await gone.link(above, below)
  const steps: number[] = []
  while (steps.at(-1) !== 0) steps.push(await sql.begin(tx => eraseTags(tx, gone.id, 1)))
  expect(steps).toEqual([1, 1, 1, 1, 0])
  for (const tag of tags)
    expect((await bob.get(`/v1/tags/${tag}`)).body).toMatchObject({ average_rating: 4, rating_count: 1 })
  const left = await sql`
    select id from tags where owner_id = ${gone.id}
    union all select child_id from tag_edges where owner_id = ${gone.id}
    union all select descendant_id from tag_closure where owner_id = ${gone.id}`
  expect([...left]).toEqual([])
  expect(await wrongClosure()).toEqual([])
})

test('what is merged moves whole: ratings, favourites, edges without cycles, and its names', async () => {
  const [from, into, above, below] = [
    await shared('From'),
    await shared('Into'),
    await shared('Above both'),
    await shared('Below both'),
  ]
  // `into` stands beneath `from`, and they share a child.
  for (const [parent, child] of [
    [above, from],
    [from, into],
    [from, below],
    [into, below],
  ] as const)
    await admin.link(parent, child)
  const hers = await own(alice, 'Hers')
  await alice.link(from, hers)
  await alice.post(`/v1/tags/${from}/rate`, { rating: 5 })
  await bob.post(`/v1/tags/${from}/rate`, { rating: 1 })
  await bob.post(`/v1/tags/${into}/rate`, { rating: 3 })
  await alice.post(`/v1/tags/${from}/favorite`)
  const { body: before } = await admin.post(`/v1/tags/${from}/aliases`, { name: fresh('Former') })
  const { status, body } = await admin.post(`/v1/tags/${from}/merge`, { into })
  expect(status).toBe(200)
  const names = (tags: { id: string }[]) => tags.map(({ id }) => id).sort()
  expect([body.id, names(body.parents), names(body.children)]).toEqual([into, [above], [below]])
  expect(body.aliases.sort()).toEqual([before.name, before.aliases[0]].sort())
  expect((await alice.get(`/v1/tags/${into}`)).body).toMatchObject({
    average_rating: 4,
    rating_count: 2,
    user_rating: 5,
    is_favorite: true,
  })
  expect((await bob.get(`/v1/tags/${into}/rating`)).body.rating).toBe(3)
  expect(idsOf(await alice.get(`/v1/tags/${hers}/parents`))).toEqual([into])
  expect((await bob.get(`/v1/tags/by-name/${encodeURIComponent(before.name.toUpperCase())}`)).body.id).toBe(
    into,
  )
  expect((await bob.get(`/v1/tags/${from}`)).status).toBe(404)
  expect((await bob.post('/v1/tags', { name: before.name })).status).toBe(409)
  expect((await admin.post(`/v1/tags/${into}/merge`, { into })).status).toBe(422)
  const refused = await admin.post(`/v1/tags/${into}/merge`, { into: await own(admin, 'Mine') })
  expect(refused.body.error_code).toBe('TAG_NOT_SHARED')
  // Two users' own tags of one name may become one shared one, each with a name of their own for it.
  for (const person of [alice, bob]) {
    const mine = await person.tag('A name of two')
    expect((await person.post(`/v1/tags/${mine}/merge`, { into })).status).toBe(200)
    expect((await person.get('/v1/tags/by-name/a%20name%20of%20two')).body.id).toBe(into)
  }
  expect((await admin.get('/v1/tags/by-name/a%20name%20of%20two')).status).toBe(404)
  expect(await wrongClosure()).toEqual([])
})
