// /library as a person uses it: in a real browser, under the page's own policy, with platforms simulated.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { loadVideos } from '../simulators/content.ts'
import { findChromium, openBrowser } from './chromium.ts'
import { openLibrary } from './library-page.ts'
import { type Served, serveTrove } from './serve-trove.ts'

const VIDEOS = 24
const HOSTILE = '<img src=x onerror="globalThis.ran = true"> & <script>globalThis.ran = true</script>'
const PASSWORD = 'correct horse battery'

const path = findChromium()
if (!path)
  console.log('Chromium is missing, so /library is not opened: sh scripts/install-chromium.sh adds it.')

describe.if(path !== undefined)('/library in a browser', () => {
  const videos = loadVideos().slice(0, VIDEOS + 1)
  videos[0] = { ...videos[0]!, title: HOSTILE }
  const watch = (i: number) => `https://www.youtube.com/watch?v=${videos[i]!.video_id}`
  let served: Served
  let browser: Browser
  let page: Page
  let complaints: string[]
  beforeAll(async () => {
    ;[served, browser] = await Promise.all([serveTrove({ videos }), openBrowser(path!)])
    ;({ page, complaints } = await openLibrary(browser, served.base))
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  test('tells what is wrong with a password, then makes an account', async () => {
    await page.getByLabel('Email').fill('ann@example.com')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Invalid email or password').waitFor()
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByText('Nothing here yet').waitFor()
    expect(await page.locator('#email').textContent()).toBe('ann@example.com')
  })

  test('refuses what is no link, and says once what may be saved', async () => {
    await page.getByLabel('Link to save').fill('hello')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.locator('#save-message [role="alert"] p').waitFor()
    expect(await page.locator('#save-message').textContent()).toMatch(
      /^\s*This must be a link to a YouTube video[^.]*\.\s*$/,
    )
  })

  test('shows what is being read, and then the items, without being loaded again', async () => {
    await page.evaluate('globalThis.loaded = 1')
    for (let i = 0; i < 2; i++) {
      await page.getByLabel('Link to save').fill(watch(i))
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.getByText(`Reading ${i + 1}`).waitFor()
    }
    const token = await page.evaluate<string>(`JSON.parse(localStorage.getItem('trove.session')).token`)
    const items = videos.slice(2, VIDEOS).map((_, i) => ({ url: watch(i + 2) }))
    const answer = await fetch(`${served.base}/v1/items/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ items }),
    })
    expect(answer.status).toBe(200)
    await served.trove.work()
    const shown = () =>
      page.evaluate<number>(`[...document.querySelectorAll('.shelf .count')]
        .reduce((sum, it) => sum + parseInt(it.textContent), 0)`)
    while ((await shown()) < VIDEOS) await page.waitForTimeout(100)
    expect(await shown()).toBe(VIDEOS)
    expect(await page.locator('#waiting').isHidden()).toBe(true)
    expect(await page.evaluate('globalThis.loaded')).toBe(1)
  })

  test('shows a hostile title as text', async () => {
    await page.getByLabel('Search your library').fill('onerror')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.locator('.card .title', { hasText: '<img src=x' }).first().waitFor()
    expect(await page.evaluate('globalThis.ran')).toBeUndefined()
  })

  test('shows a picture of each item by way of this server, and a tile where there is none to be had', async () => {
    const { sql } = served.trove.database
    const [broken] = await sql<{ title: string }[]>`
      update shared_contents
      set thumbnail_url = 'http://192.168.1.1/reboot'
      where id = (select max(id::text)::uuid from shared_contents)
      returning title`
    await page.goto(`${served.base}/library#/search/${encodeURIComponent(broken!.title)}`)
    const pictures = () =>
      page.evaluate<string[]>(`Promise.all([...document.querySelectorAll('.card img')].map(async it => {
        it.loading = 'eager'
        await it.decode().catch(() => {})
        return (it.naturalWidth > 0) + ' ' + new URL(it.currentSrc || it.src).pathname.slice(0, 15)
      }))`)
    await page.locator('#main:not([aria-busy]) h2', { hasText: broken!.title }).waitFor()
    const card = page.locator('.card', { hasText: broken!.title }).first()
    await card.waitFor()
    await page.waitForFunction(`[...document.querySelectorAll('.card img')].some(it => {
      it.loading = 'eager'
      return it.naturalWidth > 0
    })`)
    expect(await pictures()).toContain('true /v1/thumbnails/')
    await card.locator('img').waitFor({ state: 'detached' })
    await card.locator('.glyph').waitFor()
    expect(new Set(await pictures())).toEqual(new Set(['true /v1/thumbnails/']))
  })

  test('groups, and opens a group’s items', async () => {
    await page.getByRole('link', { name: 'Groups', exact: true }).click()
    await page.getByRole('button', { name: 'Group anew' }).click()
    await page.locator('.group a').first().click()
    await page.locator('.card').first().waitFor()
    expect(await page.locator('.card').count()).toBeGreaterThan(1)
  })

  test('draws the map; a point says its title beside its picture, and opens', async () => {
    await page.getByRole('link', { name: 'Map', exact: true }).click()
    await page.locator('canvas[data-drawn]').waitFor()
    // What the local model has no words for is in no place.
    const [placed] = await served.trove.database
      .sql`select count(*)::integer as points from content_embeddings`
    expect(placed!.points).toBeGreaterThan(VIDEOS - 3)
    expect(await page.locator('canvas').getAttribute('data-drawn')).toBe(String(placed!.points))
    await page.locator('.cursor').focus()
    // The first point may be that of the item whose picture is nowhere to be had.
    const picture = page.locator('.tip .thumb img')
    const isSeen = () =>
      picture.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      )
    while (!(await isSeen())) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.locator('dialog[open] .similar li').first().waitFor()
    expect(await page.locator('dialog').textContent()).not.toMatch(/\b(null|undefined|false)\b/)
    await page.getByRole('button', { name: /Favourite/ }).click()
    await page.locator('dialog [aria-pressed="true"]').waitFor()
    await page.keyboard.press('Escape')
    expect(await page.locator('dialog[open]').count()).toBe(0)
  })

  test('says why something could not be read, and tries it again', async () => {
    const { video_id } = videos[VIDEOS]!
    served.simulator.private_ids.add(video_id)
    await page.getByLabel('Link to save').fill(`https://www.youtube.com/watch?v=${video_id}`)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.locator('#waiting .failed').waitFor()
    const reason = await page.locator('#waiting .failed .stage').textContent()
    expect(reason).toMatch(/private|unavailable|not/i)
    await page.reload()
    await page.locator('#waiting .failed').waitFor()
    expect(await page.locator('#waiting .failed .stage').textContent()).toBe(reason)
    served.simulator.private_ids.delete(video_id)
    await page.getByRole('button', { name: /^Try again/ }).click()
    await page.locator('#news', { hasText: videos[VIDEOS]!.title }).waitFor({ state: 'attached' })
    expect(await page.locator('#waiting').isHidden()).toBe(true)
  })

  test('fits a phone: nothing is wider, and nothing to touch is smaller than 24 pixels', async () => {
    await page.setViewportSize({ width: 360, height: 720 })
    for (const view of ['#/', '#/groups', '#/map', '#/search/music']) {
      await page.goto(`${served.base}/library${view}`)
      await page.locator('.card, .group, canvas[data-drawn]').first().waitFor()
      expect([view, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([view, 360])
      expect([view, await tooSmall()]).toEqual([view, []])
    }
    await page.locator('.card a').first().click()
    await page.locator('dialog[open] .similar li').first().waitFor()
    expect(await page.evaluate('document.querySelector("dialog").scrollWidth <= 360')).toBe(true)
    expect(await tooSmall()).toEqual([])
    await page.keyboard.press('Escape')
  })
  /** Links within a sentence may be as small as its letters. */
  const tooSmall = () =>
    page.evaluate<string[]>(`[...document.querySelectorAll('a, button, input, summary')]
      .filter(it => it.checkVisibility() && !it.closest('.skip, p.facts:not(.how)'))
      .map(it => ({ it, box: it.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 24 || box.height < 24)
      .map(({ it, box }) => it.outerHTML.slice(0, 80) + ' ' + box.width + '×' + box.height)`)

  test('has broken no rule of its policy and asked nobody else', () => {
    expect(complaints).toEqual([])
  })
})
