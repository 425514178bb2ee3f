// /library in a browser: opened, watched for what it must not do, and signed in to.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { User } from '../support/app.ts'

export interface Opened {
  page: Page
  /** What it asked of other hosts, what it threw, and where it broke its policy. */
  complaints: string[]
}

type PageOptions = Parameters<Browser['newPage']>[0]

/** A page that stays open, by browser and options: its process then opens the next one, in a third of the time. */
const keepers = new WeakMap<Browser, Map<string, Page>>()
/** Contexts in which time stands still, for whoever opens a page there. */
const spent = new WeakSet<BrowserContext>()

/** A new page with an empty profile; a profile that nobody uses is emptied and taken again. */
async function openPage(browser: Browser, base: string, options: PageOptions): Promise<Page> {
  const ofBrowser = keepers.get(browser) ?? new Map<string, Page>()
  keepers.set(browser, ofBrowser)
  const key = JSON.stringify(options)
  let keeper = ofBrowser.get(key)
  if (!keeper || spent.has(keeper.context()) || keeper.context().pages().length > 1) {
    const context = await browser.newContext(options)
    keeper = await context.newPage()
    await keeper.goto(`${base}/health`)
    ofBrowser.set(key, keeper)
  }
  const context = keeper.context()
  const session = await context.newCDPSession(keeper)
  await session.send('Storage.clearDataForOrigin', { origin: base, storageTypes: 'all' })
  await session.detach()
  return context.newPage()
}

/** Lets time pass only as `page.clock` is told. */
export async function holdTime(page: Page): Promise<void> {
  spent.add(page.context())
  await page.clock.install()
}

/** Opens it in a page of its own, with an empty profile. */
export async function openLibrary(
  browser: Browser,
  base: string,
  options: PageOptions = {},
): Promise<Opened> {
  const page = await openPage(browser, base, { reducedMotion: 'reduce', ...options })
  const complaints: string[] = []
  page.setDefaultTimeout(20_000)
  page.on('request', request => {
    const { origin, protocol } = new URL(request.url())
    if (protocol !== 'data:' && origin !== base) complaints.push(`asks ${request.url()}`)
  })
  page.on('pageerror', error => complaints.push(`throws ${error.message}`))
  await page.exposeFunction('complain', (what: string) => complaints.push(what))
  await page.addInitScript(`addEventListener('securitypolicyviolation', event =>
    complain('violates ' + event.violatedDirective + ' with ' + event.blockedURI))`)
  await page.goto(`${base}/library`)
  return { page, complaints }
}

/** Signs in, and waits until the stream of events is open. */
export async function signIn(page: Page, { email, password }: User): Promise<void> {
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('#live[data-open="true"]').waitFor()
}

/** Saves links, has them read, and groups them. */
export async function fillLibrary(
  user: User,
  urls: string[],
  untilItems: () => Promise<void>,
): Promise<void> {
  for (let i = 0; i < urls.length; i += 100) {
    const items = urls.slice(i, i + 100).map(url => ({ url }))
    const { status } = await user.post('/v1/items/batch', { items })
    if (status !== 200) throw new Error(`The batch was answered with ${status}`)
  }
  await untilItems()
  const { body } = await user.post('/v1/clusters/rebuild')
  for (let stage = ''; stage !== 'done'; await Bun.sleep(50)) {
    stage = (await user.get(`/v1/jobs/${body.job_id}`)).body.stage
    if (stage === 'failed') throw new Error('The library could not be grouped')
  }
}
