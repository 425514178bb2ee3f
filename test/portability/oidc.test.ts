// Signing in by an OpenID provider on this runtime: its fetch, its timeouts, its cryptography.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CALLBACK_PATH, openProvider } from '../../src/accounts/oidc/provider.ts'
import { createApp } from '../../src/app.ts'
import {
  type CarelessProvider,
  CLIENT_ID,
  CLIENT_SECRET,
  startCarelessProvider,
} from '../simulators/careless-provider.ts'
import { type OpenidProvider, startOpenidProvider } from '../simulators/openid-provider.ts'
import { clientOf, startTrove, type Trove } from '../support/app.ts'
import { openBrowser } from '../support/browser.ts'

const PUBLIC_URL = 'http://localhost'

let provider: CarelessProvider
let careful: OpenidProvider
let trove: Trove
before(async () => {
  provider = await startCarelessProvider()
  careful = await startOpenidProvider(PUBLIC_URL + CALLBACK_PATH)
  trove = await startTrove({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT_ID,
    OIDC_CLIENT_SECRET: CLIENT_SECRET,
    PUBLIC_URL,
  })
})
after(async () => {
  await trove.stop()
  await Promise.all([provider.close(), careful.close()])
})

test('a sign-in makes an account, and the next one finds it', async () => {
  careful.user = { sub: 'ada', email: 'Ada@Example.com', email_verified: true }
  const config = { ...trove.context.config, OIDC_ISSUER: careful.issuer }
  const { app, close } = createApp({ ...trove.context, config })
  const client = clientOf(request => app.handle(request))
  const first = await openBrowser(client).signIn()
  assert.deepEqual([first.status, first.body.user.email], [200, 'ada@example.com'])
  assert.equal(first.headers.get('content-type'), 'application/json')
  assert.equal(first.headers.getSetCookie().length, 2)
  const authorization = `Bearer ${first.body.access_token}`
  assert.equal((await trove.get('/v1/auth/me', { authorization })).status, 200)
  const second = await openBrowser(client).signIn()
  assert.equal(second.body.user.id, first.body.user.id)
  await close()
})

test('an account of the same email is linked by its password', async () => {
  const local = await trove.register()
  provider.user = { sub: 'bob', email: local.email }
  const browser = openBrowser(trove)
  const { status, body } = await browser.signIn()
  assert.deepEqual([status, body.error_code], [409, 'LINK_REQUIRED'])
  const linked = await browser.link(body.link_ticket, local.password)
  assert.deepEqual([linked.status, linked.body.user.id], [200, local.id])
})

test('what is not right signs nobody in', async () => {
  const codes: string[] = []
  for (const fault of ['another nonce', 'no signature', 'a token endpoint that fails'] as const) {
    provider.fault = fault
    codes.push((await openBrowser(trove).signIn()).body.error_code)
  }
  provider.fault = undefined
  assert.deepEqual(codes, ['INVALID_PROVIDER_ANSWER', 'INVALID_PROVIDER_ANSWER', 'PROVIDER_UNAVAILABLE'])
})

test('a provider that hangs is given up, and one that nobody listens at', async () => {
  const settings = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, public_url: PUBLIC_URL }
  const hasty = (issuer: string) => openProvider({ ...settings, issuer }, trove.context.log, 100).begin()
  provider.fault = 'a discovery that hangs'
  await assert.rejects(hasty(provider.issuer), { status: 504 })
  provider.fault = undefined
  await assert.rejects(hasty('http://127.0.0.1:1'), { status: 502 })
})
