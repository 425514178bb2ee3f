import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readConfig } from '../../../src/config/config.ts'
import { createFetcher, FetchError } from '../../../src/ground/fetch/fetch.ts'
import { createLog } from '../../../src/ground/log/log.ts'
import { createPageReader } from '../../../src/ingestion/platforms/pages/page-reader.ts'
import type { Fetched, ItemId, PlatformContext } from '../../../src/ingestion/platforms/platform.ts'
import { createPlatformFetcher } from '../../../src/ingestion/platforms/platform-fetcher.ts'
import { web } from '../../../src/ingestion/platforms/web/web.ts'
import { type Simulator, startPlatformSimulator } from '../../simulators/platforms.ts'

const reader = createPageReader()
let simulator: Simulator
let context: PlatformContext
beforeAll(async () => {
  simulator = await startPlatformSimulator()
  const config = readConfig({ ...simulator.env, PLATFORMS: 'web' })
  context = { config, fetch: createPlatformFetcher(config).page, reader, log: createLog(config, () => {}) }
})
afterEach(() => {
  simulator.recover()
  simulator.requests.length = 0
})
afterAll(() => Promise.all([simulator.close(), reader.close()]))

const item = (name: string): ItemId => ({ external_id: name, url: `${simulator.url}/web/${name}` })
const fetchOne = async (name: string, more: Partial<ItemId> = {}, within = context): Promise<Fetched> =>
  (await web.fetchMetadata([{ ...item(name), ...more }], within)).get(name)!

describe('a page', () => {
  test('is known by Open Graph, JSON-LD and its main text', async () => {
    const fetched = await fetchOne('article')
    expect(fetched).toMatchObject({
      metadata: {
        title: 'The market on wheels',
        description: 'How a village lives with its river.',
        caption: null,
        author: 'Ana Reis, Jo Marsh',
        tags: ['rivers', 'markets'],
        thumbnail_url: `${simulator.url}/large.jpg`,
        language: 'en-GB',
        published_at: '2024-04-02T07:30:00.000Z',
        metadata_source: 'web_page',
        metadata_quality: 'full',
      },
      validators: { etag: expect.stringMatching(/^".+"$/) },
    })
    const { transcript } = (fetched as { metadata: { transcript: string } }).metadata
    expect(transcript).toContain('The bakers come first, since their ovens stand on wheels')
    expect(transcript.split('\n').length).toBeGreaterThanOrEqual(4)
    for (const around of ['About us', 'newsletter', '<p>']) expect(transcript).not.toContain(around)
  })

  test('of a recipe gives its cook, its largest picture and its time', async () => {
    expect(await fetchOne('recipe')).toMatchObject({
      metadata: {
        title: 'Rye bread',
        description: 'A dark loaf that keeps for a week.',
        author: 'Mikkel Holm',
        tags: ['rye', 'sourdough', 'Bread'],
        thumbnail_url: `${simulator.url}/bread.jpg`,
        duration_seconds: 5400,
        language: 'en',
      },
    })
  })

  test('without tags has its title', async () => {
    expect(await fetchOne('plain')).toMatchObject({
      metadata: { title: 'Notes of a gardener', author: null, thumbnail_url: null },
    })
  })

  test('that says nothing is a lasting problem', async () => {
    expect(await fetchOne('empty')).toEqual({
      problem: 'The page has no title and no text.',
      permanent: true,
    })
  })

  test('that has not changed is not read again', async () => {
    const { validators } = (await fetchOne('article')) as { validators: NonNullable<ItemId['validators']> }
    expect(await fetchOne('article', { validators })).toEqual({ unchanged: true })
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 304])
    const old = { etag: '"other"', last_modified: null }
    expect(await fetchOne('article', { validators: old })).toHaveProperty('metadata')
  })

  test('is one of many: a bad one fails no other', async () => {
    const names = ['article', 'gone', 'robot', 'recipe', 'plain']
    const fetched = await web.fetchMetadata(names.map(item), context)
    expect(names.map(name => 'metadata' in fetched.get(name)!)).toEqual([true, false, false, true, true])
  })
})

describe('a file', () => {
  test('is titled by its name', async () => {
    expect(await fetchOne('report-2024.pdf')).toMatchObject({
      metadata: { title: 'report-2024.pdf', transcript: null, metadata_quality: 'minimal' },
    })
  })

  test('that is a picture is its own thumbnail', async () => {
    expect(await fetchOne('view%20of%20lisbon.jpg')).toMatchObject({
      metadata: {
        title: 'view of lisbon.jpg',
        thumbnail_url: `${simulator.url}/web/view%20of%20lisbon.jpg`,
        metadata_quality: 'minimal',
      },
    })
  })

  test('of any kind is known by its headers, and is not read', async () => {
    const files: [string, Record<string, string>, string][] = [
      ['disk.iso', { 'content-type': 'application/octet-stream' }, 'disk.iso'],
      ['talk.mkv', { 'content-type': 'video/x-matroska' }, 'talk.mkv'],
      ['download', { 'content-type': 'application/pdf' }, 'download'],
      [
        'download',
        { 'content-disposition': 'attachment; filename="Annual report.pdf"' },
        'Annual report.pdf',
      ],
      ['download', { 'content-disposition': 'attachment;filename=plain.zip' }, 'plain.zip'],
      ['download', { 'content-disposition': 'attachment; filename="..\\x/a \\"b\\".zip"' }, 'a "b".zip'],
      [
        'download',
        {
          'content-disposition': `attachment; filename="e.pdf"; filename*=UTF-8''B%C3%BCcher%20%E2%82%AC.pdf`,
        },
        'Bücher €.pdf',
      ],
      ['download', { 'content-disposition': 'attachment; filename=""' }, 'download'],
    ]
    for (const [name, headers, title] of files) {
      const fetch: PlatformContext['fetch'] = async (url, options) => {
        const given = new Headers({ 'content-type': 'application/octet-stream', ...headers })
        expect(options!.wants!(given)).toBe(false)
        return { status: 200, url, headers: given, text: '' }
      }
      expect(await fetchOne(name, {}, { ...context, fetch })).toMatchObject({ metadata: { title } })
    }
  })
})

test('a page that is too large is known by its beginning', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<title>The whole standard</title><p>${'word '.repeat(1_300_000)}`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const fetch = createFetcher({ FETCH_ALLOW_HOSTS: [host] }).page
  const found = await web.fetchMetadata([{ external_id: 'x', url: `http://${host}/standard` }], {
    ...context,
    fetch,
  })
  server.close()
  expect(found.get('x')).toMatchObject({ metadata: { title: 'The whole standard' } })
})

describe('what stands in front of a page is never its title', () => {
  const site = '127.0.0.1'
  const WALLS: [string, string, boolean][] = [
    ['login', `${site} asked for a login instead of showing the page.`, false],
    ['moved', `${site} asked for a login instead of showing the page.`, false],
    ['consent', `${site} asked for consent instead of showing the page.`, false],
    ['robot', `${site} showed a robot check instead of the page.`, false],
    ['unauthorised', `${site} asked for a login instead of showing the page.`, true],
    ['forbidden', `${site} refused to show the page.`, false],
    ['busy', `${site} answered with status 503.`, false],
    ['gone', 'The page does not exist.', true],
    ['nosuchpage', 'The page does not exist.', true],
  ]
  test.each(WALLS)('%s', async (name, problem, permanent) => {
    expect(await fetchOne(name)).toMatchObject({ problem, permanent })
  })

  test('a site that asks us to wait is a passing problem, and the queue learns of it', async () => {
    const busy = new FetchError('busy', new URL('https://example.org'), 'wants to be left alone', 30)
    const fetch = () => Promise.reject(busy)
    expect(await fetchOne('article', {}, { ...context, fetch })).toEqual({
      problem: busy.message,
      permanent: false,
      error: busy,
    })
  })

  test('an address that may not be asked is a lasting one', async () => {
    const refused = { external_id: 'x', url: 'http://127.0.0.1:1/' }
    expect((await web.fetchMetadata([refused], context)).get('x')).toMatchObject({ permanent: true })
  })
})

describe('the main text', () => {
  test('is given up after a while, and the page is known by its tags', async () => {
    const hasty = createPageReader({ main_text_ms: 1 })
    const paragraph = '<p>The water takes what it is owed, and brings it back in autumn.</p>'
    const text = `<html><title>Long</title><body><article>${paragraph.repeat(15_000)}</article></body></html>`
    const fetch = async (url: string) => ({ status: 200, url, headers: new Headers(), text })
    expect(await fetchOne('long', {}, { ...context, fetch, reader: hasty })).toMatchObject({
      metadata: { title: 'Long', transcript: null },
    })
    await hasty.close()
  })
})
