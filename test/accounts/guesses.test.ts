// Guessing passwords: however many guesses are sent, and to however many processes, few are tried; and they keep out
// nobody who knows the password and asks from a network of their own.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createBrake } from '../../src/accounts/sign-in/brake.ts'
import { createApp } from '../../src/app.ts'
import type { Context } from '../../src/context.ts'
import { notePeer } from '../../src/ground/http/edge/client-address.ts'
import { type Client, clientOf, startTrove, type Trove } from '../support/app.ts'
import { openSecond } from '../support/second-process.ts'

/** The published limits but for the account's, which is low; a day long: no test runs into the next window. */
const LIMITS = 'login=5/1d,login_address=30/1d,login_account=12/1d,register=1000/1d,default=20000/1d'
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

const apps = new WeakMap<Context, ReturnType<typeof createApp>['app']>()
/** A client at an address, of one of the processes. */
function at(address: string, context = trove.context): Client {
  const app = apps.get(context) ?? createApp(context).app
  apps.set(context, app)
  return clientOf(request => {
    notePeer(request, address)
    return app.handle(request)
  })
}

let networks = 0
const newNetwork = () => `198.18.${++networks >> 8}.${networks & 255}`
const newEmail = () => `${crypto.randomUUID()}@example.com`
const logIn = (client: Client, email: string, attempt = password) =>
  client.post('/v1/auth/login', { email, password: attempt })

/** Registers somebody, whose network is known from then on. */
async function signUp(): Promise<{ email: string; network: string }> {
  const [email, network] = [newEmail(), newNetwork()]
  const { status } = await at(network).post('/v1/auth/register', { email, password })
  expect(status).toBe(201)
  return { email, network }
}

async function statusesOf(count: number, ask: (i: number) => Promise<{ status: number }>) {
  const statuses: Record<number, number> = {}
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const { status } = await ask(i)
      statuses[status] = (statuses[status] ?? 0) + 1
    }),
  )
  return statuses
}

/** Guesses that were compared with the password: each leaves a row. */
async function triesOf(email: string): Promise<number> {
  const [{ tries }] = await trove.database.sql<[{ tries: number }]>`
    select count(*) as tries
    from audit_entries
    where user_id = (select id from users where email = ${email}) and action = 'login_failed'`
  return tries
}

describe('guesses from one network', () => {
  test('of 10,000 to two processes five are tried, and five more when the next window begins', async () => {
    const { email } = await signUp()
    const network = newNetwork()
    const guess = (contexts: Context[]) => (i: number) =>
      logIn(at(network, contexts[i % 2]), email, `guess number ${i}`)
    expect(await statusesOf(10_000, guess([trove.context, second]))).toEqual({ 401: 5, 429: 9995 })
    expect(await triesOf(email)).toBe(5)

    // A window ends at once: what was counted lies in the one before. The processes start anew, to know nothing of it.
    await trove.database.sql`update rate_limits set window_start = window_start - interval '1 day'`
    const restarted = [{ ...trove.context }, { ...second }]
    expect(await statusesOf(1000, guess(restarted))).toEqual({ 401: 5, 429: 995 })
    expect(await triesOf(email)).toBe(10)
    expect((await logIn(at(network, restarted[0]), email)).status).toBe(429)
  }, 120_000)

  test('close the account to that network alone, in each spelling of the email', async () => {
    const { email } = await signUp()
    const network = newNetwork()
    for (const spelling of [email, email.toUpperCase(), ` ${email} `, email, email]) {
      expect((await logIn(at(network), spelling, 'a wrong one')).status).toBe(401)
    }
    const closed = await logIn(at(network, second), email)
    expect([closed.status, closed.body.access_token]).toEqual([429, undefined])
    expect(Number(closed.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await logIn(at(newNetwork()), email)).status).toBe(200)
  })

  test('are counted together, by email or by username', async () => {
    const { email } = await signUp()
    const username = `guessed-${Date.now()}`
    await trove.database.sql`update users set username = ${username} where email = ${email}`
    const network = newNetwork()
    const statuses = []
    for (const name of [email, username, email, username, email, username]) {
      const given = { username: name, password: 'a wrong one' }
      statuses.push((await at(network).post('/v1/auth/login', given)).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
  })

  test('close an email that nobody has alike', async () => {
    const [email, network] = [newEmail(), newNetwork()]
    const statuses = []
    for (let i = 0; i < 6; i++) statuses.push((await logIn(at(network), email)).status)
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
  })

  test('may not try many emails; who signed in from there before still may', async () => {
    const { email, network } = await signUp()
    const statuses = []
    for (let i = 0; i < 31; i++) statuses.push((await logIn(at(network), newEmail())).status)
    expect(statuses).toEqual([...Array(30).fill(401), 429])
    expect((await logIn(at(network), email)).status).toBe(200)
  })
})

describe('the right password', () => {
  test('works from a network that signed in before, whatever others guess', async () => {
    const { email, network } = await signUp()
    const others = Array.from({ length: 4 }, newNetwork)
    await statusesOf(40, i => logIn(at(others[i % 4]!, i % 2 ? second : trove.context), email, 'a guess'))
    for (const context of [trove.context, second]) {
      expect((await logIn(at(network, context), email)).status).toBe(200)
    }
  }, 120_000)

  test('is not counted, however many come at once', async () => {
    const { email } = await signUp()
    const client = at(newNetwork())
    expect(await statusesOf(20, () => logIn(client, email))).toEqual({ 200: 20 })
    const { headers } = await logIn(client, email)
    expect(headers.get('ratelimit')).toMatch(/^"login";r=5;t=\d+$/)
  }, 60_000)

  test('from a new network waits, and is not refused, when many guesses came from everywhere', async () => {
    const { email, network } = await signUp()
    for (let i = 0; i < 12; i++) await logIn(at(newNetwork()), email, 'a guess')
    const order: string[] = []
    const slow = logIn(at(newNetwork()), email).then(({ status }) => order.push(`new ${status}`))
    await logIn(at(network), email).then(({ status }) => order.push(`known ${status}`))
    await slow
    expect(order).toEqual(['known 200', 'new 200'])
  }, 60_000)

  test('that was not tried, since the server was too busy, counts for nothing', async () => {
    const { email } = await signUp()
    const network = newNetwork()
    const full = { ...trove.context, config: { ...trove.context.config } }
    // The pepper is read before anything is hashed.
    const broken = Object.assign(Object.create(trove.context.database), {
      sql: failing(trove.context.database.sql, 'password_pepper'),
    })
    full.database = broken
    for (let i = 0; i < 6; i++) expect((await logIn(at(network, full), email)).status).toBe(500)
    expect((await logIn(at(network), email)).status).toBe(200)
  })
})

/** A database in which the statements that hold `words` fail. */
function failing<T extends (...args: never[]) => unknown>(sql: T, words: string): T {
  return new Proxy(sql, {
    apply: (target, self, args: never[]) => {
      const [strings] = args as unknown as [string[]]
      if (Array.isArray(strings) && strings.join('').includes(words)) throw new Error('broken for a test')
      return Reflect.apply(target, self, args)
    },
  })
}

describe('the networks that are known', () => {
  test('stand under a hash that tells neither email nor network', async () => {
    const { email, network } = await signUp()
    const rows = await trove.database.sql<{ pair_hash: string }[]>`select pair_hash from known_networks`
    expect(rows.length).toBeGreaterThan(0)
    for (const { pair_hash } of rows) expect(pair_hash).toMatch(/^[\w-]{43}$/)
    const limits = await trove.database.sql<{ key: string }[]>`select key from rate_limits`
    expect(limits.filter(({ key }) => key.includes(email))).toEqual([])
    expect(rows.filter(({ pair_hash }) => pair_hash.includes(network))).toEqual([])
  })

  test('are forgotten after thirty days without a sign-in', async () => {
    const { email, network } = await signUp()
    const address = async () => {
      for (let i = 0; i < 30; i++) await logIn(at(network), newEmail())
    }
    await address()
    expect((await logIn(at(network), email)).status).toBe(200)
    await trove.database.sql`update known_networks set created_at = now() - interval '31 days'`
    expect((await logIn(at(network), email)).status).toBe(429)
  }, 60_000)
})

describe('a brake', () => {
  test('lets those of one name pass one after the other, and refuses who would wait too long', async () => {
    const brake = createBrake(20, 3)
    const begun = performance.now()
    const passed: string[] = []
    const pass = (name: string, label: string) => brake(name).then(() => passed.push(label))
    const waiting = [pass('a', 'a1'), pass('a', 'a2'), pass('a', 'a3'), pass('b', 'b1')]
    expect(brake('a')).rejects.toMatchObject({ status: 429, fields: { retry_after: 1 } })
    await Promise.all(waiting)
    expect(passed.filter(label => label.startsWith('a'))).toEqual(['a1', 'a2', 'a3'])
    expect(passed.indexOf('b1')).toBeLessThan(passed.indexOf('a3'))
    expect(performance.now() - begun).toBeGreaterThan(55)
    await brake('a')
  })
})
