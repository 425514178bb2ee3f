// What a person keeps in /library and what they let go: several links, notes, favourites, the archive, and removal.
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { loadVideos } from '../simulators/content.ts'
import type { User } from '../support/app.ts'
import { findChromium } from './chromium.ts'
import { filledLibrary } from './filled-library.ts'
import { holdTime, openLibrary, signIn } from './library-page.ts'

const VIDEOS = 8
const path = findChromium()
const videos = loadVideos().slice(0, VIDEOS)
const watch = (i: number) => `https://www.youtube.com/watch?v=${videos[i]!.video_id}`

describe.if(path !== undefined)('/library, what is kept and what goes', () => {
  const stage = filledLibrary(videos, 0)
  let user: User
  let page: Page
  let complaints: string[]
  beforeEach(async () => {
    user = await stage.served.trove.register()
    ;({ page, complaints } = await openLibrary(stage.browser, stage.served.base))
    await signIn(page, user)
  })
  afterEach(async () => {
    expect(complaints).toEqual([])
    await page.close()
  })
  async function fill(count: number): Promise<void> {
    const items = Array.from({ length: count }, (_, i) => ({ url: watch(i) }))
    await user.post('/v1/items/batch', { items })
    await stage.served.trove.untilItems(user, count)
    await page.goto(`${stage.served.base}/library#/all`)
    await page
      .locator('.card')
      .nth(count - 1)
      .waitFor()
  }
  const openFirst = async () => {
    await page.locator('.card a').first().click()
    await page.locator('dialog[open] .cover').waitFor()
  }
  const total = async (query = '') => (await user.get(`/v1/items?limit=1${query}`)).body.total

  test('several links are saved with one paste and one note, and each has its result', async () => {
    await user.post('/v1/items', { url: watch(0) })
    await page.getByText('With a note').click()
    await page.getByLabel('Note for what you save').fill('for the summer')
    await page.getByLabel('Link to save').fill(`${watch(0)}\n${watch(1)} ${watch(2)}\nhello`)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('2 of 4 links saved, 1 saved before, 1 cannot be saved.').waitFor()
    expect(await page.locator('.results .stage').allTextContents()).toEqual([
      'saved before',
      'saved',
      'saved',
      'is no link that can be saved',
    ])
    await stage.served.trove.untilItems(user, 3)
    const { body } = await user.get('/v1/items')
    const notes = body.items.map((it: { save: { raw_share_text: string } }) => it.save.raw_share_text)
    expect(notes.sort()).toEqual(['for the summer', 'for the summer', null])
  })

  test('a save says that it is being read, then that it is ready, and then no more', async () => {
    await holdTime(page)
    await page.getByLabel('Link to save').fill(watch(3))
    await page.keyboard.press('Enter')
    await page.locator('#save-done', { hasText: videos[3]!.title }).waitFor()
    await page.clock.runFor(10_000)
    expect(await page.locator('#save-done').textContent()).toBe('')
    await page.getByLabel('Link to save').fill(watch(3))
    await page.keyboard.press('Enter')
    await page.getByText('You have saved this before.').waitFor()
    expect(await page.locator('#save-message .error').count()).toBe(0)
    await page.getByRole('link', { name: 'Open it' }).click()
    await page.locator('dialog[open] h2', { hasText: videos[3]!.title }).waitFor()
  })

  test('a note is written, changed and taken away', async () => {
    await fill(1)
    await openFirst()
    for (const [button, text] of [
      ['Add a note', 'Ask Ben'],
      ['Edit the note', 'Ask Eve'],
    ] as const) {
      await page.getByRole('button', { name: button }).click()
      await page.getByLabel('Your note').fill(text)
      await page.getByRole('button', { name: 'Keep' }).click()
      await page.locator('p.note', { hasText: text }).waitFor()
    }
    await page.getByRole('button', { name: 'Edit the note' }).click()
    await page.keyboard.press('Escape')
    expect(await page.locator('dialog[open] p.note').textContent()).toBe('Ask Eve')
    await page.getByRole('button', { name: 'Edit the note' }).click()
    await page.getByLabel('Your note').fill('')
    await page.getByRole('button', { name: 'Keep' }).click()
    await page.getByRole('button', { name: 'Add a note' }).waitFor()
    expect(await page.locator('p.note').count()).toBe(0)
  })

  test('favourites and what is archived have views of their own', async () => {
    await fill(3)
    await openFirst()
    const title = (await page.locator('#item-title').textContent())!
    await page.getByRole('button', { name: 'Favourite' }).click()
    await page.getByText('Marked as a favourite.').waitFor()
    await page.getByRole('button', { name: 'Archive' }).click()
    await page.getByText('Moved to the archive.').waitFor()
    expect(await page.locator('dialog [aria-pressed="true"]').allTextContents()).toEqual([
      '★ Favourite',
      'Archive',
    ])
    await page.keyboard.press('Escape')
    await page.locator('.view .count', { hasText: '2 items' }).waitFor()
    for (const view of ['Favourites', 'Archive']) {
      await page.getByRole('link', { name: view }).click()
      await page.locator('.view h2', { hasText: view }).waitFor()
      expect(await page.locator('.card .title').allTextContents()).toEqual([title])
    }
    await openFirst()
    await page.getByRole('button', { name: 'Archive' }).click()
    await page.getByText('Back in the library.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('What you archive leaves your lists').waitFor()
    expect(await total()).toBe(3)
  })

  test('a double click on Remove loses nothing that Undo does not bring back', async () => {
    await fill(3)
    await openFirst()
    const title = (await page.locator('#item-title').textContent())!
    await page.getByRole('button', { name: 'Favourite' }).click()
    await page.locator('dialog [aria-pressed="true"]').waitFor()
    await page.getByRole('button', { name: 'Remove' }).dblclick()
    await page.locator('[role="status"]', { hasText: `Removed “${title}”.` }).waitFor()
    if (await page.locator('dialog[open]').count()) await page.keyboard.press('Escape')
    await page.locator('.view .count', { hasText: '2 items' }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.locator('.view .count', { hasText: '3 items' }).waitFor()
    expect(await page.evaluate('document.activeElement.textContent')).toBe(title)
    expect([await total(), await total('&is_favorited=true')]).toEqual([3, 1])
  })

  test('what is removed and not brought back is removed: in a while, or when the page is left', async () => {
    await fill(3)
    await holdTime(page)
    await openFirst()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.locator('.undo').waitFor()
    await page.mouse.move(0, 0)
    const asked = page.waitForResponse(response => response.request().method() === 'DELETE')
    await page.clock.runFor(15_000)
    expect((await asked).status()).toBe(204)
    expect(await page.locator('.undo').count()).toBe(0)
    await openFirst()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.locator('.undo').waitFor()
    // The list is read again before the server has heard of it.
    await page.evaluate(`fetch = () => new Promise(() => {})`)
    const askedAgain = page.waitForResponse(response => response.request().method() === 'DELETE')
    await page.reload()
    await page.locator('.view .count', { hasText: '1 item' }).waitFor()
    expect((await askedAgain).status()).toBe(204)
    expect(await total()).toBe(1)
  })

  test('a removal that fails says so, and the item is there again', async () => {
    await fill(2)
    await page.route(/\/v1\/items\/[0-9a-f-]{36}$/, route =>
      route.request().method() === 'DELETE'
        ? route.fulfill({ status: 503, json: { detail: 'The database is away' } })
        : route.continue(),
    )
    await openFirst()
    const title = (await page.locator('#item-title').textContent())!
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.locator('.card').nth(1).waitFor({ state: 'detached' })
    await holdTime(page)
    await page.getByRole('link', { name: 'Favourites' }).click()
    await page.evaluate(`dispatchEvent(new Event('pagehide'))`)
    await page
      .locator('[role="alert"]', { hasText: `“${title}” was not removed. The database is away.` })
      .waitFor()
    await page.getByRole('link', { name: 'All', exact: true }).click()
    await page.locator('.card').nth(1).waitFor()
  })

  test('Group anew ends when nothing has changed, and can be asked for again', async () => {
    await fill(1)
    await page.getByRole('link', { name: 'Groups', exact: true }).click()
    for (let i = 0; i < 2; i++) {
      await page.getByRole('button', { name: 'Group anew' }).click()
      await page.getByText('Your library is grouped.').waitFor()
      await page.getByRole('button', { name: 'Group anew' }).waitFor()
    }
  })

  test('a tag leads to what else is about it', async () => {
    await fill(2)
    await openFirst()
    const tag = page.locator('dialog .keywords a').first()
    const word = (await tag.textContent())!
    await tag.click()
    await page.locator('main:focus h2', { hasText: word }).waitFor()
    expect(await page.locator('dialog[open]').count()).toBe(0)
    expect(await page.getByLabel('Search your library').inputValue()).toBe(word)
  })

  test('single keys search, save and help, but not while somebody writes or when they are turned off', async () => {
    await fill(1)
    const focused = () => page.evaluate<string>('document.activeElement.id')
    await page.locator('#main').focus()
    await page.keyboard.press('/')
    expect(await focused()).toBe('q')
    await page.keyboard.type('s?')
    expect(await page.getByLabel('Search your library').inputValue()).toBe('s?')
    await page.locator('#main').focus()
    await page.keyboard.press('s')
    expect(await focused()).toBe('url')
    await page.locator('#main').focus()
    await page.keyboard.press('?')
    await page.getByLabel('Use single keys').uncheck()
    await page.keyboard.press('Escape')
    await page.locator('#main').focus()
    await page.keyboard.press('/')
    expect(await focused()).toBe('main')
  })
})
