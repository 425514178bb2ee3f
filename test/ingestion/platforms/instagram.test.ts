import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { readConfig } from '../../../src/config/config.ts'
import { FETCH_LIMITS, type FetchedPage } from '../../../src/ground/fetch/fetch.ts'
import { createLog } from '../../../src/ground/log/log.ts'
import { instagram } from '../../../src/ingestion/platforms/instagram/instagram.ts'
import { createPageReader } from '../../../src/ingestion/platforms/pages/page-reader.ts'
import type { Fetched, PlatformContext } from '../../../src/ingestion/platforms/platform.ts'
import { createPlatformFetcher } from '../../../src/ingestion/platforms/platform-fetcher.ts'
import type { Post } from '../../simulators/content.ts'
import { type Simulator, startPlatformSimulator } from '../../simulators/platforms.ts'

const TOKEN = 'TOP-SECRET-TOKEN'
const reader = createPageReader()
let simulator: Simulator
const warnings: string[] = []
let withToken: PlatformContext
let withoutToken: PlatformContext

function contextFor(env: Record<string, string>, limits = FETCH_LIMITS): PlatformContext {
  const config = readConfig(env)
  const log = createLog({ LOG_LEVEL: 'warn', ENVIRONMENT: 'production' }, line => warnings.push(line))
  return { config, fetch: createPlatformFetcher(config, { limits }).page, reader, log }
}

beforeAll(async () => {
  simulator = await startPlatformSimulator({ instagram_access_token: TOKEN })
  withToken = contextFor(simulator.env)
  withoutToken = contextFor({ ...simulator.env, INSTAGRAM_ACCESS_TOKEN: '' })
})
afterEach(() => {
  simulator.recover()
  simulator.private_ids.clear()
  warnings.length = 0
  simulator.requests.length = 0
})
afterAll(() => Promise.all([simulator.close(), reader.close()]))

const item = (post: Post) => ({
  external_id: post.shortcode,
  url: `https://instagram.com/${post.kind}/${post.shortcode}`,
})
const fetchOne = async (post: Post, context: PlatformContext): Promise<Fetched> =>
  (await instagram.fetchMetadata([item(post)], context)).get(post.shortcode)!
const readPost = async (answer: FetchedPage) => {
  const fetch = async () => answer
  return fetchOne(simulator.posts[0]!, { ...withoutToken, fetch })
}
const page = (text: string, change: Partial<FetchedPage> = {}): FetchedPage => ({
  status: 200,
  url: 'https://www.instagram.com/p/Cabcdefghij/',
  headers: new Headers(),
  text,
  ...change,
})

describe('a post’s page', () => {
  test('gives caption, title, author, hashtags, picture and day', async () => {
    const post = simulator.posts.find(({ username }) => username === 'casa.da.rosa')!
    expect(await fetchOne(post, withoutToken)).toEqual({
      validators: { etag: expect.stringMatching(/^".+"$/), last_modified: null },
      metadata: {
        title: 'The smallest café in Lisbon has four chairs and the best flat white in the city.',
        caption: post.caption,
        description: null,
        transcript: null,
        author: 'casa.da.rosa',
        tags: ['lisbon', 'coffee', 'specialtycoffee'],
        thumbnail_url: `${simulator.url}/vi/${post.shortcode}/hqdefault.jpg`,
        duration_seconds: null,
        language: null,
        published_at: expect.stringMatching(/^2017-\d\d-\d\dT00:00:00\.000Z$/),
        metadata_source: 'instagram_page',
        metadata_quality: 'full',
      },
    })
    expect(simulator.requests.map(request => request.path)).toEqual([`/reel/${post.shortcode}/`])
  })

  test('of every fixture gives its caption back, quotes, entities and all', async () => {
    const results = await instagram.fetchMetadata(simulator.posts.map(item), withoutToken)
    expect(simulator.posts.some(post => post.caption.includes('"') || post.caption.includes('&'))).toBe(true)
    for (const post of simulator.posts) {
      expect(results.get(post.shortcode)).toMatchObject({
        metadata: { caption: post.caption, author: post.username, metadata_quality: 'full' },
      })
    }
  })

  test('without a caption is titled by its author', async () => {
    const read = await readPost(page('<meta property="og:title" content="Rosa Alves (@rosa) on Instagram">'))
    expect(read).toMatchObject({
      metadata: { title: 'Post by rosa', caption: null, metadata_quality: 'minimal' },
    })
  })

  test('of a post that is gone or private is a lasting problem', async () => {
    const [post] = simulator.posts
    simulator.private_ids.add(post!.shortcode)
    const gone = { problem: 'The post does not exist or is private.', permanent: true }
    expect(await fetchOne(post!, withoutToken)).toEqual(gone)
    expect(await readPost(page('<title>Page not found • Instagram</title>'))).toEqual(gone)
  })
})

describe('a login wall', () => {
  const wall = {
    problem: 'Instagram asked for a login instead of showing the post.',
    permanent: false,
    refused: true,
  }

  test('is a passing problem, and its title is not stored', async () => {
    simulator.fail('instagram_page', 'login_wall')
    expect(await fetchOne(simulator.posts[0]!, withoutToken)).toEqual(wall)
    expect(simulator.requests.map(request => request.path)).toContain('/accounts/login/')
  })

  test('is known by its title as well as by its address', async () => {
    const login = '<title>Login • Instagram</title><meta property="og:title" content="Instagram">'
    expect(await readPost(page(login))).toEqual(wall)
    expect(await readPost(page('<title>Instagram</title>'))).toEqual(wall)
    const text = '<meta property="og:title" content="Rosa on Instagram: &quot;Hi&quot;">'
    expect(await readPost(page(text, { url: 'https://www.instagram.com/accounts/login/?next=x' }))).toEqual(
      wall,
    )
    expect(await readPost(page(text))).toMatchObject({ metadata: { title: 'Hi' } })
  })

  test('and other failures of one post fail no other', async () => {
    simulator.fail('instagram_page', 'login_wall', 1)
    const results = await instagram.fetchMetadata(simulator.posts.map(item), withoutToken)
    expect(results.size).toBe(simulator.posts.length)
    expect([...results.values()].filter(fetched => 'problem' in fetched)).toEqual([wall])
  })

  for (const how of ['error_500', 'rate_limit', 'reset'] as const) {
    test(`${how} is a passing problem`, async () => {
      simulator.fail('instagram_page', how)
      expect(await fetchOne(simulator.posts[0]!, withoutToken)).toMatchObject({ permanent: false })
    })
  }
})

describe('with a token', () => {
  test('oEmbed alone is asked', async () => {
    const [post] = simulator.posts
    expect(await fetchOne(post!, withToken)).toMatchObject({
      metadata: { caption: post!.caption, author: post!.username, metadata_source: 'instagram_oembed' },
    })
    expect(simulator.requests.map(request => request.source)).toEqual(['instagram_oembed'])
  })

  for (const how of ['error_500', 'garbage', 'reset'] as const) {
    test(`when oEmbed answers with ${how}, the page is asked`, async () => {
      simulator.fail('instagram_oembed', how)
      const fetched = await fetchOne(simulator.posts[0]!, withToken)
      expect(fetched).toMatchObject({ metadata: { metadata_source: 'instagram_page' } })
    })
  }

  test('a wrong token falls back to the page and is not shown', async () => {
    const wrong = contextFor({ ...simulator.env, INSTAGRAM_ACCESS_TOKEN: 'WRONG-TOKEN' })
    expect(await fetchOne(simulator.posts[0]!, wrong)).toMatchObject({
      metadata: { metadata_source: 'instagram_page' },
    })
    simulator.fail('instagram_oembed', 'reset')
    simulator.fail('instagram_page', 'reset')
    const fetched = await fetchOne(simulator.posts[0]!, wrong)
    expect(fetched).toMatchObject({ permanent: false })
    expect(JSON.stringify(fetched)).not.toContain('WRONG-TOKEN')
  })
})
