// /library without a mouse: every step by Tab, Enter, Escape and arrows, with the focus in sight at each.
import { beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { loadVideos } from '../simulators/content.ts'
import { findChromium } from './chromium.ts'
import { filledLibrary } from './filled-library.ts'
import { openLibrary } from './library-page.ts'

const VIDEOS = 16
const MOST_STOPS = 150
const path = findChromium()
const videos = loadVideos().slice(0, VIDEOS + 1)
const watch = (id: string) => `https://www.youtube.com/watch?v=${id}`

interface Stop {
  /** Undefined: the end of the page. */
  name: string | undefined
  key: string | undefined
  isInSight: boolean
}

describe.if(path !== undefined)('/library by keyboard', () => {
  const stage = filledLibrary(videos, VIDEOS)
  let page: Page
  let complaints: string[]
  beforeAll(async () => {
    ;({ page, complaints } = await openLibrary(stage.browser, stage.served.base))
  })

  const press = (key: string) => page.keyboard.press(key)
  const focus = () =>
    page.evaluate<Stop>(`(() => {
      const node = document.activeElement
      if (node === document.body) return { name: undefined, isInSight: true }
      const drawn = [getComputedStyle(node), getComputedStyle(node, '::after')]
      const box = node.getBoundingClientRect()
      return {
        name: (node.getAttribute('aria-label') ?? node.labels?.[0]?.textContent ?? node.textContent).trim(),
        key: node.dataset.key,
        isInSight: drawn.some(it => it.outlineStyle !== 'none' && parseFloat(it.outlineWidth) >= 2) &&
          box.bottom > 0 && box.top < innerHeight,
      }
    })()`)

  /** Presses Tab until it is on what bears this name. */
  async function tabTo(name: string | RegExp): Promise<Stop> {
    const seen: (string | undefined)[] = []
    for (let i = 0; i < MOST_STOPS; i++) {
      await press('Tab')
      const stop = await focus()
      if (!stop.isInSight) throw new Error(`The focus is not to be seen on “${stop.name}”`)
      if (stop.name !== undefined && (typeof name === 'string' ? stop.name === name : name.test(stop.name)))
        return stop
      seen.push(stop.name)
    }
    throw new Error(`Tab does not reach “${name}”, but ${seen.join(' | ')}`)
  }
  /** How many stops the page has; the end of it must come. */
  async function stopsToTheEnd(): Promise<number> {
    for (let i = 1; i <= MOST_STOPS; i++) {
      await press('Tab')
      const { name, isInSight } = await focus()
      expect([name, isInSight]).toEqual([name, true])
      if (name === undefined) return i
    }
    throw new Error('Tab never leaves the page')
  }

  test('signs in, and is then in the library', async () => {
    await tabTo('Email')
    await page.keyboard.type(stage.user.email)
    await press('Tab')
    await page.keyboard.type('not the password')
    await press('Enter')
    await page.getByText('Invalid email or password').waitFor()
    expect((await focus()).name).toBe('Password')
    await press('Control+A')
    await page.keyboard.type(stage.user.password)
    await press('Enter')
    await page.locator('.card').first().waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
  })

  test('a link of the first stop skips to the library', async () => {
    await page.reload()
    await page.locator('.card').first().waitFor()
    await press('Tab')
    expect(await focus()).toMatchObject({ name: 'Skip to your library', isInSight: true })
    await press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    await press('Tab')
    expect((await focus()).key ?? (await focus()).name).toBeTruthy()
    expect(await page.evaluate('document.querySelector("main").contains(document.activeElement)')).toBe(true)
  })

  test('saves a link, and hears when it is ready', async () => {
    await page.reload()
    await page.locator('#live[data-open="true"]').waitFor()
    await tabTo('Link to save')
    await page.keyboard.type(watch(videos[VIDEOS]!.video_id))
    await press('Enter')
    await page.locator('#save-done', { hasText: 'is ready.' }).waitFor()
    expect((await focus()).name).toBe('Link to save')
    await page
      .locator('#news[role="status"]', { hasText: videos[VIDEOS]!.title })
      .waitFor({ state: 'attached' })
  })

  test('opens an item and what is like it; Escape leads back to where it was, though the view was drawn anew', async () => {
    await tabTo('Map')
    await press('Tab')
    let opener = await focus()
    while (!opener.key) {
      await press('Tab')
      opener = await focus()
    }
    await press('Enter')
    await page.locator('dialog[open] .similar li').first().waitFor()
    expect((await focus()).name).toBe(opener.name)
    await tabTo(/Favourite/)
    await press('Enter')
    await page.locator('dialog [aria-pressed="true"]').waitFor()
    await page.locator('.card .star').first().waitFor()
    const like = (await page.locator('dialog .similar a.title').first().textContent())!
    await tabTo(like)
    await press('Enter')
    await page.locator('#item-title', { hasText: like }).waitFor()
    await press('Escape')
    expect(await page.locator('dialog[open]').count()).toBe(0)
    await page.locator(`[data-key="${opener.key}"]:focus`).waitFor()
  })

  test('goes through the map: a group’s points, other groups, and an item', async () => {
    await page.goto(`${stage.served.base}/library#/map`)
    await page.locator('canvas[data-drawn]').waitFor()
    const cursor = () => page.locator('.cursor').getAttribute('aria-label')
    await page.evaluate('document.querySelector("main").focus()')
    let stop = await focus()
    while (stop.key !== 'map-cursor') {
      await press('Tab')
      stop = await focus()
    }
    expect(stop.isInSight).toBe(true)
    await page.locator('.tip').waitFor()
    const seen = new Set<string>()
    for (let row = 0; row < (await page.locator('.legend button').count()); row++) {
      const group = (await cursor())!.split(', ').at(-1)
      await press('Home')
      const first = await cursor()
      do {
        seen.add(`${await page.evaluate('document.querySelector(".cursor").style.left')} ${await cursor()}`)
        await press('ArrowRight')
        expect((await cursor())!.split(', ').at(-1)).toBe(group)
      } while ((await cursor()) !== first)
      await press('ArrowDown')
    }
    // What the local model has no words for is in no place.
    const [placed] = await stage.served.trove.database
      .sql`select count(*)::integer as points from content_embeddings`
    expect(placed!.points).toBeGreaterThan(VIDEOS - 2)
    expect(seen.size).toBe(placed!.points)
    await page.locator('#news', { hasText: / of \d+\.$/ }).waitFor({ state: 'attached' })
    await press('Enter')
    await page.locator('dialog[open]').waitFor()
    await press('Escape')
    await page.locator('[data-key="map-cursor"]:focus').waitFor()

    const { key } = await tabTo(/\d+$/)
    expect(key).toStartWith('legend-')
    await press('Enter')
    await page.getByRole('button', { name: 'Show all' }).waitFor()
    expect((await focus()).key).toBe(key)
    await press('Enter')
    expect(await page.getByRole('button', { name: 'Show all' }).count()).toBe(0)
  })

  test('renames a group; Escape leaves it as it was', async () => {
    await page.goto(`${stage.served.base}/library#/groups`)
    await page.locator('.group').first().waitFor()
    await page.locator('.group a').first().focus()
    await press('Enter')
    await page.getByRole('button', { name: 'Rename' }).waitFor()
    await tabTo('Rename')
    await press('Enter')
    expect((await focus()).name).toBe('Name of the group')
    await press('Escape')
    expect((await focus()).name).toBe('Rename')
    await press('Enter')
    await page.keyboard.type('Mine <b>alone</b>')
    await press('Enter')
    await page.locator('main h2', { hasText: 'Mine <b>alone</b>' }).waitFor()
    expect((await focus()).name).toBe('Rename')
  })

  test('searches', async () => {
    await page.evaluate('document.activeElement.blur()')
    await tabTo('Search your library')
    await page.keyboard.type('music')
    await press('Enter')
    await page.locator('main:focus h2', { hasText: 'music' }).waitFor()
    await page.locator('#news', { hasText: /^\d+ results?\.$/ }).waitFor({ state: 'attached' })
  })

  test('is held nowhere: in every view Tab comes to the end', async () => {
    for (const view of ['#/', '#/groups', '#/map', '#/search/music']) {
      await page.goto(`${stage.served.base}/library${view}`)
      await page.reload()
      await page.locator('.card, .group, canvas[data-drawn]').first().waitFor()
      expect([view, (await stopsToTheEnd()) > 5]).toEqual([view, true])
    }
  })

  test('moves nothing for who asked for less motion', async () => {
    await page.goto(`${stage.served.base}/library#/`)
    await page.locator('.card').first().waitFor()
    const durations = () =>
      page.evaluate(`[...new Set([...document.querySelectorAll('*')].map(it => getComputedStyle(it))
        .flatMap(it => [it.transitionDuration, it.animationDuration]))]`)
    expect(await durations()).toEqual(['0s'])
  })

  test('has thrown nothing and broken no rule', () => {
    expect(complaints).toEqual([])
  })
})
