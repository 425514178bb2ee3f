// Live updates of /library, when the server goes away, when the stream ends at once, and when the token does.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import type { Browser, Page, Request } from 'playwright-core'
import { loadVideos } from '../simulators/content.ts'
import type { User } from '../support/app.ts'
import { testConfig } from '../support/database.ts'
import { findChromium, openBrowser } from './chromium.ts'
import { holdTime, openLibrary, signIn } from './library-page.ts'
import { type Served, serveTrove } from './serve-trove.ts'

const path = findChromium()
const videos = loadVideos().slice(0, 8)
const watch = (i: number) => `https://www.youtube.com/watch?v=${videos[i]!.video_id}`
const isStream = (request: Request) => request.url().endsWith('/v1/events')

/** The same token, but over since yesterday. */
function expired(token: string): string {
  const [head, claims = ''] = token.split('.')
  const own = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number; iat: number }
  const old = JSON.stringify({ ...own, iat: own.iat - 10 * 86_400, exp: own.iat - 86_400 })
  const signed = `${head}.${Buffer.from(old).toString('base64url')}`
  return `${signed}.${createHmac('sha256', testConfig().JWT_SECRET_KEY!).update(signed).digest('base64url')}`
}

describe.if(path !== undefined)('/library, live', () => {
  let served: Served
  let browser: Browser
  let user: User
  let page: Page
  let complaints: string[]
  let streams: Request[]
  beforeAll(async () => {
    ;[served, browser] = await Promise.all([serveTrove({ videos }), openBrowser(path!)])
    await served.trove.work()
  })
  afterEach(() => page?.close())
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })
  async function open(): Promise<void> {
    user = await served.trove.register()
    ;({ page, complaints } = await openLibrary(browser, served.base))
    streams = []
    page.on('request', request => isStream(request) && streams.push(request))
  }
  const news = (text: string) => page.locator('#news', { hasText: text }).waitFor({ state: 'attached' })

  test('a server that went away and came back is followed from the last event on', async () => {
    await open()
    await signIn(page, user)
    await user.post('/v1/items', { url: watch(0) })
    await news(videos[0]!.title)

    await served.goAway()
    await page.locator('#live', { hasText: 'Reconnecting' }).waitFor()
    const { body } = await user.post('/v1/items', { url: watch(1) })
    await served.trove.untilItems(user, 2)
    const before = streams.length
    served.comeBack()
    await page.locator('#live', { hasText: 'Live' }).waitFor()
    await news(videos[1]!.title)
    await page.locator(`[data-key="${body.save.id}"]`).waitFor()
    expect(streams.length).toBeGreaterThan(before)
    expect(Number(streams.at(-1)!.headers()['last-event-id'])).toBeGreaterThan(0)
    expect(await page.locator('#waiting').isHidden()).toBe(true)
    expect(complaints).toEqual([])
  })

  test('a token that is over leads to the sign-in with a reason, and nothing is asked again', async () => {
    await open()
    await holdTime(page)
    await signIn(page, user)
    await served.goAway()
    await page.evaluate(
      `localStorage.setItem('trove.session', ${JSON.stringify(
        JSON.stringify({ token: expired(user.token), email: user.email }),
      )})`,
    )
    served.comeBack()
    await page.locator('#sign-in-error', { hasText: 'Your session has ended' }).waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('welcome-title')
    const asked = streams.length
    await page.clock.runFor(120_000)
    expect(streams.length).toBe(asked)
    await signIn(page, user)
    await page.getByText('Nothing here yet').waitFor()
  })

  test('a stream that ends at once is asked for ever more seldom', async () => {
    await open()
    await holdTime(page)
    await page.route('**/v1/events', route =>
      route.fulfill({ contentType: 'text/event-stream', body: 'retry: 2000\n\n' }),
    )
    await signIn(page, user)
    for (let second = 0; second < 60; second++) await page.clock.runFor(1000)
    expect(streams.length).toBeGreaterThan(3)
    expect(streams.length).toBeLessThan(15)
  })

  test('events that are no longer kept are made up for by a look at the library', async () => {
    await open()
    let told = 0
    let looks = 0
    page.on('request', request => request.url().includes('/v1/items?status=FAILED') && looks++)
    // The second one never comes, so that it is not the coming back that makes the page look.
    await page.route('**/v1/events', route => {
      if (told++ > 0) return
      const body = 'event: events.dropped\ndata: {"oldest":7}\n\n'
      return route.fulfill({ contentType: 'text/event-stream', body })
    })
    await signIn(page, user)
    await page.getByText('Nothing here yet').waitFor()
    while (looks < 2) await page.waitForTimeout(50)
    expect(await page.locator('#waiting').isHidden()).toBe(true)
    expect(complaints).toEqual([])
  })
})
