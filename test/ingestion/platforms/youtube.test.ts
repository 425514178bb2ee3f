import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { readConfig } from '../../../src/config/config.ts'
import { FETCH_LIMITS } from '../../../src/ground/fetch/fetch.ts'
import { createLog } from '../../../src/ground/log/log.ts'
import { createPageReader } from '../../../src/ingestion/platforms/pages/page-reader.ts'
import type { Fetched, PlatformContext } from '../../../src/ingestion/platforms/platform.ts'
import { createPlatformFetcher } from '../../../src/ingestion/platforms/platform-fetcher.ts'
import { youtube } from '../../../src/ingestion/platforms/youtube/youtube.ts'
import { readWatchPage } from '../../../src/ingestion/platforms/youtube/youtube-watch-page.ts'
import { descriptionOf, durationOf, loadVideos } from '../../simulators/content.ts'
import { type Simulator, startPlatformSimulator } from '../../simulators/platforms.ts'

const TRICKY = {
  ...loadVideos()[0]!,
  video_id: 'tricky_____',
  title: `<b>Fish & "Chips"</b> it's 🐟`,
  tags: ['a&b', '<c>'],
}
const PLAIN = { ...loadVideos()[1]!, video_id: 'plain______', tags: [] }
const UNKNOWN = 'unknown____'

const reader = createPageReader()
let simulator: Simulator
const warnings: string[] = []
let withKey: PlatformContext
let withoutKey: PlatformContext

function contextFor(env: Record<string, string>, limits = FETCH_LIMITS): PlatformContext {
  const config = readConfig(env)
  const log = createLog({ LOG_LEVEL: 'warn', ENVIRONMENT: 'production' }, line => warnings.push(line))
  return { config, fetch: createPlatformFetcher(config, { limits }).page, reader, log }
}

beforeAll(async () => {
  simulator = await startPlatformSimulator({ videos: [TRICKY, PLAIN, ...loadVideos()] })
  withKey = contextFor(simulator.env)
  withoutKey = contextFor({ ...simulator.env, YOUTUBE_API_KEY: '' })
})
afterEach(() => {
  simulator.recover()
  simulator.private_ids.clear()
  simulator.captioned_ids.clear()
  warnings.length = 0
  simulator.requests.length = 0
})
afterAll(() => Promise.all([simulator.close(), reader.close()]))

const item = (external_id: string) => ({ external_id, url: `https://youtube.com/watch?v=${external_id}` })
const foundOn = (html: string) => {
  const url = 'https://www.youtube.com/watch?v=x'
  return readWatchPage(html, { url, asked: url }).found
}
const ids = (count: number) => simulator.videos.slice(0, count).map(video => item(video.video_id))
const sources = () => simulator.requests.map(request => request.source)
const fetchOne = async (id: string, context: PlatformContext): Promise<Fetched> =>
  (await youtube.fetchMetadata([item(id)], context)).get(id)!

describe('with a key', () => {
  test('a video is known in full', async () => {
    expect(await fetchOne(TRICKY.video_id, withKey)).toEqual({
      metadata: {
        title: TRICKY.title,
        caption: null,
        description: descriptionOf(TRICKY),
        transcript: null,
        author: TRICKY.channel_title,
        tags: TRICKY.tags,
        thumbnail_url: expect.stringMatching(/\/vi\/tricky_____\/(hq|maxres)default\.jpg$/),
        duration_seconds: durationOf(TRICKY).seconds,
        language: 'en',
        published_at: expect.stringMatching(/^2017-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
        metadata_source: 'youtube_data_api',
        metadata_quality: 'full',
      },
    })
  })

  test('the largest picture is taken', async () => {
    const results = await youtube.fetchMetadata(ids(40), withKey)
    const pictures = [...results.values()].map(
      fetched => 'metadata' in fetched && fetched.metadata.thumbnail_url,
    )
    const names = new Set(pictures.map(url => String(url).split('/').pop()))
    expect(names).toEqual(new Set(['maxresdefault.jpg', 'hqdefault.jpg']))
  })

  test('120 videos take 3 calls', async () => {
    const results = await youtube.fetchMetadata(ids(120), withKey)
    expect(results.size).toBe(120)
    expect([...results.values()].every(fetched => 'metadata' in fetched)).toBe(true)
    expect(simulator.requests.map(({ source, count }) => [source, count])).toEqual([
      ['youtube_data_api', 50],
      ['youtube_data_api', 50],
      ['youtube_data_api', 20],
    ])
  })

  test('a video that is not there is a lasting problem and fails no other', async () => {
    simulator.private_ids.add(PLAIN.video_id)
    const asked = [...ids(60), item(UNKNOWN)]
    const results = await youtube.fetchMetadata(asked, withKey)
    expect(results.size).toBe(61)
    for (const id of [UNKNOWN, PLAIN.video_id]) {
      expect(results.get(id)).toEqual({ problem: 'The video does not exist or is private.', permanent: true })
    }
    expect([...results.values()].filter(fetched => 'metadata' in fetched).length).toBe(59)
    expect(sources()).toEqual(['youtube_data_api', 'youtube_data_api'])
  })

  for (const how of ['quota', 'bad_key', 'error_500', 'rate_limit', 'garbage', 'reset', 'hang'] as const) {
    test(`when the API answers with ${how}, the pages are asked`, async () => {
      simulator.fail('youtube_data_api', how)
      const context =
        how === 'hang' ? contextFor(simulator.env, { ...FETCH_LIMITS, timeout_ms: 1000 }) : withKey
      const fetched = await fetchOne(TRICKY.video_id, context)
      expect(fetched).toMatchObject({ metadata: { title: TRICKY.title, metadata_source: 'youtube_page' } })
    })
  }

  test('a refused API is asked once, not for every fifty', async () => {
    simulator.fail('youtube_data_api', 'quota')
    const results = await youtube.fetchMetadata(ids(120), withKey)
    expect([...results.values()].every(fetched => 'metadata' in fetched)).toBe(true)
    expect(sources().filter(source => source === 'youtube_data_api').length).toBe(1)
  })

  test('a video whose answer has an odd shape is read from its page', async () => {
    const odd: PlatformContext['fetch'] = async (url, options) => {
      const page = await withKey.fetch(url, options)
      return { ...page, text: page.text.replace(`"title":${JSON.stringify(PLAIN.title)}`, '"title":null') }
    }
    const results = await youtube.fetchMetadata(ids(2), { ...withKey, fetch: odd })
    expect(results.get(TRICKY.video_id)).toMatchObject({ metadata: { metadata_source: 'youtube_data_api' } })
    expect(results.get(PLAIN.video_id)).toMatchObject({ metadata: { metadata_source: 'youtube_page' } })
  })

  test('no problem shows the key', async () => {
    for (const source of ['youtube_data_api', 'youtube_oembed', 'youtube_page'] as const)
      simulator.fail(source, 'reset')
    const fetched = await fetchOne(TRICKY.video_id, withKey)
    expect(fetched).toMatchObject({
      problem: `${simulator.url}/watch could not be reached.`,
      permanent: false,
    })
    expect(JSON.stringify(fetched)).not.toContain(withKey.config.YOUTUBE_API_KEY!)
  })
})

describe('without a key', () => {
  test('oEmbed and the page together know the video, with entities decoded', async () => {
    expect(await fetchOne(TRICKY.video_id, withoutKey)).toMatchObject({
      metadata: {
        title: TRICKY.title,
        description: descriptionOf(TRICKY),
        author: TRICKY.channel_title,
        tags: TRICKY.tags,
        thumbnail_url: `${simulator.url}/vi/tricky_____/hqdefault.jpg`,
        duration_seconds: durationOf(TRICKY).seconds,
        metadata_source: 'youtube_page',
        metadata_quality: 'full',
      },
    })
    expect(sources().sort()).toEqual(['youtube_oembed', 'youtube_page'])
  })

  test('agrees with the API on every video of the fixture', async () => {
    const all = simulator.videos.map(video => item(video.video_id))
    const [api, pages] = await Promise.all([
      youtube.fetchMetadata(all, withKey),
      youtube.fetchMetadata(all, withoutKey),
    ])
    for (const { external_id } of all) {
      const [a, b] = [api.get(external_id)!, pages.get(external_id)!]
      if (!('metadata' in a && 'metadata' in b)) throw new Error(`no metadata of ${external_id}`)
      const { thumbnail_url: _a, language: _l, metadata_source: _s, ...fromApi } = a.metadata
      expect(b.metadata).toMatchObject(fromApi)
    }
  }, 30_000)

  test('oEmbed alone gives a title; the page alone gives everything', async () => {
    simulator.fail('youtube_page', 'error_500', 1)
    expect(await fetchOne(TRICKY.video_id, withoutKey)).toMatchObject({
      metadata: {
        title: TRICKY.title,
        author: TRICKY.channel_title,
        description: null,
        metadata_source: 'youtube_oembed',
        metadata_quality: 'minimal',
      },
    })
    simulator.fail('youtube_oembed', 'error_500', 1)
    expect(await fetchOne(TRICKY.video_id, withoutKey)).toMatchObject({
      metadata: { title: TRICKY.title, author: TRICKY.channel_title, metadata_quality: 'full' },
    })
  })

  test('a video without tags has none, not YouTube’s own', async () => {
    expect(await fetchOne(PLAIN.video_id, withoutKey)).toMatchObject({ metadata: { tags: [] } })
  })

  test('a gone and a private video are lasting problems', async () => {
    simulator.private_ids.add(PLAIN.video_id)
    const gone = { problem: 'The video does not exist or is private.', permanent: true }
    expect(await fetchOne(UNKNOWN, withoutKey)).toEqual(gone)
    expect(await fetchOne(PLAIN.video_id, withoutKey)).toEqual(gone)
  })

  test('a private video is not given up while its page could not be read', async () => {
    simulator.private_ids.add(PLAIN.video_id)
    simulator.fail('youtube_page', 'rate_limit')
    expect(await fetchOne(PLAIN.video_id, withoutKey)).toMatchObject({ permanent: false })
  })

  test('a consent page is no video', async () => {
    simulator.fail('youtube_page', 'consent')
    expect(await fetchOne(TRICKY.video_id, withoutKey)).toMatchObject({
      metadata: { title: TRICKY.title, metadata_source: 'youtube_oembed' },
    })
    simulator.fail('youtube_oembed', 'error_500')
    expect(await fetchOne(TRICKY.video_id, withoutKey)).toEqual({
      problem: 'YouTube asked for consent instead of showing the video.',
      permanent: false,
      refused: true,
    })
  })

  test('one bad video fails no other', async () => {
    simulator.fail('youtube_page', 'reset', 1)
    const results = await youtube.fetchMetadata([...ids(9), item(UNKNOWN)], withoutKey)
    expect([...results.values()].filter(fetched => 'metadata' in fetched).length).toBe(9)
    expect(results.get(UNKNOWN)).toMatchObject({ permanent: true })
  })

  test('an error of our own becomes a problem without its message', async () => {
    const broken: PlatformContext = {
      ...withoutKey,
      fetch: async () => {
        throw new TypeError('https://x/?key=TOP-SECRET')
      },
    }
    expect(await fetchOne(PLAIN.video_id, broken)).toEqual({
      problem: 'The answer could not be read (TypeError).',
      permanent: false,
    })
  })
})

describe('a watch page', () => {
  test('of a video without text or title of its own gives nothing in YouTube’s words', () => {
    const found = foundOn(`<title> - YouTube</title><meta property="og:title" content="YouTube">
      <meta name="keywords" content="video, sharing, camera phone, video phone, free, upload">
      <meta property="og:description" content="Enjoy the videos and music you love, upload original content, and share it all with friends, family, and the world on YouTube.">`)
    expect(found.title).toBeUndefined()
    expect(found.description).toBeUndefined()
    expect(found.tags).toEqual([])
  })

  test('is read without JSON-LD as well', () => {
    const found = foundOn(`<meta name="title" content="T"><meta name="keywords" content="a, b">
      <meta itemprop="duration" content="PT1M5S"><meta itemprop="uploadDate" content="2017-11-13T00:00:00-08:00">
      <span itemprop="author"><link itemprop="name" content="Ana"></span>`)
    expect(found).toMatchObject({ title: 'T', author: 'Ana', duration_seconds: 65, tags: ['a', ' b'] })
    expect(found.published_at).toBe('2017-11-13T08:00:00.000Z')
  })
})

describe('without tags that say it all, a watch page’s player tells', () => {
  const cut = 'Rye bread from scratch. Step 1: fold the dough...'
  const text = `Rye bread from scratch. ${'Step: fold the dough. '.repeat(40)}Music: Zanzibarium.`
  const page = (player: unknown) =>
    `<title>Rye bread - YouTube</title><meta property="og:title" content="Rye bread"><meta name="description" content="${cut}"><script>var ytInitialPlayerResponse = ${JSON.stringify(player)};</script>`
  const details = {
    title: 'Rye bread',
    lengthSeconds: '754',
    shortDescription: text,
    author: 'Casa da Rosa',
    keywords: ['rye', 'bread'],
  }
  const microformat = { playerMicroformatRenderer: { publishDate: '2024-03-05T02:00:00-08:00' } }

  test('the whole description, length, day, author and keywords', () => {
    expect(foundOn(page({ videoDetails: details, microformat }))).toMatchObject({
      description: text,
      duration_seconds: 754,
      published_at: '2024-03-05T10:00:00.000Z',
      author: 'Casa da Rosa',
      tags: ['rye', 'bread'],
    })
  })

  test('and what is of another shape is left out by itself', () => {
    const odd = { ...details, shortDescription: ' ', lengthSeconds: {}, keywords: 'rye', author: 7 }
    expect(foundOn(page({ videoDetails: odd, microformat: [] }))).toMatchObject({
      description: cut,
      duration_seconds: 0,
      published_at: null,
    })
  })
})
