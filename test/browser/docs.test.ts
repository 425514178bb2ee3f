// /docs as a person uses it: in a real browser, from a real server, under the page's own security policy.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { type Started, startProcess } from '../support/process.ts'
import { findChromium, openBrowser, watchPage } from './chromium.ts'

const path = findChromium()
if (!path) console.log('Chromium is missing, so /docs is not opened: sh scripts/install-chromium.sh adds it.')

test.if(process.env.CI === 'true')('there is a browser, so that nothing here is skipped', () => {
  expect(path).toBeDefined()
})

describe.if(path !== undefined)('/docs in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trove-docs-'))
  let server: Started
  let base: string
  let browser: Browser
  let page: Page
  let complaints: string[]
  // One for all: to draw it takes seconds.
  beforeAll(async () => {
    server = startProcess({ DATA_DIR: folder })
    ;[base, browser] = await Promise.all([server.address(), openBrowser(path!)])
    page = await browser.newPage()
    complaints = await watchPage(page, base)
    await page.goto(`${base}/docs`)
  })
  afterAll(async () => {
    await browser?.close()
    server?.child.kill('SIGINT')
    await server?.exit
    rmSync(folder, { recursive: true, force: true })
  })

  test('loads from its own host alone, authorises, and tries a call', async () => {
    const me = page.locator('#operations-Accounts-getMe')
    await page.locator('#operations-tag-Accounts').click()
    await me.waitFor()

    const email = `${crypto.randomUUID()}@example.com`
    const registered = await fetch(`${base}/v1/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'correct horse' }),
    })
    const { access_token } = (await registered.json()) as { access_token: string }
    await page.locator('.auth-wrapper .btn.authorize').click()
    await page.locator('.modal-ux input').first().fill(access_token)
    await page.locator('.modal-ux .modal-btn.authorize').first().click()
    await page.locator('.modal-ux .btn-done').first().click()

    await me.locator('.opblock-summary-control').click()
    await me.locator('.try-out__btn').click()
    await me.locator('.execute').click()
    const status = me.locator('.live-responses-table tbody .response-col_status')
    await status.waitFor()
    expect((await status.textContent())?.trim()).toStartWith('200')
    expect(await me.locator('.live-responses-table').textContent()).toContain(email)
    expect(complaints).toEqual([])
  })

  test('shows every operation of the description', async () => {
    const document = (await (await fetch(`${base}/openapi.json`)).json()) as { paths: Record<string, object> }
    const operations = Object.values(document.paths).flatMap(methods => Object.keys(methods))
    let shown = 0
    for (const heading of await page.locator('.opblock-tag').all()) {
      const isOpen = (await heading.getAttribute('data-is-open')) === 'true'
      if (!isOpen) await heading.click()
      const blocks = page.locator('.opblock-tag-section', { has: heading }).locator('.opblock')
      await blocks.first().waitFor()
      shown += await blocks.count()
    }
    expect(shown).toBe(operations.length)
  })

  test('a script that is not its own does not run', async () => {
    await page.evaluate(() => {
      const { document } = globalThis as unknown as {
        document: {
          createElement(name: string): { textContent: string }
          body: { append(it: unknown): void }
        }
      }
      const script = document.createElement('script')
      script.textContent = 'globalThis.ran = true'
      document.body.append(script)
    })
    await page.waitForFunction('true')
    expect(await page.evaluate('globalThis.ran')).toBeUndefined()
    expect(complaints.join()).toContain('violates script-src')
  })
})
