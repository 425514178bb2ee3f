// Pages made to hold up whoever reads them: meanwhile the server answers everybody else, and does not grow.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { clientOf } from '../support/app.ts'
import { startProcess } from '../support/process.ts'

const SIZE = 4_500_000
/** Where nobody else works it takes a tenth of a second; the fault took hours. */
const LONGEST_MS = 15_000
const MOST_MB = 500
const LINKED = '<script type="application/ld+json">{"@type":"Article"}</script>'

/** What a title, or the page, says over and over. */
const TITLES = [
  ' ',
  '\n',
  '\u00a0',
  '|',
  ' - ',
  '"',
  '<',
  '&#',
  '(@a',
  ' on Instagram',
  '\ud83d\ude00',
  'a\u0301',
]
const BODIES = [
  ' ',
  '&amp;',
  '<!--',
  '<p>',
  '<b>',
  '<form>',
  '<meta name=a content=b>',
  '<p a b ',
  LINKED,
  '<script>',
  '{',
]
const filled = (part: string) => part.repeat(SIZE / Buffer.byteLength(part))
const PAGES = [...TITLES.map(part => `<title>${filled(part)}</title>`), ...BODIES.map(filled)]
const OBJECTS = `<title>Objects</title><script type="application/ld+json">[${'{"@type":"A","b":[1]},'.repeat(SIZE / 22)}1]</script>`

let site: ReturnType<typeof createServer>
let base: string
before(async () => {
  site = createServer(({ url = '' }, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(PAGES[Number(url.slice('/page/'.length))] ?? OBJECTS)
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
})
after(() => {
  site.closeAllConnections()
  site.close()
})

describe('pages made to be slow', () => {
  test('hold up nobody', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trove-hostile-'))
    const server = startProcess({
      DATA_DIR: folder,
      PLATFORMS: 'web',
      FETCH_ALLOW_HOSTS: new URL(base).host,
      RATE_LIMIT_ENABLED: 'false',
    })
    try {
      const address = await server.address()
      const call = clientOf(fetch, {}, address)
      const { body } = await call.post('/v1/auth/register', {
        email: 'm@example.com',
        password: 'a long password',
      })
      const mallory = clientOf(fetch, { authorization: `Bearer ${body.access_token}` }, address)
      const links = PAGES.map((_, i) => ({ url: `${base}/page/${i}` }))
      const saved = await mallory.post('/v1/items/batch', { items: links })
      assert.equal(saved.status, 200)

      let slowest = 0
      for (let done = 0; done < links.length; ) {
        const asked = performance.now()
        assert.equal((await call.get('/health')).status, 200)
        slowest = Math.max(slowest, performance.now() - asked)
        const count = async (status: string) =>
          (await mallory.get(`/v1/items?status=${status}&limit=1`)).body.total
        done = (await count('READY')) + (await count('FAILED'))
        await delay(20)
      }
      console.log(`The slowest answer of /health took ${Math.round(slowest)} ms`)
      assert.ok(slowest < LONGEST_MS, `${slowest} ms`)
    } finally {
      server.child.kill('SIGKILL')
      await server.exit
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('fill no memory', async () => {
    const script = 'test/support/read-pages.ts'
    const args = 'Deno' in globalThis ? ['run', '-A', '--no-lock', '--no-check', script] : [script]
    const { stdout } = await promisify(execFile)(process.execPath, [...args, `${base}/objects`, '50'])
    const { read, grown_mb } = JSON.parse(stdout)
    console.log(`Fifty pages of 4.5 MB: ${grown_mb} MB`)
    assert.equal(read, 50)
    assert.ok(grown_mb < MOST_MB, `${grown_mb} MB`)
  })
})
