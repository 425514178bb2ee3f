import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { isSpread } from '../../src/ground/database/layout.ts'
import { moveContent } from '../../src/library/contents/addresses.ts'
import {
  markFailed,
  markReady,
  writeAnalysis,
  writeMetadata,
  writeNoteOnly,
} from '../../src/library/contents/runs/store.ts'
import type { Attempt } from '../../src/library/contents/store.ts'
import { copyContents } from '../../src/library/copies/store.ts'
import { normaliseUrl } from '../../src/library/links/normalise-url.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'
import { spread } from '../support/spread.ts'

let trove: Trove
let alice: User
let bob: User
let pages = 0

interface Saved extends Attempt {
  url: string
  save_id: string
}

const page = () => `https://copies.example.org/page-${++pages}`

async function save(user: User, url = page()): Promise<Saved> {
  const { status, body } = await user.post('/v1/items', { url })
  expect(status).toBe(201)
  return { url, save_id: body.save.id, content_id: body.content.id, attempt: body.job_id }
}
const patch = async (user: User, id: string, body: object) => {
  const headers = { 'content-type': 'application/json' }
  expect((await user.send('PATCH', `/v1/items/${id}`, { body: JSON.stringify(body), headers })).status).toBe(
    200,
  )
}

const METADATA = {
  ...{ title: 'Carbonara', caption: null, description: null, author: null, tags: [], thumbnail_url: null },
  ...{ duration_seconds: null, language: 'en', published_at: null, transcript: null },
  ...{ metadata_source: 'page', metadata_quality: 'full' },
} as unknown as Parameters<typeof writeMetadata>[2]
const ANALYSIS = {
  ...{
    topic_main: 'pasta',
    category_high: 'Food & Drink',
    subcategories: [],
    locations: [],
    entities: [],
    intent: 'try',
  },
  ...{
    visual_description: null,
    visual_tags: [],
    analysis_source: 'local',
    analysis_model: 'x',
    analysis_prompt: null,
  },
  ...{ tokens_in: 0, tokens_out: 0, cost_usd: 0 },
} as unknown as Parameters<typeof writeAnalysis>[2]

async function readWhole(of: Attempt): Promise<void> {
  const { sql } = trove.database
  expect(await writeMetadata(sql, of, METADATA, 'en')).toBe('other')
  expect(await writeAnalysis(sql, of, ANALYSIS)).toBe('other')
  expect(await markReady(sql, of)).toBe('other')
}
const fail = async (of: Attempt) => expect(await markFailed(trove.database.sql, of, 'gone')).toBe('other')

/** Saves that are not as their contents are, and counts that are not what is counted from scratch. */
async function wrong() {
  const { sql } = trove.database
  const copies = await sql`
    select s.user_id, s.status, s.category, s.title, s.topic, c.status as is, c.category_high, c.topic_main
    from user_content_saves s
    join shared_contents c on c.id = s.shared_content_id
    where (s.status, s.category, s.title, s.topic)
      is distinct from (c.status, coalesce(s.own_category, c.category_high, 'Misc'), coalesce(s.own_title, c.title),
        c.topic_main)`
  const counts = await sql`
    select user_id, status, category, is_archived, is_favorited, counted.items as is, kept.items
    from (
      select user_id, status, category, is_archived, is_favorited, count(*)::integer as items
      from user_content_saves
      group by 1, 2, 3, 4, 5
    ) counted
    full join (select * from library_counts where items <> 0) kept
      using (user_id, status, category, is_archived, is_favorited)
    where counted.items is distinct from kept.items`
  // Where tables are spread, beside each save what lists read of its content, but for how many have it by now.
  const beside = await sql`
    select s.user_id, s.shared_content_id, to_jsonb(k) as is
    from user_content_saves s
    join shared_contents c on c.id = s.shared_content_id
    left join saved_contents k on k.user_id = s.user_id and k.id = c.id
    where case when ${isSpread(sql)} then (to_jsonb(c) @> (to_jsonb(k) - array['user_id', 'save_count'])) is not true
      else k is not null end`
  return { copies: [...copies], counts: [...counts], beside: [...beside] }
}

/** A content that both have, one as a favourite and the other in the archive. */
async function saveBoth(): Promise<{ hers: Saved; his: Saved }> {
  const hers = await save(alice)
  const his = await save(bob, hers.url)
  await patch(alice, hers.save_id, { is_favorited: true })
  await patch(bob, his.save_id, { is_archived: true })
  return { hers, his }
}

const WAYS: Record<string, () => Promise<unknown>> = {
  'a save': () => save(alice),
  'a save of what is READY': async () => {
    const hers = await save(alice)
    await readWhole(hers)
    await save(bob, hers.url)
  },
  'a save of what FAILED for others': async () => {
    const { hers } = await saveBoth()
    await fail(hers)
    await save(await trove.register(), hers.url)
  },
  'a save that is refused': async () => {
    const { url } = await save(alice)
    expect((await alice.post('/v1/items', { url })).status).toBe(400)
  },
  'a batch of what is new, known, READY, and FAILED for others': async () => {
    const { hers: failed } = await saveBoth()
    const { hers: ready } = await saveBoth()
    await fail(failed)
    await readWhole(ready)
    const other = await trove.register()
    const known = await save(other)
    const urls = [page(), page(), failed.url, known.url, ready.url]
    const { body } = await other.post('/v1/items/batch', { items: urls.map(url => ({ url })) })
    expect(body.results.map(({ status }: { status: string }) => status)).toEqual([
      ...['saved', 'saved', 'saved', 'duplicate', 'saved'],
    ])
  },
  'an edit': async () => {
    const { hers, his } = await saveBoth()
    await patch(alice, hers.save_id, { is_archived: true })
    await patch(bob, his.save_id, { is_archived: false, is_favorited: true, raw_share_text: 'soon' })
    await patch(bob, his.save_id, { is_favorited: true })
  },
  'own words, a reading that finds others, and their end': async () => {
    const { hers, his } = await saveBoth()
    await patch(alice, hers.save_id, { title: 'Sunday pasta', category_high: 'Travel' })
    await patch(bob, his.save_id, { category_high: 'Tech' })
    await readWhole(hers)
    await patch(alice, hers.save_id, { category_high: null })
    await patch(bob, his.save_id, { title: 'Mine', category_high: null, is_archived: false })
  },
  'own words that end while the link is read': async () => {
    for (let round = 0; round < 5; round++) {
      const { hers } = await saveBoth()
      await patch(alice, hers.save_id, { title: 'Sunday pasta', category_high: 'Travel' })
      await Promise.all([readWhole(hers), patch(alice, hers.save_id, { title: null, category_high: null })])
    }
  },
  'two saves that turn out to be one, each with own words': async () => {
    const { hers: there } = await saveBoth()
    const here = await save(alice)
    await patch(alice, here.save_id, { title: 'Sunday pasta', category_high: 'Travel' })
    await patch(alice, there.save_id, { category_high: 'Tech' })
    const { config, database } = trove.context
    await database.sql.begin(tx => moveContent(tx, here, normaliseUrl(there.url, config)!, true))
    const { body } = await alice.get(`/v1/items/${here.save_id}`)
    expect(body.content).toMatchObject({ title: 'Sunday pasta', category_high: 'Tech' })
  },
  'a removal into the trash and a restoring, the link read meanwhile': async () => {
    const { hers, his } = await saveBoth()
    await patch(bob, his.save_id, { category_high: 'Tech' })
    for (const [user, { save_id }] of [
      [alice, hers],
      [bob, his],
    ] as const) {
      expect((await user.send('DELETE', `/v1/items/${save_id}`)).status).toBe(204)
    }
    expect(await wrong()).toEqual({ copies: [], counts: [], beside: [] })
    await readWhole(hers)
    expect((await bob.post(`/v1/trash/${his.save_id}/restore`)).status).toBe(200)
    expect((await save(alice, hers.url)).save_id).toBe(hers.save_id)
  },
  'a removal': async () => {
    const { hers } = await saveBoth()
    expect((await alice.send('DELETE', `/v1/items/${hers.save_id}`)).status).toBe(204)
  },
  'a reading that ends READY': async () => readWhole((await saveBoth()).hers),
  'a reading that ends FAILED': async () => fail((await saveBoth()).hers),
  'a content of which only a note tells anything': async () => {
    expect(await writeNoteOnly(trove.database.sql, (await saveBoth()).hers)).toBe('other')
  },
  'a reading anew of what FAILED': async () => {
    const { hers } = await saveBoth()
    await fail(hers)
    expect((await alice.post(`/v1/items/${hers.save_id}/reprocess`)).status).toBe(202)
  },
  'a link that turns out to be another content, which FAILED': async () => {
    const { hers: there, his } = await saveBoth()
    await fail(there)
    const here = await save(bob)
    await patch(bob, here.save_id, { is_favorited: true })
    await save(await trove.register(), here.url)
    const { config, database } = trove.context
    const moved = await database.sql.begin(tx =>
      moveContent(tx, here, normaliseUrl(there.url, config)!, true),
    )
    expect(moved).toMatchObject({ content_id: there.content_id, run: 'taken_over', moved: { length: 1 } })
    expect((await bob.get(`/v1/items/${here.save_id}`)).body.save.id).toBe(his.save_id)
  },
  'a link that turns out to be another content, which is READY': async () => {
    const { hers: there } = await saveBoth()
    await readWhole(there)
    const here = await save(await trove.register())
    const { config, database } = trove.context
    await database.sql.begin(tx => moveContent(tx, here, normaliseUrl(there.url, config)!, true))
  },
  'a reading anew that finds another caption alone': async () => {
    const { hers } = await saveBoth()
    await readWhole(hers)
    const other = { ...METADATA, caption: 'With guanciale' }
    expect(await writeMetadata(trove.database.sql, hers, other, 'en')).toBe('other')
  },
  'a page that turns out to be at another address': async () => {
    const { hers } = await saveBoth()
    const link = normaliseUrl(page(), trove.context.config)!
    const moved = await trove.database.sql.begin(tx => moveContent(tx, hers, link, true))
    expect(moved).toMatchObject({ content_id: hers.content_id, run: 'here' })
  },
  'an account that is removed': async () => {
    await saveBoth()
    const { sql } = trove.database
    await sql`delete from users where id = ${alice.id}`
    expect(await sql`select from library_counts where user_id = ${alice.id}`).toHaveLength(0)
  },
}

describe.each(['on one Postgres', 'where tables are spread'])('%s', layout => {
  beforeAll(async () => {
    trove = await startTrove()
    if (layout === 'where tables are spread') await spread(trove.database)
  })
  beforeEach(async () => {
    // What one test finds wrong is no other's fault.
    const { sql } = trove.database
    await settle(sql)
    await copyContents(
      sql,
      await sql<{ user_id: string; content_id: string }[]>`
        select user_id, shared_content_id as content_id
        from user_content_saves`,
    )
    alice = await trove.register()
    bob = await trove.register()
  })
  afterAll(() => trove.stop())

  test.each(Object.keys(WAYS))('copies and counts are right after %s', async way => {
    await WAYS[way]!()
    expect(await wrong()).toEqual({ copies: [], counts: [], beside: [] })
  })
})
