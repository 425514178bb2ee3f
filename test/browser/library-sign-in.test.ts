// The sign-in of /library, and what it says to browsers that keep passwords.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { findChromium, openBrowser } from './chromium.ts'
import { openLibrary } from './library-page.ts'
import { type Served, serveTrove } from './serve-trove.ts'

const path = findChromium()

describe.if(path !== undefined)('/library, signing in', () => {
  let served: Served
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    ;[served, browser] = await Promise.all([serveTrove({ videos: [] }), openBrowser(path!)])
  })
  beforeEach(async () => {
    ;({ page } = await openLibrary(browser, served.base))
  })
  afterEach(() => page.close())
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })
  const password = () => page.getByLabel('Password')
  const focused = () => page.evaluate<string>('document.activeElement.name')

  test('begins at the email, with the rule for passwords said before it fails', async () => {
    expect(await page.title()).toBe('Sign in · Trove')
    expect(await focused()).toBe('email')
    const rule = await password().getAttribute('aria-describedby')
    expect(await page.locator(`#${rule}`).textContent()).toBe('8 to 128 characters.')
  })

  test('a new account asks for a new password, and Enter then makes the account', async () => {
    expect(await password().getAttribute('autocomplete')).toBe('current-password')
    await page.getByRole('button', { name: 'Create account' }).click()
    expect(await password().getAttribute('autocomplete')).toBe('new-password')
    expect(await focused()).toBe('email')
    await page.keyboard.type('ann@example.com')
    await page.keyboard.press('Tab')
    await page.keyboard.type('correct horse battery')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing here yet').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    expect(await page.title()).toBe('Sign in · Trove')
    expect(await password().getAttribute('autocomplete')).toBe('current-password')
  })

  test('a password can be looked at', async () => {
    await password().fill('correct horse')
    await page.getByRole('button', { name: 'Show password' }).click()
    expect(await password().getAttribute('type')).toBe('text')
    await page.getByRole('button', { name: 'Hide password' }).click()
    expect(await password().getAttribute('type')).toBe('password')
  })
})
