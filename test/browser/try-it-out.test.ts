// "Try it out" of /docs as a person uses it: what it sends when nothing was typed.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { findChromium, openBrowser } from './chromium.ts'
import { type Served, serveTrove } from './serve-trove.ts'

const path = findChromium()
if (!path) console.log('Chromium is missing, so nothing is tried: sh scripts/install-chromium.sh adds it.')

describe.if(path !== undefined)('"Try it out"', () => {
  let served: Served
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    ;[served, browser] = await Promise.all([serveTrove(), openBrowser(path!)])
    page = await browser.newPage()
    page.setDefaultTimeout(30_000)
    // The document then names another address than the one that the page has come from.
    await page.setExtraHTTPHeaders({ 'x-forwarded-proto': 'https' })
    await page.goto(`${served.base}/docs`)
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  const open = async (operation: string): Promise<Locator> => {
    const block = page.locator(`#operations-${operation}`)
    if (!(await block.isVisible())) await page.locator(`#operations-tag-${operation.split('-')[0]}`).click()
    await block.locator('.opblock-summary-control').click()
    await block.locator('.try-out__btn').click()
    return block
  }
  const execute = async (block: Locator) => {
    const asked = page.waitForRequest(request => new URL(request.url()).pathname.startsWith('/v1/'))
    await block.locator('.execute').click()
    return asked
  }

  test('sends no key of a request and no id of its own, but what was typed', async () => {
    const block = await open('Items-saveItem')
    const headers = async () => (await (await execute(block)).allHeaders()) as Record<string, string>
    const first = await headers()
    expect(first['content-type']).toBe('application/json')
    expect(first['idempotency-key']).toBeUndefined()
    expect(first['x-request-id']).toBeUndefined()
    await block.locator('[data-param-name="Idempotency-Key"] input').fill('typed-by-hand')
    expect((await headers())['idempotency-key']).toBe('typed-by-hand')
  })

  test('sends no filter and no cursor, and asks the server that it came from', async () => {
    const url = new URL((await execute(await open('Items-listItems'))).url())
    expect(url.origin).toBe(served.base)
    expect([...url.searchParams.keys()].sort()).toEqual(
      ['is_archived', 'limit', 'offset', 'sort_by', 'sort_order', 'status'].sort(),
    )
  })
})
