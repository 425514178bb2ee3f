// The map with as many points as the API ever gives, which are made up here.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { findChromium, openBrowser } from './chromium.ts'
import { openLibrary, signIn } from './library-page.ts'
import { type Served, serveTrove } from './serve-trove.ts'

const POINTS = 5000
const GROUPS = 40
const path = findChromium()
const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const wave = (n: number) => Math.sin(n * 12.9898) * 0.9

/** Groups in a row of clouds, every twentieth point in none. */
function bigMap() {
  const clusters = Array.from({ length: GROUPS }, (_, i) => ({
    ...{ id: idOf(i), label: `Group ${i} with a name of some length` },
    ...{ x: wave(i), y: wave(i + 0.5) },
  }))
  const points = Array.from({ length: POINTS }, (_, i) => {
    const group = i % 20 === 0 ? undefined : clusters[i % GROUPS]
    const { x, y } = group ?? { x: 0, y: 0 }
    return {
      ...{ save_id: idOf(100_000 + i), cluster_id: group?.id ?? null, title: `Title ${i}` },
      ...{ x: x + wave(i * 3) * 0.1, y: y + wave(i * 7) * 0.1 },
    }
  })
  return { points, clusters }
}

describe.if(path !== undefined)('/library, a map of 5,000 points', () => {
  let served: Served
  let browser: Browser
  let page: Page
  let complaints: string[]
  beforeAll(async () => {
    ;[served, browser] = await Promise.all([serveTrove({ videos: [] }), openBrowser(path!)])
    const user = await served.trove.register()
    ;({ page, complaints } = await openLibrary(browser, served.base))
    await page.route('**/v1/clusters/map', route => route.fulfill({ json: bigMap() }))
    await signIn(page, user)
    await page.getByRole('link', { name: 'Map', exact: true }).click()
    await page.locator('canvas[data-drawn]').waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })
  const canvas = () => page.locator('.plot canvas')
  const coloured = () =>
    page.evaluate<number>(`(() => {
      const canvas = document.querySelector('.plot canvas')
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      let count = 0
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200 && Math.max(...data.subarray(i, i + 3)) - Math.min(...data.subarray(i, i + 3)) > 30) count++
      return count
    })()`)

  test('is a picture, not an element a point', async () => {
    expect(await canvas().getAttribute('data-drawn')).toBe(String(POINTS))
    expect(await page.evaluate<number>('document.querySelectorAll("*").length')).toBeLessThan(500)
    expect(await coloured()).toBeGreaterThan(5000)
  })

  test('labels no two groups in one place, and lists every one below', async () => {
    const labels = Number(await canvas().getAttribute('data-labels'))
    expect(labels).toBeGreaterThan(5)
    expect(labels).toBeLessThan(GROUPS)
    // What has no place has none: the places themselves are tried without a browser.
    expect(await page.locator('.legend button').count()).toBe(Math.min(GROUPS, await groupsWithPoints()) + 1)
  })
  const groupsWithPoints = async () =>
    new Set(
      bigMap()
        .points.map(({ cluster_id }) => cluster_id)
        .filter(Boolean),
    ).size

  test('a group that is looked at stands out; one that is chosen is seen alone, until it is left', async () => {
    const before = await coloured()
    const button = page.locator('.legend button').first()
    await button.hover()
    expect(await coloured()).toBeLessThan(before / 3)
    await page.mouse.move(0, 0)
    expect(await coloured()).toBe(before)
    await button.click()
    await page.mouse.move(0, 0)
    expect(await button.getAttribute('aria-pressed')).toBe('true')
    expect(await canvas().getAttribute('data-labels')).toBe('1')
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.evaluate('document.activeElement.blur()')
    expect(await coloured()).toBe(before)
  })

  test('a point under the pointer says its title and group, and opens', async () => {
    await page.locator('.cursor').focus()
    await page.keyboard.press('End')
    const name = (await page.locator('.cursor').getAttribute('aria-label'))!
    const box = (await page.locator('.cursor').boundingBox())!
    await page.evaluate('document.activeElement.blur()')
    expect(await page.locator('.tip').isHidden()).toBe(true)
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    const tip = (await page.locator('.tip').textContent())!
    expect(name.split(', ').every(part => tip.includes(part))).toBe(true)
    const asked = page.waitForRequest(request => request.url().includes('/v1/items/00000000'))
    await page.mouse.down()
    await page.mouse.up()
    await asked
    expect(await page.evaluate('document.activeElement.className')).toContain('cursor')
  })

  test('has thrown nothing and broken no rule', () => {
    expect(complaints).toEqual([])
  })
})
