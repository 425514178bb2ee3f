// /library when something fails: it is seen, it says why, and it can be tried again.
import { afterEach, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { loadVideos } from '../simulators/content.ts'
import { findChromium } from './chromium.ts'
import { filledLibrary } from './filled-library.ts'
import { openLibrary, signIn } from './library-page.ts'

const VIDEOS = 6
const path = findChromium()
const videos = loadVideos().slice(0, VIDEOS)
const problem = (status: number, detail: string, more = {}) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({ status, detail, ...more }),
})
const AWAY = problem(503, 'The database is away. Try again shortly.')

describe.if(path !== undefined)('/library, when something fails', () => {
  const stage = filledLibrary(videos, VIDEOS)
  let page: Page
  let complaints: string[]
  afterEach(async () => {
    expect(complaints).toEqual([])
    await page.close()
  })
  async function open(hash: string): Promise<void> {
    ;({ page, complaints } = await openLibrary(stage.browser, stage.served.base))
    await page.goto(`${stage.served.base}/library${hash}`)
    await signIn(page, stage.user)
  }
  /** Answers with a problem until it is told to stop. */
  async function failing(url: RegExp, method = 'GET'): Promise<() => Promise<void>> {
    await page.route(url, route =>
      route.request().method() === method ? route.fulfill(AWAY) : route.continue(),
    )
    return () => page.unroute(url)
  }
  const alert = (text: string) => page.locator('[role="alert"]:visible', { hasText: text })
  const again = () => page.getByRole('button', { name: 'Try again', exact: true })

  test('a view', async () => {
    await open('#/all')
    await page.locator('.card').first().waitFor()
    const mend = await failing(/\/v1\/clusters\?/)
    await page.getByRole('link', { name: 'Groups', exact: true }).click()
    await alert('The database is away').waitFor()
    expect(await page.title()).toBe('Not loaded · Trove')
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.view .error')).color`)).toBe(
      'rgb(163, 40, 42)',
    )
    await mend()
    await again().click()
    await page.locator('.view h2', { hasText: 'Groups' }).waitFor()
    expect(await alert('The database is away').count()).toBe(0)
    expect(await page.title()).toBe('Groups · Trove')
  })

  test('opening an item', async () => {
    await open('#/all')
    const mend = await failing(/\/v1\/items\/[0-9a-f-]{36}/)
    await page.locator('.card a').first().click()
    await page
      .locator('dialog[open]')
      .locator('[role="alert"]', { hasText: 'The database is away' })
      .waitFor()
    await mend()
    await again().click()
    await page.locator('dialog[open] .cover').waitFor()
  })

  test('marking a favourite, and keeping a note', async () => {
    await open('#/all')
    await page.locator('.card a').first().click()
    const mend = await failing(/\/v1\/items\/[0-9a-f-]{36}/, 'PATCH')
    const favourite = page.getByRole('button', { name: 'Favourite' })
    await favourite.click()
    await alert('The database is away').waitFor()
    expect(await favourite.getAttribute('aria-pressed')).toBe('false')
    await page.getByRole('button', { name: 'Add a note' }).click()
    await page.getByLabel('Your note').fill('for the summer')
    await page.getByRole('button', { name: 'Keep' }).click()
    await page.locator('.note-of [role="alert"]', { hasText: 'away' }).waitFor()
    expect(await page.getByLabel('Your note').inputValue()).toBe('for the summer')
    await mend()
    await again().click()
    await page.locator('dialog [aria-pressed="true"]').waitFor()
    expect(await alert('away').count()).toBe(1)
    await page.getByRole('button', { name: 'Keep' }).click()
    await page.locator('p.note', { hasText: 'for the summer' }).waitFor()
  })

  test('more of a list', async () => {
    await open('#/')
    await page.route(/\/v1\/items\?limit=48/, async route => {
      const { searchParams } = new URL(route.request().url())
      if (searchParams.has('cursor')) return route.fulfill(AWAY)
      const body = await (await route.fetch()).json()
      await route.fulfill({ json: { ...body, next_cursor: 'more', has_more: true } })
    })
    await page.getByRole('link', { name: 'All', exact: true }).click()
    await page.getByRole('button', { name: 'Show more' }).click()
    await alert('The database is away').waitFor()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Try again')
    await page.unroute(/\/v1\/items\?limit=48/)
    await page.route(/cursor=more/, route =>
      route.fulfill({ json: { items: [], total: 6, next_cursor: null } }),
    )
    await again().click()
    await page.locator('.more').waitFor({ state: 'hidden' })
  })

  test('grouping', async () => {
    await open('#/groups')
    const mend = await failing(/\/v1\/clusters\/rebuild/, 'POST')
    await page.getByRole('button', { name: 'Group anew' }).click()
    await alert('Your library was not grouped. The database is away').waitFor()
    await mend()
    await again().click()
    await page.getByText('Your library is grouped.').waitFor()
  })

  test('saving, without a connection: what was said goes when it is back', async () => {
    await open('#/all')
    await page.locator('.card').first().waitFor()
    await stage.served.goAway()
    await page.getByLabel('Link to save').fill('https://youtu.be/dQw4w9WgXcQ')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await alert('The server cannot be reached').waitFor()
    stage.served.comeBack()
    await alert('The server cannot be reached').waitFor({ state: 'detached' })
    expect(await page.getByLabel('Link to save').inputValue()).toBe('https://youtu.be/dQw4w9WgXcQ')
  })

  test('saving, too often: says when in words', async () => {
    await open('#/all')
    await page.route('**/v1/items', route =>
      route.fulfill(
        problem(429, 'Rate limit exceeded. Try again in 2332 seconds.', {
          error_code: 'RATE_LIMIT_EXCEEDED',
          retry_after: 2332,
        }),
      ),
    )
    await page.getByLabel('Link to save').fill('https://youtu.be/dQw4w9WgXcQ')
    await page.keyboard.press('Enter')
    await alert('Try again in 39 minutes').waitFor()
  })

  test.each([
    ['#/groups/xyz', 'This group is not there'],
    ['#/groups/00000000-0000-7000-8000-000000000000', 'This group is not there'],
    ['#/category/%', 'There is no such category'],
    ['#/category/nothing', 'There is no such category'],
    ['#/item/xyz', 'It is not in your library'],
    ['#/constructor', 'There is nothing at this address'],
    ['#/%E0%A4%A', 'There is nothing at this address'],
  ])('the address %s names nothing: “%s”', async (hash, words) => {
    await open(hash)
    await page.getByText(words).waitFor()
    expect(await page.title()).toBe('Not found · Trove')
    if (hash.startsWith('#/item')) await page.keyboard.press('Escape')
    else await page.getByRole('link', { name: 'To your library', exact: true }).click()
    await page.locator('.card').first().waitFor()
  })

  test.each(['{', 'null', '7', '{"token":7}', '[]'])(
    'a broken session of the browser (%s) leads to the sign-in',
    async kept => {
      ;({ page, complaints } = await openLibrary(stage.browser, stage.served.base))
      await page.evaluate(value => localStorage.setItem('trove.session', value), kept)
      await page.evaluate(`sessionStorage.setItem('trove.places', '{')`)
      await page.reload()
      await signIn(page, stage.user)
      await page.locator('.card').first().waitFor()
    },
  )
})
