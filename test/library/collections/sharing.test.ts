// A category that is shared by a link: as long as it is public, with what is public of it, to people, programs and feeds.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { parseAtomFeed } from 'feedsmith'
import { resealShares } from '../../../src/library/collections/sharing/share-category.ts'
import { startTrove, type Trove } from '../../support/app.ts'
import { type Collector, newCollector } from './collections.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'false' })
})
afterAll(() => trove.stop())

const addressesOf = (token: string) => [
  `/v1/bookmark-categories/share/${token}`,
  `/shared/${token}`,
  `/shared/${token}/feed.atom`,
]
const statusesOf = async (token: string) =>
  Promise.all(addressesOf(token).map(async path => (await trove.get(path)).status))
const tokenOf = async (who: Collector, id: string): Promise<string> =>
  (await who.get(`/v1/bookmark-categories/${id}`)).body.share_token

/** A save that was read. */
async function readSave(who: Collector, video: string, title: string) {
  const { body } = await who.post('/v1/items', {
    url: `https://youtu.be/${video}`,
    raw_share_text: 'canary-save-note',
  })
  const { sql } = trove.database
  await sql`
    update shared_contents
    set title = ${title}, status = 'READY', author = 'An <author>', category_high = 'Tech', duration_seconds = 3725
    where id = ${body.content.id}`
  // What the owner calls it takes the place of the title that was read.
  await sql`
    update user_content_saves
    set title = 'canary-own-title', status = 'READY', category = 'Career' where id = ${body.save.id}`
  return body.save.id as string
}

const bookmarkOf = async (who: Collector, content_id: string, category_id: string) => {
  const { body } = await who.post('/v1/bookmarks', { content_id, note: 'canary-bookmark-note' })
  await who.post(`/v1/bookmarks/${body.id}/categories`, { category_id })
  return body.id as string
}

describe('a link to a category', () => {
  test('works exactly as long as it is public, and is another one after a rotation', async () => {
    const who = await newCollector(trove)
    const id = await who.category('Shared')
    expect(await tokenOf(who, id)).toBeNull()
    const set = (is_public: boolean) => who.put(`/v1/bookmark-categories/${id}`, { is_public })
    const { share_token: first } = (await set(true)).body
    expect(await statusesOf(first)).toEqual([200, 200, 200])
    const stopped = (await set(false)).body
    expect([stopped.share_token, await statusesOf(first)]).toEqual([first, [404, 404, 404]])
    expect((await set(true)).body.share_token).toBe(first)
    expect(await statusesOf(first)).toEqual([200, 200, 200])

    const { share_token: second } = (await who.post(`/v1/bookmark-categories/${id}/share/rotate`)).body
    expect(await statusesOf(first)).toEqual([404, 404, 404])
    expect(await statusesOf(second)).toEqual([200, 200, 200])
    const lists = await Promise.all(
      ['', '/tree'].map(async path => (await who.get(`/v1/bookmark-categories${path}`)).body.items),
    )
    for (const items of lists) expect(items.at(-1).share_token).toBe(second)
    await who.remove(`/v1/bookmark-categories/${id}`)
    expect(await statusesOf(second)).toEqual([404, 404, 404])
    const nothing = await trove.get(addressesOf(`${second}x`)[0]!)
    expect([nothing.body.detail, nothing.headers.get('x-robots-tag')]).toEqual([
      'Nothing is shared at this address',
      'noindex',
    ])
  })

  test('is sealed in the database, in no log and in no answer kept for a repetition', async () => {
    const who = await newCollector(trove)
    const key = { 'idempotency-key': crypto.randomUUID() }
    const body = { name: 'Sealed', is_public: true }
    const made = await who.post('/v1/bookmark-categories', body, key)
    const again = await who.post('/v1/bookmark-categories', body, key)
    const token: string = made.body.share_token
    expect(again.body).toEqual(made.body)
    await statusesOf(token)
    const { sql } = trove.database
    const kept = await sql`
      select k::text as text from bookmark_categories k union all select s::text from category_shares s
      union all select i::text from idempotency_keys i union all select a::text from audit_entries a`
    expect(kept.filter(({ text }) => text.includes(token))).toEqual([])
    expect(trove.logs.filter(line => line.includes(token))).toEqual([])
    expect(token).toMatch(/^trl_[\w-]{32}$/)
  })

  test('opens after ENCRYPTION_KEY was changed, and no more with the key of before', async () => {
    const who = await newCollector(trove)
    const { body } = await who.post('/v1/bookmark-categories', { name: 'Resealed', is_public: true })
    const { config } = trove.context
    const before = config.ENCRYPTION_KEY ?? config.JWT_SECRET_KEY!
    const sealed = async () =>
      (await trove.database.sql`select share_token_sealed from bookmark_categories where id = ${body.id}`)[0]!
    const was = await sealed()
    const keys = { ENCRYPTION_KEY: 'n'.repeat(48), ENCRYPTION_KEY_PREVIOUS: before }
    await resealShares({ ...trove.context, config: { ...config, ...keys } })
    expect(await sealed()).not.toEqual(was)
    const back = { ENCRYPTION_KEY: before, ENCRYPTION_KEY_PREVIOUS: keys.ENCRYPTION_KEY }
    await resealShares({ ...trove.context, config: { ...config, ...back } })
    expect(await tokenOf(who, body.id)).toBe(body.share_token)
  })
})

describe('what is shared', () => {
  test('is what contents say of themselves, and nothing that their owner wrote', async () => {
    const who = await newCollector(trove)
    const { sql } = trove.database
    await sql`update users set username = ${`canary-name-${who.id.slice(0, 8)}`} where id = ${who.id}`
    const root = await who.category('Tools <b>&', { is_public: true, query: null, description: 'A "few"' })
    const open = await who.category('Open below', { parent_id: root, is_public: true })
    const hidden = await who.category('canary-hidden', { parent_id: root })
    await who.category('canary-below-hidden', { parent_id: hidden, is_public: true })
    await who.category('canary-beside', { is_public: true })
    const smart = await who.category('Found', { parent_id: root, is_public: true, query: 'canary-save-note' })
    const saved = await readSave(who, 'sharedvid11', 'Bread <script>alert(1)</script>')
    const bookmark = await bookmarkOf(who, saved, root)
    const work = await who.work('A work', {
      data: { text: 'canary-text' },
      prompt: 'canary-prompt',
      file_url: 'https://canary-file.example',
    })
    await bookmarkOf(who, work, root)
    await bookmarkOf(who, await readSave(who, 'sharedvid22', 'Below'), open)
    await bookmarkOf(who, await who.work('canary-hidden-work'), hidden)
    await bookmarkOf(who, await who.work('canary-deleted'), root).then(id =>
      who.remove(`/v1/bookmarks/${id}`),
    )
    const tag = crypto.randomUUID()
    await sql`insert into tags (id, owner_id, name, name_key) values (${tag}, ${who.id}, 'canary-tag', 'canary-tag')`
    await sql`insert into save_tags (user_id, save_id, tag_id, source) values (${who.id}, ${saved}, ${tag}, 'user')`
    await sql`insert into content_ratings (user_id, content_id, rating) values (${who.id}, ${saved}, 4.5)`

    const token = await tokenOf(who, root)
    const [json, page, feed] = await Promise.all(addressesOf(token).map(path => trove.get(path)))
    for (const { status, body, headers } of [json!, page!, feed!]) {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      expect(status).toBe(200)
      expect(headers.get('x-robots-tag')).toBe('noindex')
      expect(headers.get('cache-control')).toMatch(/no-(store|cache)/)
      for (const secret of ['canary', who.email, who.id, saved, work]) expect(text).not.toContain(secret)
    }
    expect(page!.body).toContain('Bread &lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page!.body).not.toContain('<script>')

    const { category, bookmarks, subcategories, total } = json!.body
    expect([category.name, category.description, total]).toEqual(['Tools <b>&', 'A "few"', 2])
    expect(bookmarks[0]).toMatchObject({
      id: bookmark,
      content_type: 'link',
      title: 'Bread <script>alert(1)</script>',
      url: 'https://youtube.com/watch?v=sharedvid11',
      author: 'An <author>',
      category_high: 'Tech',
    })
    expect(bookmarks[1]).toMatchObject({ content_type: 'text', title: 'A work', url: null })
    expect(subcategories.map(({ id, bookmark_count }: never) => [id, bookmark_count])).toEqual([
      [smart, 2],
      [open, 1],
    ])
    expect(subcategories[1].bookmarks.map(({ title }: { title: string }) => title)).toEqual(['Below'])
    await sql`update works set is_public = true where id = ${work}`
    const [, own] = (await trove.get(addressesOf(token)[0]!)).body.bookmarks
    expect(own.url).toBe('https://canary-file.example')
  })

  test('is read part by part, and the parts under it by themselves', async () => {
    const who = await newCollector(trove)
    const root = await who.category('Long', { is_public: true })
    const below = await who.category('Below', { parent_id: root, is_public: true })
    const beside = await who.category('Beside', { is_public: true })
    for (let i = 0; i < 4; i++) await who.bookmark(`Part ${i}`, root)
    await who.bookmark('Under', below)
    const token = await tokenOf(who, root)
    const [api, page] = addressesOf(token) as [string, string]
    const part = (await trove.get(`${api}?skip=1&limit=2`)).body
    expect(part.bookmarks.map(({ title }: { title: string }) => title)).toEqual(['Part 1', 'Part 2'])
    expect(part).toMatchObject({ total: 4, skip: 1, limit: 2 })
    const under = (await trove.get(`${api}?category_id=${below}`)).body
    expect([under.category.name, under.category.parent_id, under.total]).toEqual(['Below', root, 1])
    expect((await trove.get(`${api}?category_id=${beside}`)).status).toBe(404)
    expect((await trove.get(`${api}?limit=0`)).status).toBe(422)
    const shown = await trove.get(`${page}?category=${below}`)
    expect(shown.body).toContain('Under')
    expect(shown.body).not.toContain('Part 1')
    for (const query of [`category=${beside}`, 'category=x', 'page=0', 'page=1e9']) {
      const { status, body, headers } = await trove.get(`${page}?${query}`)
      expect([query, status, headers.get('content-type')]).toEqual([query, 404, 'text/html; charset=utf-8'])
      expect(body).toContain('Nothing is shared here')
    }
  })

  test('is a page without scripts, whose policy lets none in', async () => {
    const who = await newCollector(trove)
    const root = await who.category('Page', { is_public: true })
    await bookmarkOf(
      who,
      await who.work('No link', { is_public: true, file_url: 'javascript:alert(1)' }),
      root,
    )
    const { headers, body } = await trove.get(addressesOf(await tokenOf(who, root))[1]!)
    expect(headers.get('content-security-policy')).toStartWith("default-src 'none'; style-src 'self'")
    expect(body).not.toContain('<script')
    expect(body).not.toContain('javascript:')
    for (const [, path] of body.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)) {
      expect([path, (await trove.get(path)).status]).toEqual([path, 200])
    }
  })

  test('is a feed with ids that stay, and answers 304 until there is something new', async () => {
    const who = await newCollector(trove)
    const root = await who.category('Feed & more', { is_public: true, query: null })
    const id = await bookmarkOf(who, await readSave(who, 'feedvideo11', 'Bell \u0007 ]]> & <i>'), root)
    const path = addressesOf(await tokenOf(who, root))[2]!
    const { headers, body } = await trove.get(path)
    expect(headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
    expect(body).not.toContain('\u0007')
    const feed = parseAtomFeed(body)
    const link = (rel: string) => feed.links?.find(it => it.rel === rel)?.href
    expect([feed.id, feed.title?.value]).toEqual([`urn:uuid:${root}`, 'Feed & more'])
    expect([link('self'), link('alternate')]).toEqual([
      `http://localhost${path}`,
      `http://localhost${path.replace('/feed.atom', '')}`,
    ])
    const [entry] = feed.entries!
    expect(entry).toMatchObject({
      id: `urn:uuid:${id}`,
      title: { value: 'Bell  ]]> & <i>' },
      links: [{ href: 'https://youtube.com/watch?v=feedvideo11', rel: 'alternate' }],
      authors: [{ name: 'An <author>' }],
      updated: expect.stringMatching(/Z$/),
    })
    const etag = headers.get('etag')!
    const known = await trove.get(path, { 'if-none-match': `"other", W/${etag}` })
    expect([known.status, known.body, known.headers.get('etag')]).toEqual([304, '', etag])
    await who.post(`/v1/bookmark-categories/${root}/share/rotate`)
    expect((await trove.get(path, { 'if-none-match': etag })).status).toBe(404)
    const moved = addressesOf(await tokenOf(who, root))[2]!
    const second = await who.bookmark('Newer', root)
    const after = await trove.get(moved, { 'if-none-match': etag })
    expect(parseAtomFeed(after.body).entries!.map(it => it.id)).toEqual([
      `urn:uuid:${second}`,
      `urn:uuid:${id}`,
    ])
  })
})

test('whose account goes leaves no link behind', async () => {
  const who = await newCollector(trove)
  const token = await tokenOf(who, await who.category('Goes', { is_public: true }))
  const { userErased } = await import('../../../src/accounts/events.ts')
  const { emit } = await import('../../../src/ground/domain-events.ts')
  const { sql } = trove.database
  await sql.begin(tx => emit(tx, trove.context, userErased, { id: who.id, email: who.email }))
  expect(await statusesOf(token)).toEqual([404, 404, 404])
  expect(await sql`select from category_shares where owner_id = ${who.id}`).toHaveLength(0)
})

test('links are counted by who asks, from where', async () => {
  const path = addressesOf('trl_nothing')[0]!
  const config = { ...trove.context.config, RATE_LIMIT_ENABLED: true }
  const { createApp } = await import('../../../src/app.ts')
  const { notePeer } = await import('../../../src/ground/http/edge/client-address.ts')
  const { app, close } = createApp({ ...trove.context, config })
  const request = new Request(`http://localhost${path}`)
  notePeer(request, '198.51.100.7')
  const { status, headers } = await app.handle(request)
  await close()
  expect([status, headers.get('ratelimit-policy')?.split(';')[0]]).toEqual([404, '"default"'])
})
