// What holds on every route: answers' headers, the shape of errors, ids and times, paging, limits, conditional GETs.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import { readLimits } from '../../src/ground/http/limits/limits.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { type Answer, clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'

const json = { 'content-type': 'application/json' }
let simulator: Simulator
let trove: Trove
let user: User
beforeAll(async () => {
  simulator = await startPlatformSimulator()
  trove = await startTrove(simulator.env)
  user = await trove.register()
})
afterAll(async () => {
  await trove.stop()
  await simulator.close()
})

let next = 0
/** Between two questions, so that they do not take the worker's time. */
const aMoment = () => new Promise(resolve => setTimeout(resolve, 25))
const link = () => `https://youtu.be/every${String(next++).padStart(6, '0')}`
const patch = (path: string, body: object, headers = {}) =>
  user.send('PATCH', path, { body: JSON.stringify(body), headers: { ...json, ...headers } })

/** The same product with these limits, asked by `who`. */
function limited(limits: string, who?: User) {
  const config = { ...trove.context.config, RATE_LIMIT_ENABLED: true, RATE_LIMITS: readLimits(limits)! }
  const { app } = createApp({ ...trove.context, config })
  return clientOf(request => app.handle(request), who ? { authorization: `Bearer ${who.token}` } : {})
}

/** Adds READY saves, every second one archived. */
async function addSaves(owner: User, count: number) {
  const { sql } = trove.database
  const mark = crypto.randomUUID()
  await sql`
    insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt, status, title, save_count)
    select gen_random_uuid(), 'https://youtube.com/watch?v=' || n, ${mark} || n, 'youtube', n::text, gen_random_uuid(),
      'READY', 'Video ' || n, 1
    from generate_series(1, ${count}::integer) n`
  await sql`
    insert into user_content_saves (user_id, id, shared_content_id, is_archived)
    select ${owner.id}, gen_random_uuid(), c.id, c.external_id::integer % 2 = 0
    from shared_contents c where c.url_hash like ${`${mark}%`}`
  await settle(sql)
}

/** One answer of every kind that the product gives. */
async function oneOfEach(): Promise<[string, number, Answer][]> {
  const { sql } = trove.database
  const url = link()
  const saved = await user.post('/v1/items', { url })
  const path = `/v1/items/${saved.body.save.id}`
  const seen = (await user.get(path)).headers.get('etag')!
  const clusters = [crypto.randomUUID(), crypto.randomUUID()]
  for (const id of clusters) {
    await sql`
      insert into clusters (user_id, id, label, item_count, centroid, model)
      values (${user.id}, ${id}, ${id}, 1, array_fill(0.1, array[512])::vector, 'test')`
  }
  const starting = createApp(trove.context, () => false)
  const away = clientOf(request => starting.app.handle(request))
  const narrow = limited('items_read=1/1d', user)
  await narrow.get('/v1/items')
  const answers: [string, number, Answer][] = [
    ['health', 200, await trove.get('/health')],
    ['a save', 201, saved],
    ['a reading anew', 202, await user.post(`${path}/reprocess`)],
    ['an edit', 200, await patch(path, { is_favorited: true })],
    ['a stale edit', 412, await patch(path, { is_favorited: false }, { 'if-match': seen })],
    ['a second save', 400, await user.post('/v1/items', { url })],
    ['a broken body', 400, await trove.send('POST', '/v1/auth/login', { body: '{', headers: json })],
    ['a bad cursor', 400, await user.get('/v1/items?cursor=x')],
    ['no token', 401, await trove.get('/v1/items')],
    ['no address', 404, await trove.get('/nowhere')],
    ['no item', 404, await user.get(`/v1/items/${crypto.randomUUID()}`)],
    ['no method', 405, await trove.send('PUT', '/v1/items')],
    ['a label twice', 409, await patch(`/v1/clusters/${clusters[0]}`, { label: clusters[1] })],
    [
      'a large body',
      413,
      await user.send('POST', '/v1/items', { body: '{}', headers: { ...json, 'content-length': '2000000' } }),
    ],
    [
      'a foreign type',
      415,
      await user.send('POST', '/v1/items', { body: '{}', headers: { 'content-type': 'text/plain' } }),
    ],
    ['a bad value', 422, await user.get('/v1/items?limit=0')],
    ['too much', 429, await narrow.get('/v1/items')],
    ['starting', 503, await away.get('/v1/items')],
    ['options', 204, await trove.send('OPTIONS', '/v1/items')],
  ]
  const tag = (await user.get('/v1/items')).headers.get('etag')!
  answers.push(['nothing new', 304, await user.get('/v1/items', { 'if-none-match': tag })])
  answers.push(['a removal', 204, await user.send('DELETE', path)])
  await sql`alter table user_content_saves rename to hidden`
  answers.push(['our own fault', 500, await user.get('/v1/items')])
  await sql`alter table hidden rename to user_content_saves`
  return answers
}

describe('an answer of every kind', () => {
  let answers: [string, number, Answer][]
  beforeAll(async () => {
    answers = await oneOfEach()
  })

  test('has the status that it should have', () => {
    expect(answers.map(([name, , { status }]) => [name, status])).toEqual(
      answers.map(([name, status]) => [name, status]),
    )
  })

  test.each([
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', 'DENY'],
    ['x-xss-protection', '0'],
    ['strict-transport-security', 'max-age=31536000; includeSubDomains'],
    [
      'content-security-policy',
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ],
  ])('carries %s', (header, value) => {
    expect(answers.map(([name, , { headers }]) => [name, headers.get(header)])).toEqual(
      answers.map(([name]) => [name, value]),
    )
  })

  test('carries a request id of its own', () => {
    const ids = answers.map(([, , { headers }]) => headers.get('x-request-id'))
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(new Set(ids).size).toBe(answers.length)
  })

  test('has one shape when it is an error', () => {
    const errors = answers.filter(([, status]) => status >= 400)
    expect(errors.length).toBeGreaterThan(12)
    for (const [name, status, { headers, body }] of errors) {
      expect([name, headers.get('content-type')]).toEqual([name, 'application/problem+json'])
      expect(body).toMatchObject({
        type: expect.any(String),
        title: expect.stringMatching(/^[A-Z]/),
        status,
        detail: expect.stringMatching(/^[A-Z].* /),
        error_code: expect.stringMatching(/^[A-Z][A-Z_]+$/),
        request_id: headers.get('x-request-id'),
      })
      if ([429, 503].includes(status)) expect(headers.get('retry-after')).toBe(String(body.retry_after))
      expect(headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null)
    }
  })
})

describe('ids and times', () => {
  test('ids are UUIDs of version 7', async () => {
    const owner = await trove.register()
    const { body } = await owner.post('/v1/items', { url: link() })
    const audit = await owner.get('/v1/audit')
    for (const id of [owner.id, body.save.id, body.content.id, body.job_id, audit.body.entries[0].id]) {
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    }
  })

  test('times are ISO 8601 in UTC with milliseconds', async () => {
    const owner = await trove.register()
    const saved = await owner.post('/v1/items', { url: link() })
    const paths = ['/v1/auth/me', `/v1/items/${saved.body.save.id}`, '/v1/items?status=PENDING', '/v1/audit']
    const bodies = [saved.body]
    for (const path of [...paths, `/v1/jobs/${saved.body.job_id}`]) bodies.push((await owner.get(path)).body)
    const times: string[] = []
    JSON.stringify(bodies, (key, value) => {
      if (key.endsWith('_at') && value !== null) times.push(value)
      return value
    })
    expect(times.length).toBeGreaterThan(10)
    for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })
})

test('the job that a request causes carries its request id', async () => {
  const { body } = await user.post('/v1/items', { url: link() }, { 'x-request-id': 'from-the-client' })
  const [job] = await trove.database.sql`
    select data ->> 'request_id' as request_id from pgboss.job where id = ${body.job_id}`
  expect(job).toEqual({ request_id: 'from-the-client' })
})

describe('a list', () => {
  let owner: User
  beforeAll(async () => {
    owner = await trove.register()
    await addSaves(owner, 60)
    await trove.database.sql`
      insert into audit_entries (user_id, id, action, resource_type)
      select ${owner.id}, gen_random_uuid(), 'edit', 'save' from generate_series(1, 29)`
  })

  test.each([
    ['/v1/items', 'items'],
    ['/v1/audit', 'entries'],
  ])('%s gives 20 from the first unless told otherwise', async (path, name) => {
    const { body } = await owner.get(path)
    expect(body[name]).toHaveLength(20)
    expect(body).toMatchObject({ total: 30, limit: 20, offset: 0, has_more: true })
    expect(body.next_cursor).toBeString()
    const least = await owner.get(`${path}?limit=1&offset=29`)
    expect(least.body[name]).toHaveLength(1)
    expect(least.body).toMatchObject({ limit: 1, offset: 29, has_more: false, next_cursor: null })
    expect(least.headers.has('link')).toBe(false)
    const most = await owner.get(`${path}?limit=100`)
    expect(most.body[name]).toHaveLength(30)
    expect(most.body[name].slice(0, 20)).toEqual(body[name])
    const beyond = await owner.get(`${path}?offset=30`)
    expect(beyond.body).toMatchObject({ [name]: [], total: 30, has_more: false })
  })

  test.each(['limit=0', 'limit=101', 'limit=-1', 'limit=1.5', 'offset=-1', 'offset=x'])(
    'refuses %p',
    async query => {
      for (const path of ['/v1/items', '/v1/audit']) {
        const { status, body } = await owner.get(`${path}?${query}`)
        expect([path, status]).toEqual([path, 422])
        expect(body.field_errors[0].loc).toEqual(['query', query.split('=')[0]])
      }
    },
  )

  test('is followed to its end by Link alone, in the same order and with the same filters', async () => {
    const query = 'sort_by=title&sort_order=asc&is_archived=all'
    const whole = await owner.get(`/v1/items?${query}&limit=100`)
    expect(whole.body.items).toHaveLength(60)
    const followed: unknown[] = []
    let path: string | undefined = `/v1/items?${query}&limit=25`
    while (path) {
      const page: Answer = await owner.get(path)
      followed.push(...page.body.items)
      path = page.headers.get('link')?.match(/^<(.+)>; rel="next"$/)?.[1]
    }
    expect(followed).toEqual(whole.body.items)
  })
})

test.each([1, 255])('an Idempotency-Key of %d characters is taken', async length => {
  const key = { 'idempotency-key': 'x'.repeat(length) }
  const url = link()
  const [first, again] = [
    await user.post('/v1/items', { url }, key),
    await user.post('/v1/items', { url }, key),
  ]
  expect([first.status, again.status]).toEqual([201, 201])
  expect(again.headers.get('idempotency-replayed')).toBe('true')
})

describe('a rate limit', () => {
  test.each([
    ['POST', '/v1/auth/register', '"register";q=3;w=3600'],
    ['POST', '/v1/auth/login', '"login";q=5;w=900'],
    ['POST', '/v1/items', '"items_write";q=50;w=3600'],
    ['GET', '/v1/items', '"items_read";q=100;w=60'],
    ['GET', '/v1/items/grouped', '"items_read";q=100;w=60'],
    ['GET', '/v1/items/00000000-0000-7000-8000-000000000000', '"items_read";q=100;w=60'],
    ['GET', '/v1/clusters', '"clusters_read";q=100;w=60'],
    ['GET', '/v1/clusters/00000000-0000-7000-8000-000000000000', '"clusters_read";q=100;w=60'],
  ])('of %s %s is the published one by default', async (method, path, policy) => {
    const body = JSON.stringify({ email: `${crypto.randomUUID()}@example.com`, password: 'a password' })
    const { headers } = await limited('', user).send(
      method,
      path,
      method === 'GET' ? {} : { headers: json, body },
    )
    expect(headers.get('ratelimit-policy')).toBe(policy)
    expect(headers.get('x-ratelimit-limit')).toBe(policy.match(/q=(\d+)/)![1]!)
  })

  test('counts down one by one, and the request after the last is refused', async () => {
    const client = limited('items_read=100/1d', await trove.register())
    const paths = ['/v1/items', '/v1/items/grouped', '/v1/items?limit=0', `/v1/items/${crypto.randomUUID()}`]
    const remaining: string[] = []
    for (let i = 0; i < 100; i++) {
      const { status, headers } = await client.get(paths[i % paths.length]!)
      expect(status).not.toBe(429)
      remaining.push(headers.get('x-ratelimit-remaining')!)
    }
    expect(remaining).toEqual(Array.from({ length: 100 }, (_, i) => String(99 - i)))
    const over = await client.get('/v1/items')
    expect(over.status).toBe(429)
    expect(over.body.error_code).toBe('RATE_LIMIT_EXCEEDED')
    expect(over.headers.get('x-ratelimit-remaining')).toBe('0')
  })

  test.each([
    ['items_write', 'POST', '/v1/items'],
    ['clusters_read', 'GET', '/v1/clusters'],
  ])('named %s is each user’s own, and leaves the other limits alone', async (name, method, path) => {
    const [full, other] = [await trove.register(), await trove.register()]
    const ask = async (who: User) =>
      (
        await limited(`${name}=2/1d`, who).send(
          method,
          path,
          method === 'GET' ? {} : { headers: json, body: '{}' },
        )
      ).status
    const expected = method === 'GET' ? 200 : 422
    expect([await ask(full), await ask(full), await ask(full)]).toEqual([expected, expected, 429])
    expect(await ask(other)).toBe(expected)
    expect((await limited(`${name}=2/1d`, full).get('/v1/items')).status).toBe(200)
  })

  test('is asked after the token: who has none is 401, and counts nothing', async () => {
    const client = limited('items_read=1/1d')
    for (let i = 0; i < 3; i++) {
      const { status, headers } = await client.get('/v1/items')
      expect([status, headers.has('x-ratelimit-limit')]).toEqual([401, false])
    }
  })
})

describe('an ETag', () => {
  const PATHS = ['/v1/items', '/v1/items/grouped', '/v1/clusters']
  const tags = async (who: User) =>
    Promise.all(PATHS.map(async path => (await who.get(path)).headers.get('etag')!))
  const statuses = async (who: User, seen: string[]) =>
    Promise.all(PATHS.map(async (path, i) => (await who.get(path, { 'if-none-match': seen[i]! })).status))
  const SAME = PATHS.map(() => 304)
  const NEW = PATHS.map(() => 200)

  test('changes with a save, an edit and a removal, and not with what is refused', async () => {
    const owner = await trove.register()
    let seen = await tags(owner)
    expect(await statuses(owner, seen)).toEqual(SAME)
    const url = link()
    const { body } = await owner.post('/v1/items', { url })
    expect(await statuses(owner, seen)).toEqual(NEW)
    seen = await tags(owner)
    await owner.post('/v1/items', { url })
    await owner.post('/v1/items', { url: 'nonsense' })
    expect(await statuses(owner, seen)).toEqual(SAME)
    const path = `/v1/items/${body.save.id}`
    await owner.send('PATCH', path, { body: '{"is_archived":true}', headers: json })
    expect(await statuses(owner, seen)).toEqual(NEW)
    seen = await tags(owner)
    await owner.send('DELETE', path)
    expect(await statuses(owner, seen)).toEqual(NEW)
  })

  test('that is met is 304 without a query of saves, contents or clusters', async () => {
    const { sql } = trove.database
    const owner = await trove.register()
    const seen = await tags(owner)
    const tables = ['user_content_saves', 'shared_contents', 'library_counts', 'clusters']
    for (const table of tables) await sql.unsafe(`alter table ${table} rename to hidden_${table}`)
    const met = await statuses(owner, seen)
    const unmet = await statuses(owner, ['"x"', '"x"', '"x"'])
    for (const table of tables) await sql.unsafe(`alter table hidden_${table} rename to ${table}`)
    expect(met).toEqual(SAME)
    expect(unmet).toEqual([500, 500, 500])
  })

  test('stays when somebody else saves or removes the same content', async () => {
    const [owner, other] = [await trove.register(), await trove.register()]
    const url = link()
    const mine = await owner.post('/v1/items', { url })
    const item = `/v1/items/${mine.body.save.id}`
    const tag = (await owner.get(item)).headers.get('etag')!
    const seen = await tags(owner)
    const { body } = await other.post('/v1/items', { url })
    expect((await owner.get(item)).body.content.save_count).toBe(2)
    expect(await statuses(owner, seen)).toEqual(SAME)
    expect((await owner.get(item, { 'if-none-match': tag })).status).toBe(304)
    await other.send('DELETE', `/v1/items/${body.save.id}`)
    expect(await statuses(owner, seen)).toEqual(SAME)
  })

  test('changes with a finished job and with a finished clustering', async () => {
    const owner = await trove.register()
    await owner.post('/v1/items', { url: `https://youtu.be/${simulator.videos[0]!.video_id}` })
    let seen = await tags(owner)
    await trove.work()
    for (;;) {
      const { body, headers } = await owner.get('/v1/items')
      if (body.total === 1) break
      seen = PATHS.map(() => headers.get('etag')!)
      await aMoment()
    }
    expect(await statuses(owner, seen)).toEqual(NEW)
    const { body } = await owner.post('/v1/clusters/rebuild')
    seen = await tags(owner)
    while ((await owner.get(`/v1/jobs/${body.job_id}`)).body.stage !== 'done') await aMoment()
    expect(await statuses(owner, seen)).toEqual(NEW)
  })
})
