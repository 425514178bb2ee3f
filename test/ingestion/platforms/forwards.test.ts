import { describe, expect, test } from 'bun:test'
import process from 'node:process'
import { readConfig } from '../../../src/config/config.ts'
import { createLog } from '../../../src/ground/log/log.ts'
import { createPageReader } from '../../../src/ingestion/platforms/pages/page-reader.ts'
import { readPageTags } from '../../../src/ingestion/platforms/pages/page-tags.ts'
import type { PlatformContext } from '../../../src/ingestion/platforms/platform.ts'
import { forwardOf } from '../../../src/ingestion/platforms/web/forwards.ts'
import { web } from '../../../src/ingestion/platforms/web/web.ts'

const PAGE = 'https://example.org/a/b'
const forward = (html: string, page = PAGE) => forwardOf(readPageTags(html), page)
const refresh = (content: string) => `<meta http-equiv="refresh" content="${content}">`
const LONG = `<p>${'A text that says something by itself. '.repeat(30)}</p>`

describe('a page leads on', () => {
  const FORMS = [
    refresh('0; url=/target'),
    refresh('0;url=/target'),
    refresh('0;/target'),
    refresh('0, URL = /target'),
    refresh(`0;URL='https://example.org/target'`),
    refresh('0.5; url=/target#part'),
    refresh('5; url=/target'),
    `<META HTTP-EQUIV=Refresh CONTENT="0;URL=/target">`,
    `<base href="/x/"><meta http-equiv="refresh" content="0;url=../target">`,
    `${refresh('0; url=/target')}${LONG}`,
    `<noscript>${refresh('0; url=/target')}</noscript><title>https://example.org/target</title>`,
    '<title>Object moved</title><h2>Object moved to <a href="/target">here</a>.</h2>',
  ]
  test.each(FORMS)('%p', html => {
    expect(forward(html)).toBe('https://example.org/target')
  })

  test('by a notice with the address in its query', () => {
    const notice = '<title>Notice</title><p>You are leaving us.</p>'
    const target = 'https://example.org/target'
    for (const query of ['q', 'url']) {
      expect(forward(notice, `https://search.example.org/url?${query}=${encodeURIComponent(target)}`)).toBe(
        target,
      )
    }
    expect(forward(notice, `https://example.org/story?q=${encodeURIComponent(target)}`)).toBeUndefined()
  })

  const STAYS = [
    refresh('300'),
    refresh('0'),
    refresh('300; url=/target'),
    refresh('0; url=/a/b#part'),
    refresh('0; url=javascript:alert(1)'),
    refresh('0; url=http://['),
    `${refresh('5; url=/target')}${LONG}`,
    `<noscript>${refresh('0; url=/target')}</noscript>${LONG}`,
    '<title>Redirects explained</title><a href="/1">one</a><a href="/2">two</a>',
    `<title>Redirecting traffic</title><a href="/1">one</a>${LONG}`,
  ]
  test.each(STAYS)('not by %p', html => {
    expect(forward(html)).toBeUndefined()
  })

  test('in time in proportion to the length', () => {
    for (const piece of [' ', '0', '0;', ';', 'url', 'url=', '"', "'"]) {
      const { user } = process.cpuUsage()
      forward(refresh(`0;${piece.replaceAll('"', '&quot;').repeat(100_000)}`))
      expect([piece, process.cpuUsage().user - user < 2_000_000]).toEqual([piece, true])
    }
  })
})

describe('who reads it', () => {
  /** What is found at `/0` of a site of which each page is one of `pages`. */
  async function read(pages: string[]) {
    const reader = createPageReader()
    const asked: string[] = []
    const fetch: PlatformContext['fetch'] = async url => {
      asked.push(new URL(url).pathname)
      return {
        status: 200,
        url,
        headers: new Headers({ etag: '"x"' }),
        text: pages[Number(asked.at(-1)!.slice(1))]!,
      }
    }
    const config = readConfig({})
    const context = { config, fetch, reader, log: createLog(config, () => {}) }
    const ids = [{ external_id: 'x', url: 'https://example.org/0' }]
    const found = await web.fetchMetadata(ids, context).finally(() => reader.close())
    return { asked, found: found.get('x') }
  }
  const to = (page: number) => `<title>Redirecting…</title>${refresh(`0;url=/${page}`)}`

  test('comes to the page, of which no validators are kept', async () => {
    const { asked, found } = await read([to(1), to(2), '<title>Five bridges worth a detour</title>'])
    expect(asked).toEqual(['/0', '/1', '/2'])
    expect(found).toMatchObject({ metadata: { title: 'Five bridges worth a detour' } })
    expect(found).not.toHaveProperty('validators')
  })

  test('does not go round for ever', async () => {
    const endless = { problem: 'The page leads on to others without end.', permanent: true }
    expect((await read([to(1), to(0)])).found).toEqual(endless)
    const long = await read([...[1, 2, 3, 4, 5, 6, 7, 8].map(to), '<title>Far</title>'])
    expect(long).toMatchObject({ asked: ['/0', '/1', '/2', '/3'], found: endless })
  })
})
