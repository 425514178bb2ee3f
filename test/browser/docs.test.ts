// /docs as a person uses it: in a real browser, from a real server, under the page's own security policy.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { findChromium, openBrowser } from './chromium.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const path = findChromium()
if (!path) console.log('Chromium is missing, so /docs is not opened: sh scripts/install-chromium.sh adds it.')

/** A process on a folder of its own; resolves with its address when it answers. */
async function serve(folder: string): Promise<{ server: ChildProcess; base: string }> {
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', PORT: '0', DATA_DIR: folder }
  const server = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let printed = ''
  // It is read to the end: a full pipe would stop the server.
  server.stdout!.on('data', chunk => {
    printed += chunk
    const [, base] = /API +(http:\S+)\/v1/.exec(printed) ?? []
    if (base) resolve(base)
  })
  server.once('exit', () => reject(new Error(`The server ended before it said where it is:\n${printed}`)))
  return { server, base: await promise }
}

/** Notes whatever the page asks of another host, and whatever its policy or its code complains of. */
async function watch(page: Page, base: string): Promise<string[]> {
  const complaints: string[] = []
  page.on('request', request => {
    const url = new URL(request.url())
    if (url.protocol !== 'data:' && url.origin !== base) complaints.push(`asks ${request.url()}`)
  })
  page.on('pageerror', error => complaints.push(`throws ${error.message}`))
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(`says ${message.text()}`)
  })
  await page.exposeFunction('complain', (what: string) => complaints.push(what))
  await page.addInitScript(`addEventListener('securitypolicyviolation', event =>
    complain('violates ' + event.violatedDirective + ' with ' + event.blockedURI))`)
  return complaints
}

test.if(process.env.CI === 'true')('there is a browser, so that nothing here is skipped', () => {
  expect(path).toBeDefined()
})

describe.if(path !== undefined)('/docs in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trove-docs-'))
  let started: Awaited<ReturnType<typeof serve>>
  let browser: Browser
  beforeAll(async () => {
    ;[started, browser] = await Promise.all([serve(folder), openBrowser(path!)])
  })
  afterAll(async () => {
    await browser?.close()
    if (started) {
      const ended = once(started.server, 'exit')
      started.server.kill('SIGTERM')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  })

  test('loads from its own host alone, authorises, and tries a call', async () => {
    const { base } = started
    const page = await browser.newPage()
    const complaints = await watch(page, base)
    await page.goto(`${base}/docs`)
    const me = page.locator('#operations-Accounts-getMe')
    await me.waitFor()

    const email = `${crypto.randomUUID()}@example.com`
    const registered = await fetch(`${base}/v1/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'correct horse' }),
    })
    const { access_token } = (await registered.json()) as { access_token: string }
    await page.locator('.auth-wrapper .btn.authorize').click()
    await page.locator('.modal-ux input').fill(access_token)
    await page.locator('.modal-ux .modal-btn.authorize').click()
    await page.locator('.modal-ux .btn-done').click()

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
    const { base } = started
    const page = await browser.newPage()
    await page.goto(`${base}/docs`)
    await page.locator('.opblock').first().waitFor()
    const document = (await (await fetch(`${base}/openapi.json`)).json()) as { paths: Record<string, object> }
    const operations = Object.values(document.paths).flatMap(methods => Object.keys(methods))
    expect(await page.locator('.opblock').count()).toBe(operations.length)
  })

  test('a script that is not its own does not run', async () => {
    const { base } = started
    const page = await browser.newPage()
    const complaints = await watch(page, base)
    await page.goto(`${base}/docs`)
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
