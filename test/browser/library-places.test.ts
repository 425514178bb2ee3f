// Where a reader is in /library: items and views have addresses, and what is seen stays in its place.
import { afterEach, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { loadVideos } from '../simulators/content.ts'
import { findChromium } from './chromium.ts'
import { filledLibrary } from './filled-library.ts'
import { holdTime, openLibrary, signIn } from './library-page.ts'

const VIDEOS = 26
/** Pages as short as this, so that few videos make several. */
const A_PAGE = 12
const path = findChromium()
const videos = loadVideos().slice(0, VIDEOS + 2)
const watch = (i: number) => `https://www.youtube.com/watch?v=${videos[i]!.video_id}`

describe.if(path !== undefined)('/library, where a reader is', () => {
  const stage = filledLibrary(videos, VIDEOS)
  let page: Page
  let complaints: string[]
  afterEach(async () => {
    expect(complaints).toEqual([])
    await page.close()
  })

  async function open(hash = ''): Promise<void> {
    ;({ page, complaints } = await openLibrary(stage.browser, stage.served.base, {
      viewport: { width: 620, height: 700 },
    }))
    await page.route(/limit=48/, route =>
      route.continue({ url: route.request().url().replace('limit=48', `limit=${A_PAGE}`) }),
    )
    await page.goto(`${stage.served.base}/library${hash}`)
    await signIn(page, stage.user)
    await page
      .locator(hash.startsWith('#/item') ? 'dialog[open] .cover' : '.card')
      .first()
      .waitFor()
  }
  /** The address is there before its view is. */
  const untilTitled = async (title: string) => {
    while ((await page.title()) !== title) await page.waitForTimeout(20)
  }
  const dialog = () => page.locator('dialog[open]')
  const closed = () => dialog().waitFor({ state: 'detached' })
  const cards = () => page.locator('.card').count()
  const scrolled = () => page.evaluate<number>('Math.round(scrollY)')
  const focusedKey = () => page.evaluate<string | undefined>('document.activeElement.dataset.key')
  /** Goes to a card far down a long list. @returns its key */
  async function openFarDown(): Promise<string> {
    await open('#/all')
    await showMore()
    const link = page.locator('.card a').nth(18)
    await link.scrollIntoViewIfNeeded()
    await link.focus()
    return (await link.getAttribute('data-key'))!
  }
  async function showMore(): Promise<void> {
    const before = await cards()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.locator('.card').nth(before).waitFor()
  }

  test('an item is a link with an address: Back closes it, Forward opens it, and the focus is where it was', async () => {
    await open('#/all')
    const link = page.locator('.card a').nth(5)
    const title = (await link.textContent())!
    const id = (await link.getAttribute('data-key'))!
    expect(await link.getAttribute('href')).toEndWith(`#/item/${id}`)
    await link.click()
    await dialog().locator('h2', { hasText: title }).waitFor()
    expect(page.url()).toEndWith(`#/item/${id}`)
    expect(await page.title()).toBe(`${title} · Trove`)
    await page.goBack()
    await closed()
    expect(page.url()).toEndWith('#/all')
    await untilTitled('All · Trove')
    expect(await focusedKey()).toBe(id)
    await page.goForward()
    await dialog().locator('h2', { hasText: title }).waitFor()
    await page.reload()
    await dialog().locator('h2', { hasText: title }).waitFor()
    await page.keyboard.press('Escape')
    await page.waitForURL('**/library#/all')
    await untilTitled('All · Trove')
  })

  test('an item that the page begins with lies over the library, and closing it leads there', async () => {
    const { body } = await stage.user.get('/v1/items?limit=1')
    const [{ save, content }] = body.items
    await open(`#/item/${save.id}`)
    expect(await page.title()).toBe(`${content.title} · Trove`)
    await page.getByRole('button', { name: 'Close' }).click()
    await closed()
    await page.locator('.shelf').first().waitFor()
    await untilTitled('Categories · Trove')
  })

  test('what is like an item is gone through with Back; closing leads to the list in one step', async () => {
    await open('#/all')
    await page.locator('.card a').first().click()
    await dialog().locator('.cover').waitFor()
    const first = (await dialog().locator('h2').textContent())!
    const other = dialog().locator('.cover h2').filter({ hasNotText: first })
    await dialog().locator('.similar a').first().click()
    await other.waitFor()
    await page.goBack()
    await dialog().locator('h2', { hasText: first }).waitFor()
    await page.goForward()
    await other.waitFor()
    await page.keyboard.press('Escape')
    await page.waitForURL('**/library#/all')
  })

  test('Back leads to the same place of a long list, and to what had the focus', async () => {
    const key = await openFarDown()
    const [before, count] = [await scrolled(), await cards()]
    expect(before).toBeGreaterThan(500)
    await page.evaluate('location.hash = "#/groups"')
    await page.locator('.group').first().waitFor()
    expect(await scrolled()).toBe(0)
    await page.goBack()
    await page.locator(`[data-key="${key}"]:focus`).waitFor()
    expect([await scrolled(), await cards()]).toEqual([before, count])
  })

  test('a list keeps its length, its place and the focus when something becomes READY, or is marked', async () => {
    const key = await openFarDown()
    const top = async () => Math.round((await page.locator(`[data-key="${key}"]`).boundingBox())!.y)
    const [before, count] = [await top(), await cards()]
    await stage.user.post('/v1/items', { url: watch(VIDEOS) })
    await page.locator('.view h2 .count', { hasText: `${VIDEOS + 1} items` }).waitFor()
    expect([await top(), await focusedKey()]).toEqual([before, key])
    expect(await cards()).toBeGreaterThanOrEqual(count)

    await page.keyboard.press('Enter')
    await dialog().getByRole('button', { name: 'Favourite' }).click()
    await dialog().getByText('Marked as a favourite').waitFor()
    await page.locator(`.card[data-save="${key}"] .star`).waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
    await page.locator(`[data-key="${key}"]:focus`).waitFor()
    expect(await top()).toBe(before)
    expect(await cards()).toBeGreaterThanOrEqual(count)
  })

  test('Show more leads on to the first of what is new', async () => {
    await open('#/all')
    const before = await cards()
    await showMore()
    const next = await page.locator('.card a').nth(before).getAttribute('data-key')
    expect(await focusedKey()).toBe(next!)
  })

  test('a search goes on page by page, and its box says what was searched for, there alone', async () => {
    await open('#/search/music')
    const box = page.getByLabel('Search your library')
    expect(await box.inputValue()).toBe('music')
    expect(await page.title()).toBe('“music” · Search · Trove')
    await page.getByRole('link', { name: 'Groups', exact: true }).click()
    await page.locator('.group').first().waitFor()
    expect(await box.inputValue()).toBe('')
    await page.locator('.group a').first().click()
    const label = (await page.locator('main h2 bdi').textContent())!
    expect(await page.title()).toBe(`${label} · Trove`)
  })

  test('who goes on while an item closes gets there, and Back leads on to the list', async () => {
    await open('#/all')
    await page.locator('.card a').first().click()
    await dialog().locator('.cover').waitFor()
    await page.evaluate(`(() => {
      const dialog = document.getElementById('item')
      dialog.addEventListener('close', () => { location.hash = '#/archive' }, { once: true })
      dialog.close()
    })()`)
    // Going back, which was asked for before, has had its time.
    await page.waitForTimeout(1000)
    expect(page.url()).toEndWith('#/archive')
    await page.getByText('What you archive leaves your lists').waitFor()
    expect(await dialog().count()).toBe(0)
    await page.goBack()
    await page.waitForURL(url => url.hash !== '#/archive')
  })

  test('what takes long says that it is on its way', async () => {
    await open('#/')
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    await page.route(/\/v1\/items\/[0-9a-f]{8}-|is_archived=true/, async route => {
      await held
      await route.continue()
    })
    await page.getByRole('link', { name: 'Archive' }).click()
    await page.locator('main').getByText('Loading …').waitFor()
    expect(await page.locator('main[aria-busy="true"]').count()).toBe(1)
    await page.goBack()
    await page.locator('.card a').first().click()
    await dialog().getByText('Loading …').waitFor()
    release()
    await dialog().locator('.cover').waitFor()
  })

  test('a view that is left before it has come does not hide the one after it', async () => {
    await open('#/all')
    await page.route(/is_archived=true/, () => {})
    await holdTime(page)
    await page.getByRole('link', { name: 'Archive' }).click()
    await page.getByRole('link', { name: 'Groups', exact: true }).click()
    await page.locator('.group').first().waitFor()
    await page.clock.runFor(1000)
    expect(await page.locator('.group').count()).toBeGreaterThan(0)
  })

  test('an item that is left before it has come does not come any more', async () => {
    await open('#/all')
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    await page.route(/\/v1\/items\/[0-9a-f]{8}-/, async route => {
      await held
      await route.continue()
    })
    await holdTime(page)
    await page.locator('.card a').first().click()
    await page.waitForURL('**/library#/item/*')
    await page.goBack()
    await page.waitForURL('**/library#/all')
    await page.clock.runFor(1000)
    const answered = page.waitForResponse(/\/v1\/items\/[0-9a-f]{8}-/)
    release()
    await (await answered).finished()
    await page.clock.runFor(1000)
    expect(await dialog().count()).toBe(0)
    expect(await page.title()).toBe('All · Trove')
  })
})
