import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readMigrations } from '../../src/ground/database/migrate.ts'
import { moveContent } from '../../src/library/contents/addresses.ts'
import { normaliseUrl } from '../../src/library/links/normalise-url.ts'
import { lockLinks } from '../../src/library/links/store.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { usesRealPostgres } from '../support/database.ts'

let trove: Trove
let alice: User
let pages = 0
beforeAll(async () => {
  trove = await startTrove()
  alice = await trove.register()
})
afterAll(() => trove.stop())

const page = () => `https://links.example.org/page-${++pages}`
const link = (url: string) => normaliseUrl(url, trove.context.config)!

/** A content of nobody whose page has this many names, the last of them its address. */
async function contentOf(names: number): Promise<{ id: string; urls: string[] }> {
  const urls = Array.from({ length: names }, page)
  const { body } = await alice.post('/v1/items', { url: urls[0] })
  const { id } = body.content
  for (const url of urls.slice(1)) {
    const there = await trove.database.sql.begin(tx =>
      moveContent(tx, { content_id: id, attempt: body.job_id }, link(url), true),
    )
    expect(there).toEqual({ content_id: id, run: 'here', moved: [] })
  }
  await alice.send('DELETE', `/v1/items/${body.save.id}`)
  return { id, urls }
}
const counts = async (ids: string[]) => {
  const rows = await trove.database.sql<{ save_count: number }[]>`
    select save_count from shared_contents where id in ${trove.database.sql(ids)} order by id`
  return rows.map(({ save_count }) => save_count)
}

test('any of its names finds a content, and has a second save refused', async () => {
  const { id, urls } = await contentOf(3)
  const user = await trove.register()
  const saved = await user.post('/v1/items', { url: urls[1] })
  expect(saved.body.content).toMatchObject({ id, url: urls[2], save_count: 1 })
  for (const url of urls) {
    const { status, body } = await user.post('/v1/items', { url })
    expect([status, body.existing_save_id]).toEqual([400, saved.body.save.id])
  }
  expect(await counts([id])).toEqual([1])
})

test('two names of one content in a batch are one save, under the one that comes first', async () => {
  const { id, urls } = await contentOf(3)
  const user = await trove.register()
  const items = urls.map(url => ({ url }))
  for (const first of ['saved', 'duplicate']) {
    const { body } = await user.post('/v1/items/batch', { items })
    const statuses = body.results.map(({ status }: { status: string }) => status)
    expect(statuses).toEqual([first, 'duplicate', 'duplicate'])
    expect(new Set(body.results.map(({ save_id }: { save_id: string }) => save_id)).size).toBe(1)
  }
  expect(await counts([id])).toEqual([1])
})

// The embedded database runs one transaction at a time: nobody waits for anybody.
test.skipIf(!usesRealPostgres)(
  'many who save several contents at once, each by other names, never wait in a circle',
  async () => {
    const contents = await Promise.all(Array.from({ length: 5 }, () => contentOf(3)))
    const people = await Promise.all(Array.from({ length: 12 }, () => trove.register()))
    const answers = await Promise.all(
      people.map((person, i) => {
        const items = contents.map(({ urls }, at) => ({ url: urls[(i + at) % urls.length] }))
        return person.post('/v1/items/batch', { items: i % 2 ? items : items.reverse() })
      }),
    )
    const results = answers.flatMap(({ body }) =>
      body.results.map(({ status }: { status: string }) => status),
    )
    expect(new Set(results)).toEqual(new Set(['saved']))
    expect(await counts(contents.map(({ id }) => id))).toEqual(Array(5).fill(12))
  },
)

test.skipIf(!usesRealPostgres)('links are locked in one order, whichever they are asked for in', async () => {
  const { sql } = trove.database
  const links = Array.from({ length: 1_000 }, () => ({
    url_hash: crypto.randomUUID(),
    content_id: crypto.randomUUID(),
  }))
  await Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      for (let round = 0; round < 5; round++) {
        await sql.begin(tx => lockLinks(tx, i % 2 ? links : links.toReversed()))
      }
    }),
  )
  await sql`delete from content_links where url_hash in ${sql(links.map(({ url_hash }) => url_hash))}`
})

test('saves of a page that turns out to be another one are refused by either link', async () => {
  const [hers, his] = [page(), page()]
  const { body: there } = await alice.post('/v1/items', { url: hers })
  const user = await trove.register()
  const { body: here } = await user.post('/v1/items', { url: his })
  const run = { content_id: here.content.id, attempt: here.job_id }
  const moved = await trove.database.sql.begin(tx => moveContent(tx, run, link(hers), true))
  expect(moved!.content_id).toBe(there.content.id)
  for (const url of [hers, his]) {
    for (const [who, save_id] of [
      [user, here.save.id],
      [alice, there.save.id],
    ]) {
      expect((await who.post('/v1/items', { url })).body.existing_save_id).toBe(save_id)
    }
  }
})

test('a page that two runs find to lead to each other’s is one content', async () => {
  const { config, database } = trove.context
  const [one, other] = [
    await alice.post('/v1/items', { url: page() }),
    await alice.post('/v1/items', { url: page() }),
  ]
  const move = ({ body: from }: typeof one, { body: to }: typeof one) =>
    database.sql.begin(tx => {
      const run = { content_id: from.content.id, attempt: from.job_id }
      return moveContent(tx, run, normaliseUrl(to.content.url, config)!, true)
    })
  const moved = await Promise.all([move(one, other), move(other, one)])
  const [kept, ...rest] = new Set(moved.map(there => there?.content_id))
  expect(rest).toEqual([])
  const ids = [one.body.content.id, other.body.content.id]
  expect(await counts(ids)).toEqual([1])
  const leads =
    await database.sql`select distinct content_id from content_links where content_id in ${database.sql(ids)}`
  expect([...leads]).toEqual([{ content_id: kept }])
})

test('the migration keeps what each link leads to: a name that was found, and the address of its own', async () => {
  const { sql } = trove.database
  const { text } = (await readMigrations()).find(({ name }) => name === '0020_content_links.sql')!
  const before = await sql`select url_hash, content_id from content_links order by url_hash`
  expect(before.length).toBeGreaterThan(5)
  await sql`
    create table content_addresses (url_hash text primary key, content_id uuid not null, created_at timestamptz(3) not null)`
  await sql`
    insert into content_addresses
    select l.url_hash, l.content_id, now()
    from content_links l
    join shared_contents c on c.id = l.content_id
    where l.url_hash <> c.url_hash`
  // Made by two who saved it at the same moment as its page was found to be another.
  await sql`
    insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt)
    select gen_random_uuid(), 'https://links.example.org/late', min(url_hash), 'web', 'late', gen_random_uuid()
    from content_addresses`
  await sql`drop table content_links`
  await sql`alter table shared_contents add constraint shared_contents_url_hash_key unique (url_hash)`
  await sql.begin(tx => tx.unsafe(text))
  expect([...(await sql`select url_hash, content_id from content_links order by url_hash`)]).toEqual([
    ...before,
  ])
})
