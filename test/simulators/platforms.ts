// YouTube, Instagram and pages of the open web on this machine, for tests and the demo: real rows, real answer shapes, and switches
// that make them fail in the ways in which the real ones do. Runs on Bun, Deno and Node.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadPosts, loadVideos, type Post, THUMBNAIL, type Video } from './content.ts'
import { BAD_TOKEN, instagramOembed, LOGIN_PAGE, postPage, redirectToLogin } from './instagram.ts'
import { etagOf, webPage } from './web.ts'
import {
  type Answer,
  BAD_KEY,
  CONSENT_PAGE,
  captions,
  dataApi,
  html,
  json,
  oembed,
  QUOTA_EXCEEDED,
  watchPage,
} from './youtube.ts'

export type Source =
  | 'youtube_data_api'
  | 'youtube_oembed'
  | 'youtube_page'
  | 'instagram_oembed'
  | 'instagram_page'
  | 'youtube_captions'
  | 'web_page'
  | 'thumbnail'

/** `hang` never answers; `reset` cuts the connection; `garbage` is a 200 whose body is cut off; the last four are what one platform alone does. */
export type Failure =
  | 'error_500'
  | 'rate_limit'
  | 'hang'
  | 'reset'
  | 'garbage'
  | 'quota'
  | 'bad_key'
  | 'consent'
  | 'login_wall'

export interface SimulatorOptions {
  videos?: Video[]
  posts?: Post[]
  /** Null: `env` names no key, so that the product uses oEmbed and pages. */
  youtube_api_key?: string | null
  /** Set: `env` names it, so that the product asks Instagram's oEmbed first. */
  instagram_access_token?: string
  /** How long every answer takes. */
  latency_ms?: number
}

export interface Simulator {
  url: string
  /** Variables that point the product here. */
  env: Record<string, string>
  videos: Video[]
  posts: Post[]
  /** Every request in order: the path without its query (keys are not kept), and how many items it asked for. */
  requests: { source: Source | 'unknown'; path: string; count: number; status: number | 'none' }[]
  /** Ids that are private from now on, videos and posts alike. */
  private_ids: Set<string>
  /** Ids of videos whose pages offer captions. */
  captioned_ids: Set<string>
  /** Makes a source fail, the next `times` times or until `recover`. */
  fail(source: Source, how: Failure, times?: number): void
  recover(): void
  close(): Promise<void>
}

const FAILURES: Record<Exclude<Failure, 'hang' | 'reset'>, Answer> = {
  error_500: html(500, 'Internal Server Error'),
  rate_limit: html(429, 'Too Many Requests'),
  garbage: { ...json(200, null), body: '{"items": [{"id": "' },
  quota: QUOTA_EXCEEDED,
  bad_key: BAD_KEY,
  consent: CONSENT_PAGE,
  login_wall: LOGIN_PAGE,
}

/** Starts the platforms on a free port of this machine. */
export async function startPlatformSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { latency_ms = 0, instagram_access_token: token } = options
  const key = options.youtube_api_key === undefined ? 'simulator-key' : options.youtube_api_key
  const videos = options.videos ?? loadVideos()
  const posts = options.posts ?? loadPosts()
  const videoById = new Map(videos.map(video => [video.video_id, video]))
  const postByCode = new Map(posts.map(post => [post.shortcode, post]))
  const private_ids = new Set<string>()
  const captioned_ids = new Set<string>()
  const failures = new Map<Source, { how: Failure; times: number }>()
  const requests: Simulator['requests'] = []
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let base = ''

  const video = (id: string) => (private_ids.has(id) ? undefined : videoById.get(id))
  const post = (code: string) => (private_ids.has(code) ? undefined : postByCode.get(code))
  const nextFailure = (source: Source | 'unknown'): Failure | undefined => {
    const failure = source === 'unknown' ? undefined : failures.get(source)
    if (!failure || failure.times-- <= 0) return undefined
    return failure.how
  }

  const answerOf = (source: Source | 'unknown', { pathname, searchParams: query }: URL): Answer => {
    const shared = query.get('url') ?? ''
    switch (source) {
      case 'youtube_data_api':
        return dataApi(query, video, key ?? 'simulator-key', base)
      case 'youtube_oembed': {
        const id = /[?&]v=([\w-]{11})/.exec(shared)?.[1] ?? ''
        return oembed(video(id), private_ids.has(id), base)
      }
      case 'youtube_page':
        return watchPage(video(query.get('v') ?? ''), base, captioned_ids.has(query.get('v') ?? ''))
      case 'youtube_captions':
        return captions(video(query.get('v') ?? ''), query)
      case 'instagram_page':
        return postPage(post(pathname.split('/')[2]!), base)
      case 'instagram_oembed':
        if (query.get('access_token') !== token) return BAD_TOKEN
        return instagramOembed(post(/\/([\w-]+)\/$/.exec(shared)?.[1] ?? ''), base)
      case 'web_page':
        return webPage(pathname)
      case 'thumbnail':
        return { status: 200, type: 'image/jpeg', body: THUMBNAIL }
      case 'unknown':
        return pathname === '/accounts/login/' ? LOGIN_PAGE : html(404, 'Not Found')
    }
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://simulator')
    const source = sourceOf(url)
    const how = nextFailure(source)
    const count = url.searchParams.get('id')?.split(',').filter(Boolean).length ?? 1
    const entry = { source, path: url.pathname, count, status: 'none' as number | 'none' }
    requests.push(entry)
    if (how === 'hang') return
    if (how === 'reset') return response.destroy()
    const failed = how === 'login_wall' ? redirectToLogin(url.pathname) : how && FAILURES[how]
    const answer = failed ?? unlessKnown(answerOf(source, url), request.headers['if-none-match'])
    entry.status = answer.status
    if (latency_ms === 0) return send(response, answer)
    const timer = setTimeout(() => {
      timers.delete(timer)
      send(response, answer)
    }, latency_ms)
    timers.add(timer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  base = `http://127.0.0.1:${port}`

  return {
    url: base,
    env: {
      YOUTUBE_API_URL: `${base}/youtube/v3`,
      ...(key !== null && { YOUTUBE_API_KEY: key }),
      YOUTUBE_OEMBED_URL: `${base}/oembed`,
      YOUTUBE_URL: base,
      INSTAGRAM_URL: base,
      INSTAGRAM_OEMBED_URL: `${base}/instagram_oembed`,
      ...(token !== undefined && { INSTAGRAM_ACCESS_TOKEN: token }),
      FETCH_ALLOW_HOSTS: `127.0.0.1:${port}`,
    },
    videos,
    posts,
    requests,
    private_ids,
    captioned_ids,
    fail: (source, how, times = Number.POSITIVE_INFINITY) => failures.set(source, { how, times }),
    recover: () => failures.clear(),
    close: async () => {
      for (const timer of timers) clearTimeout(timer)
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function sourceOf({ pathname }: URL): Source | 'unknown' {
  if (pathname === '/youtube/v3/videos') return 'youtube_data_api'
  if (pathname === '/oembed') return 'youtube_oembed'
  if (pathname === '/watch') return 'youtube_page'
  if (pathname === '/api/timedtext') return 'youtube_captions'
  if (pathname.startsWith('/web/')) return 'web_page'
  if (pathname === '/instagram_oembed') return 'instagram_oembed'
  if (/^\/(p|reel|tv)\/[\w-]+\/$/.test(pathname)) return 'instagram_page'
  return /^\/vi\/[\w-]+\/[a-z]*default\.jpg$/.test(pathname) ? 'thumbnail' : 'unknown'
}

/** A page that the client has already is not sent again. */
function unlessKnown(answer: Answer, known: string | undefined): Answer {
  if (answer.status !== 200 || !answer.type.startsWith('text/html')) return answer
  const etag = etagOf(answer.body)
  return known === etag ? { ...html(304, ''), etag } : { ...answer, etag }
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    'content-type': answer.type,
    ...(answer.etag !== undefined && { etag: answer.etag }),
    ...(answer.location !== undefined && { location: answer.location }),
  })
  response.end(answer.body)
}
