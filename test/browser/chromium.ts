// A real browser, from the machine's own packages (scripts/install-chromium.sh).
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

/** CHROMIUM_PATH, or where Debian puts it, or what the shell finds; undefined when there is none. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH
  if (named) return existsSync(named) ? named : undefined
  if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium'
  return Bun.which('chromium') ?? undefined
}

let started: Promise<Browser> | undefined

/**
 * A browser whose pages have empty profiles; closing it closes those. Starting one takes seconds, so the files of a
 * process, which run one after the other, share it; it ends with the process.
 */
export async function openBrowser(executablePath: string): Promise<Browser> {
  if (!(await started)?.isConnected()) started = chromium.launch({ executablePath, args: FLAGS })
  const browser = await started!
  const closePages = async () => {
    await Promise.all(browser.contexts().map(context => context.close()))
  }
  return Object.create(browser, { close: { value: closePages } })
}

/**
 * What a page does that it must not, in a list that grows as it happens: what it asks of other hosts than `base`'s,
 * throws, reports as an error, and where it breaks its policy.
 * @param page not opened anywhere yet
 */
export async function watchPage(page: Page, base: string): Promise<string[]> {
  const complaints: string[] = []
  page.on('request', request => {
    const { origin, protocol } = new URL(request.url())
    if (protocol !== 'data:' && origin !== base) complaints.push(`asks ${request.url()}`)
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
