// Rate limits: what a client is told, and that two processes on one database count together.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { createApp } from '../../../src/app.ts'
import type { Context } from '../../../src/context.ts'
import { openDatabase } from '../../../src/ground/database/connection.ts'
import { notePeer } from '../../../src/ground/http/edge/client-address.ts'
import { LIMIT_NAMES, readLimits } from '../../../src/ground/http/limits/limits.ts'
import { rateLimiter } from '../../../src/ground/http/limits/rate-limit.ts'
import { countHits, dropOldWindows } from '../../../src/ground/http/limits/store.ts'
import { type Client, clientOf, startTrove, type Trove, type User } from '../../support/app.ts'
import { testConfig } from '../../support/database.ts'
import { openSecond } from '../../support/second-process.ts'

const LIMITS = 'register=3/1d,items_write=4/1d,items_read=100/1d,items_batch=10/1d'
const password = 'correct horse battery staple'

let trove: Trove
let second: Context
let closeSecond: () => Promise<void>
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'true', RATE_LIMITS: LIMITS })
  const opened = await openSecond(trove)
  second = opened.context
  closeSecond = opened.close
})
afterAll(async () => {
  await closeSecond()
  await trove.stop()
})

/** A client at an address, of either process. */
function at(address: string, context = trove.context): Client {
  const { app } = createApp(context)
  return clientOf(request => {
    notePeer(request, address)
    return app.handle(request)
  })
}
let networks = 0
const newAddress = () => `198.51.${++networks}.1`
const newEmail = () => `${crypto.randomUUID()}@example.com`
const register = (client: Client, email = newEmail()) => client.post('/v1/auth/register', { email, password })

describe('RATE_LIMITS', () => {
  test('changes what it names and leaves the rest', () => {
    const limits = readLimits('login=7/2m,items_write=9/h')
    expect(limits?.login).toEqual({ quota: 7, seconds: 120 })
    expect(limits?.items_write).toEqual({ quota: 9, seconds: 3600 })
    expect(limits?.items_read).toEqual({ quota: 100, seconds: 60 })
  })

  test('are all explained to who runs a server', () => {
    const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
    expect(LIMIT_NAMES.filter(name => !new RegExp(`^\\|.*\`${name}\`.*\\|`, 'm').test(page))).toEqual([])
  })

  test('defaults to the published limits', () => {
    expect(readLimits('')).toEqual({
      default: { quota: 300, seconds: 60 },
      writes: { quota: 120, seconds: 60 },
      uploads: { quota: 5, seconds: 60 },
      searches: { quota: 50, seconds: 60 },
      login: { quota: 5, seconds: 900 },
      login_address: { quota: 30, seconds: 900 },
      login_account: { quota: 100, seconds: 900 },
      register: { quota: 3, seconds: 3600 },
      auth: { quota: 10, seconds: 60 },
      password_checks: { quota: 30, seconds: 60 },
      refresh: { quota: 30, seconds: 60 },
      password_resets: { quota: 3, seconds: 3600 },
      users_list: { quota: 100, seconds: 3600 },
      users_create: { quota: 50, seconds: 3600 },
      users_delete: { quota: 20, seconds: 3600 },
      clients_list: { quota: 100, seconds: 3600 },
      clients_create: { quota: 50, seconds: 3600 },
      config_read: { quota: 60, seconds: 3600 },
      config_write: { quota: 10, seconds: 3600 },
      config_test: { quota: 20, seconds: 3600 },
      health_detailed: { quota: 100, seconds: 3600 },
      exports: { quota: 2, seconds: 3600 },
      backups: { quota: 4, seconds: 3600 },
      items_write: { quota: 50, seconds: 3600 },
      items_batch: { quota: 1000, seconds: 3600 },
      items_read: { quota: 100, seconds: 60 },
      interactions: { quota: 3000, seconds: 3600 },
      clusters_read: { quota: 100, seconds: 60 },
      webhook_targets: { quota: 60, seconds: 3600 },
      webhook_tests: { quota: 60, seconds: 3600 },
      webhook_redeliveries: { quota: 600, seconds: 3600 },
      thumbnails: { quota: 600, seconds: 60 },
      admin: { quota: 600, seconds: 60 },
    })
  })

  test.each(['logins=5/1m', 'login=0/1m', 'login=5/0m', 'login=5', 'toString=1/1m', 'login=-1/1m'])(
    '%p is refused',
    text => expect(readLimits(text)).toBeUndefined(),
  )
})

describe('a limited route', () => {
  test('tells limit, remaining and reset on every answer, errors included', async () => {
    const client = at(newAddress())
    const good = await register(client)
    const bad = await client.post('/v1/auth/register', { email: 'nowhere' })
    expect([good.status, bad.status]).toEqual([201, 422])
    for (const [index, { headers }] of [good, bad].entries()) {
      expect(headers.get('x-ratelimit-limit')).toBe('3')
      expect(headers.get('x-ratelimit-remaining')).toBe(String(2 - index))
      const reset = Number(headers.get('x-ratelimit-reset'))
      expect(reset % 86_400).toBe(0)
      expect(reset - Date.now() / 1000).toBeWithin(-2, 86_401)
      expect(headers.get('ratelimit-policy')).toBe('"register";q=3;w=86400')
      expect(headers.get('ratelimit')).toMatch(new RegExp(`^"register";r=${2 - index};t=\\d+$`))
    }
  })

  test('over the limit is 429 with Retry-After, before the body is read', async () => {
    const client = at(newAddress())
    for (let i = 0; i < 3; i++) await register(client)
    const { status, headers, body } = await client.send('POST', '/v1/auth/register', { body: '{broken' })
    expect(status).toBe(429)
    expect(headers.get('content-type')).toBe('application/problem+json')
    const seconds = Number(headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(body).toMatchObject({
      error_code: 'RATE_LIMIT_EXCEEDED',
      detail: `Rate limit exceeded. Try again in ${seconds} seconds.`,
      retry_after: seconds,
    })
    expect(headers.get('x-ratelimit-remaining')).toBe('0')
  })

  test('counts each address alone, and the whole /64 of an IPv6 one', async () => {
    const [first, other] = [at('2001:db8:1:2::1'), at('2001:db8:1:2:ffff::9')]
    for (const client of [first, other, first]) expect((await register(client)).status).toBe(201)
    expect((await register(other)).status).toBe(429)
    expect((await register(at('2001:db8:1:3::1'))).status).toBe(201)
  })

  test('off, there are neither limits nor headers', async () => {
    const config = { ...trove.context.config, RATE_LIMIT_ENABLED: false }
    const client = at(newAddress(), { ...trove.context, config })
    for (let i = 0; i < 4; i++) {
      const { status, headers } = await register(client)
      expect(status).toBe(201)
      expect(headers.has('x-ratelimit-limit')).toBe(false)
    }
  })

  test('is 503 and nothing else while the database is away', async () => {
    const away = await openDatabase(testConfig({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }))
    const { status, headers } = await register(at(newAddress(), { ...trove.context, database: away }))
    await away.close()
    expect(status).toBe(503)
    expect(headers.has('retry-after')).toBe(true)
  })
})

describe('over two processes', () => {
  const countOf = async (name: 'items_write' | 'items_read', requests: number) => {
    const who = crypto.randomUUID()
    const limiters = [rateLimiter(trove.context), rateLimiter(second)]
    const outcomes = await Promise.allSettled(
      Array.from({ length: requests }, (_, i) => limiters[i % 2]!.count(name, who, { headers: {} })),
    )
    return outcomes.filter(({ status }) => status === 'fulfilled').length
  }

  test('writes are exact: of 40 at once four pass', async () => {
    for (let round = 0; round < 5; round++) expect(await countOf('items_write', 40)).toBe(4)
  })

  test('reads, which are reserved ten at a time, never pass more than the limit', async () => {
    for (let round = 0; round < 5; round++) expect(await countOf('items_read', 300)).toBe(100)
  })
})

describe('a batch', () => {
  const links = (count: number) => ({
    items: Array.from({ length: count }, () => ({
      url: `https://youtu.be/${crypto.randomUUID().replaceAll('-', '').slice(0, 11)}`,
    })),
  })
  const savesOf = async ({ id }: User) => {
    const rows = await trove.database.sql`select id from user_content_saves where user_id = ${id}`
    return rows.length
  }
  /** Registered by a process without limits, or three users would be the most. */
  const newUser = async (): Promise<User> => {
    const { body } = await at(newAddress()).post('/v1/auth/register', { email: newEmail(), password })
    const { app } = createApp(trove.context)
    const authorization = `Bearer ${body.access_token}`
    return { ...clientOf(request => app.handle(request), { authorization }), id: body.user.id } as User
  }

  test('counts its links; one that does not fit is 429, writes nothing and uses nothing up', async () => {
    const user = await newUser()
    expect((await user.post('/v1/items/batch', links(6))).status).toBe(200)
    const refused = await user.post('/v1/items/batch', links(5))
    expect([refused.status, refused.body.error_code]).toEqual([429, 'RATE_LIMIT_EXCEEDED'])
    expect(refused.headers.get('ratelimit')).toMatch(/^"items_batch";r=3;t=\d+$/)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await savesOf(user)).toBe(6)
    // The refused request has counted as one.
    const last = await user.post('/v1/items/batch', links(3))
    expect([last.status, last.headers.get('x-ratelimit-remaining')]).toEqual([200, '0'])
    expect(await savesOf(user)).toBe(9)
  })

  test('larger than the limit itself is told how many may be sent', async () => {
    const { status, body } = await (await newUser()).post('/v1/items/batch', links(20))
    expect([status, body.detail]).toEqual([
      429,
      'Rate limit exceeded. Send no more than 10 in 86400 seconds.',
    ])
  })

  test('does not use up what single saves have', async () => {
    const user = await newUser()
    await user.post('/v1/items/batch', links(10))
    expect((await user.post('/v1/items', links(1).items[0])).status).toBe(201)
  })
})

describe('a full window', () => {
  test('has room again in every process when what was counted is given back', async () => {
    const who = crypto.randomUUID()
    const [limiter, other] = [rateLimiter(trove.context), rateLimiter(second)]
    const set = { headers: {} }
    const [giveBack] = await Promise.all([1, 2, 3, 4].map(() => limiter.count('items_write', who, set)))
    expect(await limiter.tryCount('items_write', who)).toBeUndefined()
    await giveBack!(set)
    expect(set.headers).toMatchObject({ 'x-ratelimit-remaining': '1' })
    expect(await other.tryCount('items_write', who)).toBeFunction()
    expect(await limiter.tryCount('items_write', who)).toBeUndefined()
  })
})

describe('X-Forwarded-For', () => {
  test('without a trusted proxy is believed by nobody, and warned of once', async () => {
    const context = { ...trove.context }
    const client = at('203.0.113.77', context)
    const before = trove.logs.length
    for (let i = 0; i < 5; i++) {
      await client.post('/v1/auth/register', { email: 'x' }, { 'x-forwarded-for': newAddress() })
    }
    const last = await client.post('/v1/auth/register', { email: 'x' }, { 'x-forwarded-for': newAddress() })
    expect(last.status).toBe(429)
    const warnings = trove.logs.slice(before).filter(line => line.includes('TRUSTED_PROXIES'))
    expect(warnings).toHaveLength(1)
  })
})

describe('old windows', () => {
  test('are dropped, and the present ones stay', async () => {
    const { sql } = trove.database
    await sql`
      insert into rate_limits (key, window_start, hits)
      select 'old' || n, now() - interval '2 days', 1
      from generate_series(1, 30) n`
    await countHits(sql, 'present', 3600, 1)
    await dropOldWindows(sql, 86_400, 20)
    const [{ left }] = await sql<[{ left: number }]>`
      select count(*) as left from rate_limits where key like 'old%'`
    expect(left).toBe(10)
    expect((await countHits(sql, 'present', 3600, 1)).hits).toBe(2)
  })
})
