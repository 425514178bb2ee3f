// Signing in by an OpenID provider that does all by the book, and how accounts are found, made and linked.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { findOrMakeAccount } from '../../src/accounts/oidc/account.ts'
import { createApp } from '../../src/app.ts'
import type { Config } from '../../src/config/config.ts'
import type { Sql } from '../../src/ground/database/connection.ts'
import { CLIENT_ID, CLIENT_SECRET } from '../simulators/careless-provider.ts'
import { type OpenidProvider, startOpenidProvider } from '../simulators/openid-provider.ts'
import { type Answer, type Client, clientOf, startTrove, type Trove } from '../support/app.ts'
import { type Browser, openBrowser } from '../support/browser.ts'

const PUBLIC_URL = 'http://localhost'
const CALLBACK = '/v1/auth/oidc/callback'
const html = { accept: 'text/html,application/xhtml+xml' }

let provider: OpenidProvider
let trove: Trove
const closing: (() => Promise<void>)[] = []
beforeAll(async () => {
  provider = await startOpenidProvider(PUBLIC_URL + CALLBACK)
  trove = await startTrove({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT_ID,
    OIDC_CLIENT_SECRET: CLIENT_SECRET,
    PUBLIC_URL,
  })
})
afterAll(async () => {
  for (const close of closing) await close()
  await trove.stop()
  await provider.close()
})

let people = 0
beforeEach(() => {
  provider.user = newcomer()
})

const newcomer = (email = `person${++people}-${crypto.randomUUID()}@example.com`, email_verified = true) => ({
  sub: crypto.randomUUID(),
  email,
  email_verified,
})

/** The same Trove, otherwise configured. */
function withSettings(settings: Partial<Config>): Client {
  const { app, close } = createApp({ ...trove.context, config: { ...trove.context.config, ...settings } })
  closing.push(close)
  return clientOf(request => app.handle(request))
}

const browser = (client: Client = trove): Browser => openBrowser(client)
const signIn = (client: Client = trove): Promise<Answer> => browser(client).signIn()
const codeOf = ({ status, body }: Answer) => `${status} ${body.error_code}`
const me = (token: string) => trove.get('/v1/auth/me', { authorization: `Bearer ${token}` })
const auditOf = async (userId: string) =>
  (
    await trove.database.sql<{ action: string; details: { by?: string } }[]>`
      select action, details from audit_entries where user_id = ${userId} order by id`
  ).map(({ action, details }) => (details.by ? `${action} by ${details.by}` : action))

describe('a start', () => {
  test('leads to the provider with state, nonce and a challenge, and keeps them sealed in a cookie', async () => {
    const { status, headers } = await trove.get('/v1/auth/oidc/start')
    expect(status).toBe(302)
    const url = new URL(headers.get('location')!)
    const asked = Object.fromEntries(url.searchParams)
    expect(url.origin).toBe(provider.issuer)
    expect(asked).toMatchObject({
      client_id: CLIENT_ID,
      response_type: 'code',
      redirect_uri: PUBLIC_URL + CALLBACK,
      scope: 'openid email',
      code_challenge_method: 'S256',
    })
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]!.length).toBeGreaterThan(42)
    const cookies = headers.getSetCookie()
    expect(cookies.map(cookie => cookie.replace(/=[^;]+/, ''))).toEqual([
      'trove_oidc; Path=/v1/auth/oidc; Max-Age=600; HttpOnly; SameSite=Lax',
      'trove_oidc; Path=/api/v1/auth/oidc; Max-Age=600; HttpOnly; SameSite=Lax',
    ])
    expect(cookies.join()).not.toContain(asked.state!)
    expect([headers.get('cache-control'), headers.get('referrer-policy')]).toEqual([
      'no-store',
      'no-referrer',
    ])
  })

  test('tells a program the address, and marks the cookie where the client came by https', async () => {
    const { status, headers, body } = await trove.get('/v1/auth/oidc/start', {
      accept: 'application/json',
      'x-forwarded-proto': 'https',
    })
    expect([status, Object.keys(body)]).toEqual([200, ['authorization_url']])
    expect(headers.getSetCookie()[0]).toEndWith('; Secure')
  })

  test('takes no place to come back to but the page', async () => {
    const statusOf = async (path: string) =>
      (await trove.get(`/v1/auth/oidc/start?return_to=${encodeURIComponent(path)}`)).status
    for (const path of ['/library', '/library/groups', '/library/item/1']) {
      expect([path, await statusOf(path)]).toEqual([path, 302])
    }
    for (const path of [
      ...['https://evil.example/library', '//evil.example/library', '/\\evil.example', '/librarything', ''],
      ...['/library/../v1', '/library/%2e%2e/v1', '/library\\..', '/library#x', '/library?x', '/library/\n'],
      ...['library', '/', 'javascript:alert(1)//library'],
    ]) {
      expect([path, await statusOf(path)]).toEqual([path, 422])
    }
  })
})

describe('a sign-in', () => {
  test('makes an account, and the next one finds it, whatever its email is by then', async () => {
    const user = provider.user!
    const first = await signIn()
    expect([first.status, first.body.user.email]).toEqual([200, user.email])
    expect((await me(first.body.access_token)).status).toBe(200)
    provider.user = { ...user, email: 'renamed@example.com' }
    const second = await signIn()
    expect(second.body.user).toEqual(first.body.user)
    expect(await auditOf(first.body.user.id)).toEqual(['register by oidc', 'login by oidc'])
    const [row] = await trove.database.sql`
      select password_hash from users where id = ${first.body.user.id}`
    expect(row!.password_hash).toBeNull()
    const guess = await trove.post('/v1/auth/login', { email: user.email, password: '' })
    expect(guess.status).toBe(401)
  })

  test('of five devices at once makes one account', async () => {
    const devices = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const device = browser()
        return { device, back: await device.goToProvider() }
      }),
    )
    const answers = await Promise.all(devices.map(({ device, back }) => device.get(back)))
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200))
    expect(new Set(answers.map(({ body }) => body.user.id)).size).toBe(1)
  })

  test('finds the account that another device makes while it looks', async () => {
    const { sql } = trove.database
    const { sub, email } = newcomer()
    const person = { issuer: provider.issuer, subject: sub, email, is_email_verified: true }
    const another = () => sql.begin(tx => findOrMakeAccount(tx, trove.context, person))
    let reads = 0
    const interrupted = ((strings: TemplateStringsArray, ...values: never[]) => {
      const isRead = strings.join('').includes('from') && ++reads === 2
      return isRead ? another().then(() => sql(strings, ...values)) : sql(strings, ...values)
    }) as unknown as Sql
    const found = await findOrMakeAccount(interrupted, trove.context, person)
    expect(found).toEqual({ account_id: (await another()).account_id, by: 'identity' })
  })

  test('lasts as long as was asked for', async () => {
    const { body } = await browser().signIn('?remember_me=true')
    expect(body.refresh_expires_in).toBe(30 * 86_400)
  })

  test('leads a person to the page, with a refresh token that no server sees', async () => {
    const { status, headers } = await browser().signIn('?return_to=/library/groups', html)
    const [, token, more] = /^\/library#refresh_token=(trr_[\w-]+)&(.*)$/.exec(headers.get('location')!)!
    expect([status, more]).toEqual([302, 'return_to=%2Flibrary%2Fgroups'])
    expect(headers.get('cache-control')).toBe('no-store')
    expect((await trove.post('/v1/auth/refresh', { refresh_token: token })).status).toBe(200)
    expect(trove.logs.join('\n')).not.toContain(token!)
  })

  test('is refused to who is disabled or deleted', async () => {
    const { body } = await signIn()
    const { sql } = trove.database
    await sql`update users set is_active = false where id = ${body.user.id}`
    expect(codeOf(await signIn())).toBe('403 ACCOUNT_DISABLED')
    await sql`update users set is_active = true, deleted_at = now() where id = ${body.user.id}`
    expect(codeOf(await signIn())).toBe('403 ACCOUNT_DELETED')
  })

  test('needs an email that the provider has verified, where an account is to be made', async () => {
    provider.user = newcomer(undefined, false)
    expect(codeOf(await signIn())).toBe('400 EMAIL_NOT_VERIFIED')
    provider.user = { sub: crypto.randomUUID() }
    expect(codeOf(await signIn())).toBe('400 EMAIL_MISSING')
    provider.user = newcomer('no address')
    expect(codeOf(await signIn())).toBe('400 EMAIL_MISSING')
  })

  test('makes no account where registration is not open', async () => {
    for (const REGISTRATION of ['invite', 'closed'] as const) {
      expect(codeOf(await signIn(withSettings({ REGISTRATION })))).toBe('403 REGISTRATION_CLOSED')
    }
    const { status } = await signIn()
    expect(status).toBe(200)
    expect((await signIn(withSettings({ REGISTRATION: 'closed' }))).status).toBe(200)
  })

  test('that the provider or the person stops is refused, and leads a person back to the page', async () => {
    provider.user = undefined
    expect(codeOf(await signIn())).toBe('400 SIGN_IN_REFUSED')
    const { status, headers } = await browser().signIn('', html)
    expect([status, headers.get('location')]).toEqual([302, '/library#sign-in-error=SIGN_IN_REFUSED'])
  })
})

describe('an answer of the provider', () => {
  test('counts once', async () => {
    const one = browser()
    const back = await one.goToProvider()
    const cookies = one.cookies()
    expect((await one.get(back)).status).toBe(200)
    expect(codeOf(await one.get(back))).toBe('400 SIGN_IN_EXPIRED')
    expect(codeOf(await trove.get(back, { cookie: cookies }))).toBe('400 INVALID_CODE')
  })

  test('counts in the browser alone that began', async () => {
    const [mine, theirs] = [browser(), browser()]
    const back = await mine.goToProvider()
    await theirs.goToProvider()
    expect(codeOf(await theirs.get(back))).toBe('400 INVALID_PROVIDER_ANSWER')
    for (const cookie of ['', 'trove_oidc=', 'trove_oidc=v1.AAAA.AAAA', mine.cookies().slice(0, -1)]) {
      expect([cookie, codeOf(await trove.get(back, { cookie }))]).toEqual([cookie, '400 SIGN_IN_EXPIRED'])
    }
    expect((await mine.get(back)).status).toBe(200)
  })

  test('is refused with another state, issuer or code, or without one', async () => {
    const one = browser()
    const back = new URL(await one.goToProvider(), PUBLIC_URL)
    const wrong = async (name: string, value: string | undefined) => {
      const other = new URL(back)
      if (value === undefined) other.searchParams.delete(name)
      else other.searchParams.set(name, value)
      return codeOf(await one.get(other.pathname + other.search))
    }
    expect([await wrong('state', 'x'), await wrong('state', undefined)]).toEqual(
      Array(2).fill('400 INVALID_PROVIDER_ANSWER'),
    )
    expect([await wrong('iss', 'https://evil.example'), await wrong('iss', undefined)]).toEqual(
      Array(2).fill('400 INVALID_PROVIDER_ANSWER'),
    )
    expect([await wrong('code', 'x'), await wrong('code', undefined)]).toEqual([
      '400 INVALID_CODE',
      '400 INVALID_PROVIDER_ANSWER',
    ])
    expect((await one.get(back.pathname + back.search)).status).toBe(200)
  })
})

describe('an account of the same email', () => {
  test('is linked by its password, once', async () => {
    const alice = await trove.register()
    provider.user = newcomer(alice.email, false)
    const one = browser()
    const asked = await one.signIn()
    expect(codeOf(asked)).toBe('409 LINK_REQUIRED')
    const { link_ticket } = asked.body
    const wrong = await one.link(link_ticket, 'not the password')
    expect(codeOf(wrong)).toBe('401 UNAUTHORIZED')
    const right = await one.link(link_ticket, alice.password)
    expect([right.status, right.body.user?.id]).toEqual([200, alice.id])
    const next = await signIn()
    expect([next.status, next.body.user.id]).toEqual([200, alice.id])
    // Once more is no harm.
    expect((await one.link(link_ticket, alice.password)).status).toBe(200)
    expect(await auditOf(alice.id)).toEqual([
      ...['register', 'login_failed by oidc', 'link_identity by oidc'],
      ...Array(3).fill('login by oidc'),
    ])
  })

  test('is linked in the browser alone that signed in at the provider, and for ten minutes', async () => {
    const alice = await trove.register()
    provider.user = newcomer(alice.email)
    const one = browser()
    const { link_ticket } = (await one.signIn()).body
    const elsewhere = [browser(), openBrowser(trove, 'trove_oidc_link=guessed')]
    for (const other of elsewhere) {
      expect(codeOf(await other.link(link_ticket, alice.password))).toBe('400 INVALID_LINK_TICKET')
    }
    const changed = `${link_ticket.slice(0, -2)}AA`
    expect(codeOf(await one.link(changed, alice.password))).toBe('400 INVALID_LINK_TICKET')
    const clock = Date.now
    Date.now = () => clock() + 600_001
    const late = await one.link(link_ticket, alice.password).finally(() => {
      Date.now = clock
    })
    expect(codeOf(late)).toBe('400 INVALID_LINK_TICKET')
    expect((await signIn()).status).toBe(409)
  })

  test('is not given away by a ticket that somebody else’s sign-in has overtaken', async () => {
    const [alice, bob] = [await trove.register(), await trove.register()]
    const person = newcomer(alice.email)
    provider.user = person
    const one = browser()
    const { link_ticket } = (await one.signIn()).body
    provider.user = { ...person, email: bob.email }
    const two = browser()
    const other = (await two.signIn()).body
    expect((await two.link(other.link_ticket, bob.password)).status).toBe(200)
    expect(codeOf(await one.link(link_ticket, alice.password))).toBe('400 INVALID_LINK_TICKET')
    expect(await auditOf(alice.id)).toEqual(['register'])
  })

  test('shows a person the way to link it', async () => {
    const alice = await trove.register()
    provider.user = newcomer(alice.email)
    const one = browser()
    const { headers } = await one.signIn('', html)
    const [, ticket] = /^\/library#link=([\w.-]+)$/.exec(headers.get('location')!)!
    expect((await one.link(ticket!, alice.password)).body.user.id).toBe(alice.id)
  })

  test('is linked by a verified email where that is configured, and by no other', async () => {
    const trusting = withSettings({ OIDC_LINK_VERIFIED_EMAIL: true })
    const alice = await trove.register()
    provider.user = newcomer(alice.email, false)
    expect(codeOf(await signIn(trusting))).toBe('409 LINK_REQUIRED')
    provider.user = newcomer(alice.email.toUpperCase())
    expect(codeOf(await signIn())).toBe('409 LINK_REQUIRED')
    const { status, body } = await signIn(trusting)
    expect([status, body.user.id]).toEqual([200, alice.id])
    expect((await signIn()).body.user.id).toBe(alice.id)
    expect(await auditOf(alice.id)).toEqual([
      ...['register', 'link_identity by oidc', 'login by oidc', 'login by oidc'],
    ])
  })

  test('is not linked while it is disabled, and does not count in the trash', async () => {
    const trusting = withSettings({ OIDC_LINK_VERIFIED_EMAIL: true })
    const alice = await trove.register()
    const { sql } = trove.database
    provider.user = newcomer(alice.email)
    const one = browser()
    const { link_ticket } = (await one.signIn()).body
    await sql`update users set is_active = false where id = ${alice.id}`
    expect(codeOf(await signIn(trusting))).toBe('403 ACCOUNT_DISABLED')
    expect(codeOf(await one.link(link_ticket, alice.password))).toBe('403 ACCOUNT_DISABLED')
    await sql`update users set deleted_at = now() where id = ${alice.id}`
    expect(codeOf(await one.link(link_ticket, alice.password))).toBe('400 INVALID_LINK_TICKET')
    const { status, body } = await signIn()
    expect([status, body.user.id === alice.id]).toEqual([200, false])
  })

  test('cannot be guessed at by tickets more often than by signing in', async () => {
    const alice = await trove.register()
    provider.user = newcomer(alice.email)
    const limits = trove.context.config.RATE_LIMITS
    const limited = withSettings({
      RATE_LIMIT_ENABLED: true,
      RATE_LIMITS: { ...limits, auth: { quota: 1000, seconds: 60 } },
    })
    const one = browser(limited)
    const { link_ticket } = (await one.signIn()).body
    const statuses: number[] = []
    for (let i = 0; i < 6; i++) statuses.push((await one.link(link_ticket, 'wrong password')).status)
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
    const login = await limited.post('/v1/auth/login', { email: alice.email, password: alice.password })
    expect(login.status).toBe(429)
  })
})

test('the first account of an empty server is made, however closed it is', async () => {
  const empty = await startTrove({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT_ID,
    OIDC_CLIENT_SECRET: CLIENT_SECRET,
    PUBLIC_URL,
    REGISTRATION: 'closed',
  })
  expect((await signIn(empty)).status).toBe(200)
  provider.user = newcomer()
  expect(codeOf(await signIn(empty))).toBe('403 REGISTRATION_CLOSED')
  await empty.stop()
})

test('a server without a provider says so', async () => {
  const without = withSettings({ OIDC_ISSUER: undefined })
  const answers = await Promise.all([
    without.get('/v1/auth/oidc/start', html),
    without.get(CALLBACK, html),
    without.post('/v1/auth/oidc/link', { link_ticket: 'x', password: 'x' }),
  ])
  for (const { status, body } of answers) {
    expect([status, body.detail]).toEqual([404, 'This server has no OpenID provider: OIDC_ISSUER is not set'])
  }
})
