// What a provider may get wrong, or is made to say: none of it signs anybody in, and none of it keeps Trove from working.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { openProvider } from '../../src/accounts/oidc/provider.ts'
import { createApp } from '../../src/app.ts'
import {
  type CarelessProvider,
  CLIENT_ID,
  CLIENT_SECRET,
  type Fault,
  startCarelessProvider,
} from '../simulators/careless-provider.ts'
import { type Answer, clientOf, startTrove, type Trove } from '../support/app.ts'
import { openBrowser } from '../support/browser.ts'

const PUBLIC_URL = 'http://localhost'

let provider: CarelessProvider
let trove: Trove
beforeAll(async () => {
  provider = await startCarelessProvider()
  // As it is while the provider is away.
  provider.fault = 'a discovery that fails'
  trove = await startTrove({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT_ID,
    OIDC_CLIENT_SECRET: CLIENT_SECRET,
    PUBLIC_URL,
  })
})
afterAll(async () => {
  await trove.stop()
  await provider.close()
})
beforeEach(() => {
  provider.user = {
    sub: crypto.randomUUID(),
    email: `${crypto.randomUUID()}@example.com`,
    email_verified: true,
  }
})

const codeOf = ({ status, body }: Answer) => `${status} ${body.error_code ?? ''}`.trim()
const signIn = () => openBrowser(trove).signIn()

describe('a provider that is away', () => {
  test('is named, keeps nobody out who has a password, and is asked again by the next', async () => {
    const local = await trove.register()
    expect(codeOf(await trove.get('/v1/auth/oidc/start'))).toBe('502 PROVIDER_UNAVAILABLE')
    const page = await trove.get('/v1/auth/oidc/start', { accept: 'text/html' })
    expect([page.status, page.headers.get('location')]).toEqual([
      302,
      '/library#sign-in-error=PROVIDER_UNAVAILABLE',
    ])
    const login = await trove.post('/v1/auth/login', { email: local.email, password: local.password })
    expect(login.status).toBe(200)
    provider.fault = 'another name'
    expect(codeOf(await trove.get('/v1/auth/oidc/start'))).toBe('502 PROVIDER_UNAVAILABLE')
    provider.fault = undefined
    expect(codeOf(await signIn())).toBe('200')
    expect(codeOf(await signIn())).toBe('200')
    // Kept from then on.
    expect(provider.asked.filter(path => path.startsWith('/.well-known/'))).toHaveLength(4)
  })

  test('is not waited for, and nothing that listens is needed for the rest', async () => {
    const nobody = { OIDC_ISSUER: 'http://127.0.0.1:1', REGISTRATION: 'open' as const }
    const { app, close } = createApp({ ...trove.context, config: { ...trove.context.config, ...nobody } })
    const client = clientOf(request => app.handle(request))
    const local = await trove.register()
    expect(codeOf(await client.get('/v1/auth/oidc/start'))).toBe('502 PROVIDER_UNAVAILABLE')
    const { email, password } = local
    expect((await client.post('/v1/auth/login', { email, password })).status).toBe(200)
    await close()
  })
})

test('an answer that is not right signs nobody in', async () => {
  const expected: Partial<Record<Fault, string>> = {
    'another nonce': '400 INVALID_PROVIDER_ANSWER',
    'no nonce': '400 INVALID_PROVIDER_ANSWER',
    'another issuer': '400 INVALID_PROVIDER_ANSWER',
    'another audience': '400 INVALID_PROVIDER_ANSWER',
    'another state': '400 INVALID_PROVIDER_ANSWER',
    'another issuer beside the code': '400 INVALID_PROVIDER_ANSWER',
    'no signature': '400 INVALID_PROVIDER_ANSWER',
    'a signature of somebody else': '400 INVALID_PROVIDER_ANSWER',
    'an id_token that has expired': '400 INVALID_PROVIDER_ANSWER',
    'no id_token': '400 INVALID_PROVIDER_ANSWER',
    'a token endpoint that fails': '502 PROVIDER_UNAVAILABLE',
    'a token endpoint that redirects': '502 PROVIDER_UNAVAILABLE',
    'a secret that is refused': '502 PROVIDER_UNAVAILABLE',
  }
  const found: Partial<Record<Fault, string>> = {}
  for (const fault of Object.keys(expected) as Fault[]) {
    provider.fault = fault
    found[fault] = codeOf(await signIn())
  }
  provider.fault = undefined
  expect(found).toEqual(expected)
  expect(provider.asked).not.toContain('/elsewhere')
  expect(codeOf(await signIn())).toBe('200')
})

test('a provider that hangs is given up, at every step', async () => {
  const settings = {
    issuer: provider.issuer,
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    public_url: PUBLIC_URL,
  }
  const hasty = () => openProvider(settings, trove.context.log, 100)
  const timeout = { status: 504, error_code: 'PROVIDER_TIMEOUT' }
  provider.fault = 'a discovery that hangs'
  expect(hasty().begin()).rejects.toMatchObject(timeout)
  await expect(hasty().finish('?code=x', { state: '', nonce: '', verifier: '' })).rejects.toMatchObject(
    timeout,
  )
  provider.fault = undefined
  const one = hasty()
  const { url, attempt } = await one.begin()
  const { headers } = await fetch(url, { redirect: 'manual' })
  provider.fault = 'a token endpoint that hangs'
  await expect(one.finish(new URL(headers.get('location')!).search, attempt)).rejects.toMatchObject(timeout)
  provider.fault = undefined
})

test('no code, token, secret or cookie is in the log, nor who has signed in', async () => {
  const one = openBrowser(trove)
  const back = new URL(await one.goToProvider(), PUBLIC_URL)
  const cookie = one.cookies().split('=')[1]!
  provider.fault = 'another nonce'
  await one.get(back.pathname + back.search)
  provider.fault = undefined
  const { body } = await signIn()
  const logs = trove.logs.join('\n')
  expect(logs).toContain('The OpenID provider did not sign somebody in')
  for (const secret of [
    ...[back.searchParams.get('code')!, back.searchParams.get('state')!, cookie],
    ...[CLIENT_SECRET, 'an access token', body.refresh_token, body.access_token, provider.user.sub],
  ]) {
    expect([secret, logs.includes(secret)]).toEqual([secret, false])
  }
})

test('a sign-in that was begun more than ten minutes ago is not finished', async () => {
  const one = openBrowser(trove)
  const back = await one.goToProvider()
  const clock = Date.now
  Date.now = () => clock() + 600_001
  const late = await one.get(back).finally(() => {
    Date.now = clock
  })
  expect(codeOf(late)).toBe('400 SIGN_IN_EXPIRED')
})
