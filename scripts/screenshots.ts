// sh scripts/run.sh bun scripts/screenshots.ts: opens /library in Chromium with 200 simulated videos, and writes its
// pictures to docs/images.
// The thumbnails are made up, since the real ones belong to others and are elsewhere.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { findChromium, openBrowser } from '../test/browser/chromium.ts'
import { fillLibrary, openLibrary, signIn } from '../test/browser/library-page.ts'
import { serveTrove } from '../test/browser/serve-trove.ts'

const VIDEOS = 200
const FOLDER = fileURLToPath(new URL('../docs/images/', import.meta.url))
const DESK = { width: 1200, height: 800 }
const PHONE = { width: 360, height: 720 }

const picture = (hue: number) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90">
  <rect width="160" height="90" fill="hsl(${hue} 35% 78%)"/>
  <circle cx="${30 + (hue % 100)}" cy="30" r="16" fill="hsl(${(hue + 40) % 360} 60% 92%)"/>
  <path d="M0 90 L50 ${35 + (hue % 20)} L85 70 L115 ${40 + (hue % 25)} L160 90z" fill="hsl(${(hue + 180) % 360} 22% 42%)"/>
</svg>`

const chromium = findChromium()
if (!chromium) throw new Error('Chromium is missing: sh scripts/install-chromium.sh adds it.')
mkdirSync(FOLDER, { recursive: true })
const { base, trove, simulator, stop } = await serveTrove()
const browser = await openBrowser(chromium)
try {
  const ann = await trove.register('ann@example.com')
  await trove.work()
  // Every other one, so that all kinds are there.
  const chosen = simulator.videos.filter((_, i) => i % 2 === 0).slice(0, VIDEOS)
  const urls = chosen.map(({ video_id }) => `https://www.youtube.com/watch?v=${video_id}`)
  await fillLibrary(ann, urls, () => trove.untilItems(ann, VIDEOS))

  const { page, complaints } = await openLibrary(browser, base, { viewport: DESK, colorScheme: 'light' })
  await page.route(/\/v1\/thumbnails\//, route => {
    const hue = Bun.hash(route.request().url()) % 360n
    return route.fulfill({ contentType: 'image/svg+xml', body: picture(Number(hue)) })
  })
  await signIn(page, ann)
  await page.locator('.card').first().waitFor()
  await shoot(page, 'library-grouped')

  await page.getByRole('link', { name: 'Groups' }).click()
  await page.locator('.group').first().waitFor()
  await shoot(page, 'library-clusters')

  await page.getByRole('link', { name: 'Map' }).click()
  await page.setViewportSize({ width: DESK.width, height: 1080 })
  await page.locator('canvas[data-drawn]').waitFor()
  // A point amid its group, under the mouse.
  await page.locator('.cursor').focus()
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight')
  await page.evaluate("document.getElementById('main').focus({ preventScroll: true })")
  const { x, y, width, height } = (await page.locator('.cursor').boundingBox())!
  await page.mouse.move(x + width / 2, y + height / 2)
  await shoot(page, 'library-map')
  await page.emulateMedia({ colorScheme: 'dark' })
  await shoot(page, 'library-map-dark')
  await page.mouse.down()
  await page.mouse.up()
  await page.locator('.similar li').first().waitFor()
  await shoot(page, 'library-item')
  await page.keyboard.press('Escape')

  await page.setViewportSize(PHONE)
  await page.getByRole('link', { name: 'Categories' }).click()
  await page.locator('.card').first().waitFor()
  await page.emulateMedia({ colorScheme: 'light' })
  await shoot(page, 'library-phone')
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
} finally {
  await browser.close()
  await stop()
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate('scrollTo(0, 0)')
  // Those in sight have come when a moment has passed without a request.
  await page.waitForTimeout(500)
  await page.screenshot({ path: `${FOLDER}${name}.png` })
  console.log(`docs/images/${name}.png`)
}
