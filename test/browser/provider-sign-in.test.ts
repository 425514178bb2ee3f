// Signing in by an OpenID provider of another site, as a browser does it: with its own rules for cookies.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import {
  type CarelessProvider,
  CLIENT_ID,
  CLIENT_SECRET,
  startCarelessProvider,
} from '../simulators/careless-provider.ts'
import { startTrove, type Trove } from '../support/app.ts'
import { findChromium, openBrowser } from './chromium.ts'

const path = findChromium()

describe.if(path !== undefined)('/library, signing in by a provider', () => {
  let provider: CarelessProvider
  let trove: Trove
  let server: ReturnType<typeof Bun.serve>
  let base: string
  let browser: Browser
  let own: BrowserContext
  let page: Page
  beforeAll(async () => {
    ;[provider, browser] = await Promise.all([startCarelessProvider(), openBrowser(path!)])
    server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: request => trove.handle(request) })
    // By another name than the provider, which is at 127.0.0.1.
    base = `http://localhost:${server.port}`
    trove = await startTrove({
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: CLIENT_ID,
      OIDC_CLIENT_SECRET: CLIENT_SECRET,
      PUBLIC_URL: base,
    })
  })
  beforeEach(async () => {
    own = await browser.newContext()
    page = await own.newPage()
  })
  afterEach(() => own.close())
  afterAll(async () => {
    await browser?.close()
    await server?.stop(true)
    await trove?.stop()
    await provider?.close()
  })
  const start = (query = '') => page.goto(`${base}/v1/auth/oidc/start${query}`)
  const isIn = () => page.getByRole('button', { name: 'Sign out' }).waitFor()

  test('leads back to the view that was asked for, with nothing secret in the address', async () => {
    provider.user = { sub: 'ada', email: 'ada@example.com', email_verified: true }
    await start('?return_to=/library/groups')
    await isIn()
    expect(page.url()).toBe(`${base}/library#/groups`)
    expect(await own.cookies()).toEqual([])
  })

  test('asks who has an account of the same email for its password', async () => {
    const local = await trove.register()
    provider.user = { sub: 'bob', email: local.email }
    await start()
    await page.getByRole('textbox', { name: 'Password' }).fill(local.password)
    await page.getByRole('button', { name: 'Link and sign in' }).click()
    await isIn()
    expect(page.url()).toStartWith(`${base}/library`)
    expect(page.url()).not.toContain('link=')
  })

  test('says when it has failed', async () => {
    provider.fault = 'no signature'
    await start()
    provider.fault = undefined
    await page.getByText('Your provider did not sign you in. Try again.').waitFor()
  })
})
