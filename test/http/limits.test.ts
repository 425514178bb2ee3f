// Rate limits: what a client is told, and that two processes on one database count together.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import type { Context } from '../../src/context.ts'
import { openDatabase } from '../../src/database/connection.ts'
import { notePeer } from '../../src/http/client-address.ts'
import { readLimits } from '../../src/http/limits/limits.ts'
import { countHits, dropOldWindows } from '../../src/http/limits/store.ts'
import { rateLimiter } from '../../src/http/rate-limit.ts'
import { type Answer, type Client, clientOf, startTrove, type Trove } from '../support/app.ts'
import { testConfig } from '../support/database.ts'
import { openSecond } from '../support/second-process.ts'

const LIMITS = 'login=5/1d,login_address=8/1d,register=3/1d,items_write=4/1d,items_read=100/1d'
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
const logIn = (client: Client, email: string, attempt = password) =>
  client.post('/v1/auth/login', { email, password: attempt })
const statuses = (answers: Answer[]) => answers.map(({ status }) => status)

describe('RATE_LIMITS', () => {
  test('changes what it names and leaves the rest', () => {
    const limits = readLimits('login=7/2m,items_write=9/h')
    expect(limits?.login).toEqual({ quota: 7, seconds: 120 })
    expect(limits?.items_write).toEqual({ quota: 9, seconds: 3600 })
    expect(limits?.items_read).toEqual({ quota: 100, seconds: 60 })
  })

  test('defaults to the published limits', () => {
    expect(readLimits('')).toEqual({
      login: { quota: 5, seconds: 900 },
      login_address: { quota: 30, seconds: 900 },
      register: { quota: 3, seconds: 3600 },
      items_write: { quota: 50, seconds: 3600 },
      items_read: { quota: 100, seconds: 60 },
      clusters_read: { quota: 100, seconds: 60 },
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

describe('login', () => {
  test('five failures close the email for the right password too, from any address and process', async () => {
    const email = newEmail()
    await register(at(newAddress()), email)
    const tries = []
    for (let i = 0; i < 5; i++) {
      const client = at(newAddress(), i % 2 ? second : trove.context)
      tries.push(await logIn(client, i === 2 ? email.toUpperCase() : email, 'a wrong one'))
    }
    expect(statuses(tries)).toEqual([401, 401, 401, 401, 401])
    for (const context of [trove.context, second]) {
      const { status, body } = await logIn(at(newAddress(), context), email)
      expect(status).toBe(429)
      expect(body.access_token).toBeUndefined()
    }
  })

  test('an email that nobody has is closed alike', async () => {
    const email = newEmail()
    const tries = []
    for (let i = 0; i < 6; i++) tries.push(await logIn(at(newAddress()), email))
    expect(statuses(tries)).toEqual([401, 401, 401, 401, 401, 429])
  })

  test('one address may not try many emails', async () => {
    const client = at(newAddress())
    const tries = []
    for (let i = 0; i < 9; i++) tries.push(await logIn(client, newEmail()))
    expect(statuses(tries)).toEqual([...Array(8).fill(401), 429])
  })

  test('the limit is kept under a hash, not under the email', async () => {
    const email = newEmail()
    await logIn(at(newAddress()), email)
    const rows = await trove.database.sql`select key from rate_limits where key like ${`%${email}%`}`
    expect(rows).toHaveLength(0)
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
