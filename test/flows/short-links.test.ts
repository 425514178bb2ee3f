// Several ways to one page are one save: short links, and addresses that have moved.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { openEvents } from '../support/events.ts'
import { settle } from '../support/settle.ts'

/** `/to/301/news/story` leads to `/news/story`. */
let site: Server
let shortener: Server
let platform: Simulator
let trove: Trove
/** Where the shortener leads, for a moment. */
const shortened = new Map<string, string>()
const started = (server: Server) =>
  new Promise<string>(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
let [base, short] = ['', '']

beforeAll(async () => {
  site = createServer((request, response) => {
    const [, to, status, ...path] = request.url!.split('/')
    if (to === 'to') return void response.writeHead(Number(status), { location: `/${path.join('/')}` }).end()
    if (request.url!.startsWith('/gone')) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<title>Page ${request.url}</title><p>Some words about it.</p>`)
  })
  shortener = createServer((request, response) => {
    const location = shortened.get(request.url!)
    response.writeHead(location ? 302 : 404, location ? { location } : {}).end()
  })
  base = await started(site)
  short = await started(shortener)
  platform = await startPlatformSimulator()
  trove = await startTrove({
    ...platform.env,
    MODELS: 'local',
    PLATFORMS: 'youtube,instagram,web',
    FETCH_ALLOW_HOSTS: [base, short].map(it => new URL(it).host).join(','),
    RATE_LIMIT_ENABLED: 'false',
  })
  await trove.work()
})
afterAll(async () => {
  await trove.stop()
  for (const server of [site, shortener]) server.closeAllConnections()
  for (const server of [site, shortener]) server.close()
  await platform.close()
})

const save = async (user: User, url: string, raw_share_text?: string) =>
  (await user.post('/v1/items', { url, raw_share_text })).body
/** Saves a link and waits until its job is done. */
async function read(user: User, url: string, note?: string) {
  const events = await openEvents(trove.handle, user)
  const saved = await save(user, url, note)
  for (let event = await events.next(); event; event = await events.next()) {
    if (event.data.job_id === saved.job_id && /READY|FAILED/.test(event.data.status)) break
  }
  await events.close()
  return saved.save.id as string
}
const listed = async (user: User) => {
  const { items } = (await user.get('/v1/items?status=all')).body
  return items.map((it: { save: { id: string }; content: { url: string } }) => [it.save.id, it.content.url])
}

describe('ways to one page', () => {
  test('are one save, with the notes of all, under every id that was given', async () => {
    const user = await trove.register()
    const page = `${base}/news/story-1`
    const first = await read(user, `${base}/to/301/news/story-1`, 'from the newsletter')
    expect(await listed(user)).toEqual([[first, page]])
    const second = await read(user, `${base}/to/308/news/story-1`, 'again')
    expect(await listed(user)).toEqual([[first, page]])
    const kept = (await user.get(`/v1/items/${second}`)).body
    expect(kept.save).toMatchObject({ id: first, raw_share_text: 'from the newsletter\nagain' })
    expect((await user.send('PATCH', `/v1/items/${second}`, edit({ is_favorited: true }))).body.save.id).toBe(
      first,
    )
    for (const way of [page, `${base}/to/301/news/story-1`, `${base}/to/308/news/story-1`]) {
      expect(await user.post('/v1/items', { url: way })).toMatchObject({
        status: 400,
        body: { error_code: 'ALREADY_SAVED', existing_save_id: first },
      })
      const found = (await user.get(`/v1/search?q=${encodeURIComponent(way)}`)).body.results
      expect([way, found[0].save_id]).toEqual([way, first])
    }
    const batch = (
      await user.post('/v1/items/batch', { items: [{ url: page }, { url: `${base}/to/308/news/story-1` }] })
    ).body.results
    expect(batch.map((it: { status: string; save_id: string }) => [it.status, it.save_id])).toEqual([
      ['duplicate', first],
      ['duplicate', first],
    ])
    expect((await user.send('DELETE', `/v1/items/${second}`)).status).toBe(204)
    expect(await listed(user)).toEqual([])
    expect((await user.get(`/v1/items/${second}`)).status).toBe(404)
  })

  test('of other people lead to one content, and each keeps their own save', async () => {
    const [alice, bob] = [await trove.register(), await trove.register()]
    const page = `${base}/news/story-2`
    const hers = await read(alice, page)
    const his = await read(bob, `${base}/to/301/news/story-2`)
    expect(await listed(alice)).toEqual([[hers, page]])
    expect(await listed(bob)).toEqual([[his, page]])
    const { content } = (await bob.get(`/v1/items/${his}`)).body
    expect(content).toMatchObject({ status: 'READY', save_count: 2 })
    expect((await alice.get(`/v1/items/${his}`)).status).toBe(404)
    const [left] = await trove.database
      .sql`select count(*)::int as n from shared_contents where url like ${'%to/301/news/story-2'}`
    expect(left!.n).toBe(0)
  })

  test('lead from a short link of another host, though for a moment only', async () => {
    const user = await trove.register()
    shortened.set('/a1', `${base}/news/a-rather-long-title-of-a-story`)
    const id = await read(user, `${short}/a1`)
    expect(await listed(user)).toEqual([[id, `${base}/news/a-rather-long-title-of-a-story`]])
  })

  test('lead to a video, which is read as one', async () => {
    const user = await trove.register()
    shortened.set('/v1', `${platform.env.YOUTUBE_URL}/watch?v=dQw4w9WgXcQ`)
    const id = (await save(user, `${short}/v1`)).save.id
    await trove.untilItems(user, 1)
    const { content } = (await user.get(`/v1/items/${id}`)).body
    expect(content.status).toBe('READY')
  })

  test('take over what could not be read before', async () => {
    const user = await trove.register()
    const failed = await read(user, `${base}/gone/../news/story-3`)
    await trove.database
      .sql`update shared_contents set status = 'FAILED', run_stage = 'failed', error_message = 'x' where url like '%/news/story-3'`
    await settle(trove.database.sql)
    const other = await read(user, `${base}/to/301/news/story-3`)
    expect(await listed(user)).toEqual([[failed, `${base}/news/story-3`]])
    expect((await user.get(`/v1/items/${other}`)).body.content).toMatchObject({
      status: 'READY',
      error_message: null,
    })
  })

  test('do not stop the run of a page that somebody else has read anew', async () => {
    const [alice, bob] = [await trove.register(), await trove.register()]
    await read(alice, `${base}/news/story-5`)
    const run = { attempt: crypto.randomUUID(), run_stage: 'understanding' }
    const { sql } = trove.database
    await sql`update shared_contents set ${sql(run)} where url like '%/news/story-5'`
    await read(bob, `${base}/to/301/news/story-5`)
    expect(
      (await sql`select attempt, run_stage from shared_contents where url like '%/news/story-5'`)[0],
    ).toEqual(run)
  })

  const others = {
    'that leads elsewhere for a moment': '/to/302/news/today',
    'that leads to the front page': '/to/301/',
  }
  for (const [name, path] of Object.entries(others)) {
    test(`do not include an address ${name}`, async () => {
      const user = await trove.register()
      const id = await read(user, `${base}${path}`)
      expect(await listed(user)).toEqual([[id, `${base}${path}`]])
    })
  }

  test('that are found at the same moment are one save', async () => {
    const user = await trove.register()
    const ways = [
      '/news/story-4',
      '/to/301/news/story-4',
      '/to/308/news/story-4',
      '/to/301/to/308/news/story-4',
      '/to/308/to/301/news/story-4',
    ]
    await user.post('/v1/items/batch', {
      items: ways.map(way => ({ url: base + way, raw_share_text: way.slice(0, 20) })),
    })
    while ((await listed(user)).length > 1) await delay(25)
    await trove.untilItems(user, 1)
    const { sql } = trove.database
    const counts = await sql`
      select c.save_count, (select count(*) from user_content_saves s where s.shared_content_id = c.id)::int as saves
      from shared_contents c`
    for (const { save_count, saves } of counts) expect(save_count).toBe(saves)
  })
})

const edit = (body: object): RequestInit => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})
