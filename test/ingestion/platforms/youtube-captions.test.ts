import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { readConfig } from '../../../src/config/config.ts'
import { createLog } from '../../../src/ground/log/log.ts'
import { createPageReader } from '../../../src/ingestion/platforms/pages/page-reader.ts'
import type { PlatformContext } from '../../../src/ingestion/platforms/platform.ts'
import { createPlatformFetcher } from '../../../src/ingestion/platforms/platform-fetcher.ts'
import { readCaptions } from '../../../src/ingestion/platforms/youtube/read-captions.ts'
import { youtube } from '../../../src/ingestion/platforms/youtube/youtube.ts'
import { bestTrack, fetchCaptions } from '../../../src/ingestion/platforms/youtube/youtube-captions.ts'
import { readPlayer } from '../../../src/ingestion/platforms/youtube/youtube-player.ts'
import { type Simulator, startPlatformSimulator } from '../../simulators/platforms.ts'

const reader = createPageReader()
let simulator: Simulator
let context: PlatformContext
const warnings: string[] = []
beforeAll(async () => {
  simulator = await startPlatformSimulator({
    youtube_api_key: 'TOP-SECRET',
    instagram_access_token: 'TOP-TOKEN',
  })
  const config = readConfig({ ...simulator.env, YOUTUBE_API_KEY: '', LOG_LEVEL: 'warn' })
  context = {
    config,
    fetch: createPlatformFetcher(config).page,
    reader,
    log: createLog(config, line => warnings.push(line)),
  }
})
afterEach(() => {
  simulator.recover()
  simulator.captioned_ids.clear()
  simulator.requests.length = 0
  warnings.length = 0
})
afterAll(() => Promise.all([simulator.close(), reader.close()]))

const item = (n: number) => {
  const { video_id } = simulator.videos[n]!
  return { external_id: video_id, url: `https://youtube.com/watch?v=${video_id}` }
}
const fetchOne = async (n: number) =>
  (await youtube.fetchMetadata([item(n)], context)).get(simulator.videos[n]!.video_id)

describe('captions', () => {
  test('that the page offers become the transcript, those of a person before a machine’s', async () => {
    simulator.captioned_ids.add(simulator.videos[0]!.video_id)
    const title = simulator.videos[0]!.title.replace(/\s+/g, ' ').trim()
    expect(await fetchOne(0)).toMatchObject({
      metadata: { transcript: `written words of\n${title}`, language: 'en', metadata_source: 'youtube_page' },
    })
    expect(simulator.requests.at(-1)).toMatchObject({ source: 'youtube_captions', path: '/api/timedtext' })
  })

  test('that fail are no problem of the video', async () => {
    simulator.captioned_ids.add(simulator.videos[0]!.video_id)
    for (const how of ['error_500', 'reset', 'garbage'] as const) {
      simulator.fail('youtube_captions', how)
      expect(await fetchOne(0)).toMatchObject({ metadata: { transcript: null, metadata_quality: 'full' } })
    }
  })

  test('are chosen in the video’s language, then in English, then in any', () => {
    const track = (languageCode: string, kind?: string) => ({ baseUrl: '/x', languageCode, kind })
    const tracks = [track('fr'), track('en', 'asr'), track('en-GB'), track('pt', 'asr')]
    expect(bestTrack(tracks, 'pt-BR')).toEqual(track('pt', 'asr'))
    expect(bestTrack(tracks, 'de')).toEqual(track('en-GB'))
    expect(bestTrack([track('fr', 'asr'), track('fr')], 'de')).toEqual(track('fr'))
    expect(bestTrack([], 'en')).toBeUndefined()
  })

  test('are read as json3, as srv3 and as the older XML', () => {
    const json = {
      events: [{ id: 1 }, { segs: [{ utf8: 'one ' }, { utf8: 'two' }] }, { segs: [{ utf8: '\n' }] }],
    }
    expect(readCaptions(JSON.stringify(json))).toBe('one two')
    expect(
      readCaptions('<timedtext><body><p t="0">a &amp; <s>b</s></p><p/><p>c</p></body></timedtext>'),
    ).toBe('a & b\nc')
    expect(readCaptions('<transcript><text start="0">a&#39;b</text></transcript>')).toBe("a'b")
    for (const odd of ['', '{"events": 1}', '{', 'Too many requests']) expect(readCaptions(odd)).toBeNull()
  })

  test('are asked for at YouTube’s own hosts alone', async () => {
    const asked: string[] = []
    const fetch: PlatformContext['fetch'] = async url => {
      asked.push(new URL(url).host)
      return { status: 404, url, headers: new Headers(), text: '' }
    }
    for (const baseUrl of [
      'https://evil.example/api/timedtext',
      'https://youtube.com.evil.example/x',
      'http://www.youtube.com/api/timedtext',
      'https://www.youtube.com/api/timedtext',
      '/api/timedtext',
    ]) {
      const tracks = [{ baseUrl, languageCode: 'en' }]
      await fetchCaptions({ tracks }, 'en', { ...context, fetch })
    }
    expect(asked).toEqual(['www.youtube.com', new URL(simulator.url).host])
  })
})

describe('what a watch page tells its player', () => {
  test('is found among other scripts', () => {
    const thumbnails = [{ url: 'https://i.example/s.jpg', width: 10, height: 5 }]
    const player = JSON.stringify({ videoDetails: { thumbnail: { thumbnails }, title: '"} {' } })
    expect(
      readPlayer(`<script>var a = {};var ytInitialPlayerResponse = ${player};var b = {}</script>`),
    ).toMatchObject({
      thumbnails,
      tracks: [],
      language: undefined,
    })
    for (const odd of [
      '',
      'ytInitialPlayerResponse = null;',
      'ytInitialPlayerResponse = {"a": ',
      'ytInitialPlayerResponse = {a};',
    ])
      expect(readPlayer(odd)).toBeUndefined()
  })
})

describe('a poorer source', () => {
  test('is warned of once a batch, without keys', async () => {
    const config = readConfig({ ...simulator.env, LOG_LEVEL: 'warn' })
    simulator.fail('youtube_data_api', 'quota')
    simulator.fail('youtube_page', 'consent', 2)
    const results = await youtube.fetchMetadata([0, 1, 2, 3, 4].map(item), { ...context, config })
    expect([...results.values()].every(fetched => 'metadata' in fetched)).toBe(true)
    expect(warnings.length).toBe(2)
    expect(warnings[0]).toContain('from=youtube_data_api to=youtube_page reason=status 403 items=5')
    expect(warnings[1]).toContain('from=youtube_page to=youtube_oembed reason=consent items=2')
    expect(warnings.join()).not.toContain('TOP-SECRET')
  })
})
