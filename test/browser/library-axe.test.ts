// /library in every state, as axe sees it (WCAG 2.2 A and AA, and best practices): nothing to object.
import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { loadVideos } from '../simulators/content.ts'
import { findChromium } from './chromium.ts'
import { filledLibrary } from './filled-library.ts'
import { openLibrary, signIn } from './library-page.ts'

const VIDEOS = 14
const path = findChromium()
const videos = loadVideos().slice(0, VIDEOS)
const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

describe.if(path !== undefined)('/library, as axe sees it', () => {
  const stage = filledLibrary(videos, VIDEOS)
  /** What it objects to, each with where. */
  const objections = (page: Page) =>
    page.evaluate<string[]>(`(async () => {
      const { violations } = await axe.run(document, { resultTypes: ['violations'] })
      return violations.flatMap(({ id, impact, nodes }) => nodes.map(({ target }) => impact + ' ' + id + ' at ' + target))
    })()`)

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 320],
  ] as const)('in %s, %i pixels wide', async (colorScheme, width) => {
    const { page } = await openLibrary(stage.browser, stage.served.base, {
      colorScheme,
      viewport: { width, height: 800 },
    })
    await page.evaluate(AXE)
    const found: Record<string, string[]> = {}
    const look = async (state: string) => {
      const objected = await objections(page)
      if (objected.length > 0) found[state] = objected
      const isWider = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')
      if (isWider) found[state] = [...objected, 'is wider than the window']
    }
    await look('sign-in')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('button', { name: 'Show password' }).click()
    await look('new account')
    await signIn(page, stage.user)
    for (const hash of [
      '',
      'all',
      'favourites',
      'archive',
      'groups',
      'map',
      'search/music',
      'groups/xyz',
      'nothing',
    ]) {
      await page.evaluate(`location.hash = '#/${hash}'`)
      await page.locator('#main:not([aria-busy]) .view > *').first().waitFor()
      await look(hash)
    }
    await page.evaluate(`location.hash = '#/groups'`)
    await page.locator('.group a').first().click()
    await page.getByRole('button', { name: 'Rename' }).click()
    await look('renaming')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.locator('.card a').first().click()
    await page.locator('dialog[open] .cover').waitFor()
    await look('item')
    await page.getByRole('button', { name: 'Add a note' }).click()
    await page.getByRole('button', { name: 'Favourite' }).click()
    await page.locator('dialog .notice').waitFor()
    await look('item with a note and a notice')
    await page.getByRole('button', { name: 'Favourite' }).click()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.locator('.undo').waitFor()
    await look('removed')
    await page.locator('.undo').click()
    await page.getByLabel('Link to save').fill('hello')
    await page.keyboard.press('Enter')
    await page.locator('#save-fault p').waitFor()
    await look('a link that is none')
    await page
      .getByLabel('Link to save')
      .fill(`https://youtu.be/${videos[0]!.video_id}\nhttps://youtu.be/${videos[1]!.video_id}`)
    await page.getByText('With a note').click()
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.locator('.results').waitFor()
    await look('several links')
    await page.locator('#main').focus()
    await page.keyboard.press('?')
    await page.locator('dialog.help').waitFor()
    await look('keys')
    expect(found).toEqual({})
    await page.close()
  })

  test('titles are read in their own direction and language', async () => {
    const { page } = await openLibrary(stage.browser, stage.served.base)
    const { body } = await stage.user.get('/v1/items?limit=1')
    const [{ save, content }] = body.items
    await stage.served.trove.database
      .sql`update shared_contents set title = 'שלום, עולם?', language = 'he' where id = ${content.id}`
    await page.goto(`${stage.served.base}/library#/item/${save.id}`)
    await signIn(page, stage.user)
    await page.locator('dialog[open] .cover').waitFor()
    const looks = (selector: string) =>
      page.evaluate<string[]>(`(() => {
        const node = document.querySelector('${selector}')
        return [getComputedStyle(node).direction, node.lang]
      })()`)
    expect(await looks('#item-title')).toEqual(['rtl', 'he'])
    expect(await page.locator('dialog .facts bdi').count()).toBeGreaterThan(0)
    expect((await looks(`[data-key="${save.id}"]`))[0]).toBe('rtl')
    await page.close()
  })

  test('with the colours of the system, one view alone looks current, and progress is seen', async () => {
    const { page } = await openLibrary(stage.browser, stage.served.base, { forcedColors: 'active' })
    await signIn(page, stage.user)
    await page.locator('.card').first().waitFor()
    const borders = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.tabs a')].map(it => getComputedStyle(it).borderBottomColor)`,
    )
    expect(borders.filter(it => it === borders[0])).toHaveLength(1)
    expect(new Set(borders.slice(1)).size).toBe(1)
    const progress = await page.evaluate<string>(`(() => {
      const bar = document.createElement('progress')
      document.getElementById('waiting').append(bar)
      return getComputedStyle(bar).borderTopWidth
    })()`)
    expect(progress).toBe('1px')
    await page.close()
  })
})
