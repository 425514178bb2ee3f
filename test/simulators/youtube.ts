// YouTube's side of the simulator: the Data API v3, oEmbed and watch pages, in the shapes that the real ones have.
import { createHash } from 'node:crypto'
import { descriptionOf, durationOf, escapeHtml, pick, publishedAt, type Video } from './content.ts'

/** What the simulator sends: `body` is JSON when `type` says so. */
export interface Answer {
  status: number
  type: string
  body: string | Buffer
  location?: string
  etag?: string
}

const MOST_IDS = 50
const SIZES = {
  default: [120, 90],
  medium: [320, 180],
  high: [480, 360],
  standard: [640, 480],
  maxres: [1280, 720],
}
const FILES = { default: '', medium: 'mq', high: 'hq', standard: 'sd', maxres: 'maxres' }

export const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json; charset=UTF-8',
  body: JSON.stringify(value),
})
export const html = (status: number, body: string): Answer => ({
  status,
  type: 'text/html; charset=utf-8',
  body,
})

/** Google's error body. */
export function googleError(
  code: number,
  status: string,
  reason: string,
  message: string,
  domain = 'global',
): Answer {
  return json(code, { error: { code, message, errors: [{ message, domain, reason }], status } })
}

export const QUOTA_EXCEEDED = googleError(
  403,
  'PERMISSION_DENIED',
  'quotaExceeded',
  'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.',
  'youtube.quota',
)
export const BAD_KEY = googleError(
  400,
  'INVALID_ARGUMENT',
  'badRequest',
  'API key not valid. Please pass a valid API key.',
)
const NO_KEY = googleError(
  403,
  'PERMISSION_DENIED',
  'forbidden',
  "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
)

/** `GET /youtube/v3/videos`: only the parts asked for, and unknown ids left out. */
export function dataApi(
  query: URLSearchParams,
  find: (id: string) => Video | undefined,
  key: string,
  base: string,
): Answer {
  if (!query.get('key')) return NO_KEY
  if (query.get('key') !== key) return BAD_KEY
  const parts = list(query.get('part'))
  const ids = list(query.get('id'))
  const bad = (reason: string, message: string) =>
    googleError(400, 'INVALID_ARGUMENT', reason, message, 'youtube.parameter')
  if (parts.length === 0) return bad('missingRequiredParameter', 'Required parameter: part')
  if (ids.length === 0) return bad('missingRequiredParameter', 'No filter selected.')
  if (ids.length > MOST_IDS)
    return bad('invalidFilters', 'The request specifies an invalid filter parameter.')
  const items = ids.flatMap(id => find(id) ?? []).map(video => resource(video, parts, base))
  return json(200, {
    kind: 'youtube#videoListResponse',
    etag: etag(items),
    items,
    pageInfo: { totalResults: items.length, resultsPerPage: items.length },
  })
}

function resource(video: Video, parts: string[], base: string): Record<string, unknown> {
  const all: Record<string, unknown> = {
    snippet: {
      publishedAt: publishedAt(video.video_id),
      channelId: `UC${etag(video.channel_title).slice(0, 22)}`,
      title: video.title,
      description: descriptionOf(video),
      thumbnails: thumbnails(video, base),
      channelTitle: video.channel_title,
      ...(video.tags.length > 0 && { tags: video.tags }),
      categoryId: String(video.category_id),
      liveBroadcastContent: 'none',
      localized: { title: video.title, description: descriptionOf(video) },
      defaultAudioLanguage: 'en',
    },
    contentDetails: {
      duration: durationOf(video).iso,
      dimension: '2d',
      definition: 'hd',
      caption: 'false',
      licensedContent: true,
      projection: 'rectangular',
    },
    statistics: { viewCount: String(video.views), likeCount: String(video.likes), favoriteCount: '0' },
  }
  const chosen = Object.fromEntries(parts.filter(part => part in all).map(part => [part, all[part]]))
  return { kind: 'youtube#video', etag: etag(chosen), id: video.video_id, ...chosen }
}

// Half of all videos have no picture of the two largest sizes.
function thumbnails(video: Video, base: string): Record<string, unknown> {
  const sizes = Object.entries(SIZES).slice(0, pick(`size ${video.video_id}`, 2) ? 5 : 3)
  return Object.fromEntries(
    sizes.map(([name, [width, height]]) => {
      const file = FILES[name as keyof typeof FILES]
      return [name, { url: `${base}/vi/${video.video_id}/${file}default.jpg`, width, height }]
    }),
  )
}

/** `GET /oembed`: 401 for a private video, 404 for one that is not there. */
export function oembed(video: Video | undefined, isPrivate: boolean, base: string): Answer {
  if (isPrivate) return { status: 401, type: 'text/plain', body: 'Unauthorized' }
  if (!video) return { status: 404, type: 'text/plain', body: 'Not Found' }
  return json(200, {
    title: video.title,
    author_name: video.channel_title,
    author_url: `https://www.youtube.com/@${etag(video.channel_title).slice(0, 12)}`,
    type: 'video',
    height: 113,
    width: 200,
    version: '1.0',
    provider_name: 'YouTube',
    provider_url: 'https://www.youtube.com/',
    thumbnail_height: 360,
    thumbnail_width: 480,
    thumbnail_url: `${base}/vi/${video.video_id}/hqdefault.jpg`,
    html: `<iframe width="200" height="113" src="https://www.youtube.com/embed/${video.video_id}?feature=oembed"></iframe>`,
  })
}

/** `GET /watch`: a gone or private video has a page as well, without tags of its own. `isCaptioned`: it offers captions. */
export function watchPage(video: Video | undefined, base: string, isCaptioned = false): Answer {
  if (!video)
    return html(200, '<!DOCTYPE html><html><head><title> - YouTube</title></head><body></body></html>')
  const text = (value: string) => escapeHtml(value)
  const address = `https://www.youtube.com/watch?v=${video.video_id}`
  const linked = {
    '@context': 'http://schema.org',
    '@type': 'VideoObject',
    name: video.title,
    description: descriptionOf(video),
    duration: durationOf(video).iso,
    uploadDate: publishedAt(video.video_id),
    thumbnailUrl: [`${base}/vi/${video.video_id}/hqdefault.jpg`],
    author: { '@type': 'Person', name: video.channel_title },
  }
  return html(
    200,
    `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${text(video.title)} - YouTube</title>
<meta name="title" content="${text(video.title)}">
<meta name="description" content="${text(descriptionOf(video))}">
<meta name="keywords" content="${text(video.tags.join(', ') || 'video, sharing, camera phone, video phone, free, upload')}">
<link rel="canonical" href="${address}">
<meta property="og:site_name" content="YouTube"><meta property="og:type" content="video.other">
<meta property="og:url" content="${address}"><meta property="og:title" content="${text(video.title)}">
<meta property="og:description" content="${text(descriptionOf(video))}">
<meta property="og:image" content="${base}/vi/${video.video_id}/hqdefault.jpg">
${video.tags.map(tag => `<meta property="og:video:tag" content="${text(tag)}">`).join('\n')}
<script type="application/ld+json">${JSON.stringify(linked).replaceAll('<', '\\u003c')}</script></head>
<body>${isCaptioned ? player(video, base) : ''}<div itemscope itemtype="http://schema.org/VideoObject"><meta itemprop="name" content="${text(video.title)}">
<meta itemprop="duration" content="${durationOf(video).iso}"><meta itemprop="datePublished" content="${publishedAt(video.video_id)}">
<span itemprop="author" itemscope itemtype="http://schema.org/Person"><link itemprop="name" content="${text(video.channel_title)}"></span>
</div></body></html>`,
  )
}

// A brace and a quotation mark in a string, and code behind the object, as on the real page.
function player(video: Video, base: string): string {
  const track = (kind: string) => ({
    baseUrl: `${base}/api/timedtext?v=${video.video_id}&lang=en${kind && `&kind=${kind}`}`,
    name: { simpleText: 'English' },
    languageCode: 'en',
    ...(kind && { kind }),
  })
  const response = {
    videoDetails: { videoId: video.video_id, title: 'a } brace and a " mark' },
    captions: { playerCaptionsTracklistRenderer: { captionTracks: [track('asr'), track('')] } },
  }
  const json = JSON.stringify(response).replaceAll('<', '\\u003c')
  return `<script>var ytInitialPlayerResponse = ${json};var meta = {};</script>`
}

/** `GET /api/timedtext`: json3 when asked for, else XML. */
export function captions(video: Video | undefined, query: URLSearchParams): Answer {
  if (!video) return html(404, '')
  const lines = [`${query.get('kind') === 'asr' ? 'guessed' : 'written'} words of`, video.title]
  if (query.get('fmt') === 'json3') {
    const events = lines.map((utf8, i) => ({ tStartMs: i * 1000, segs: [{ utf8: `${utf8}\n` }] }))
    return json(200, { wireMagic: 'pb3', events: [{ tStartMs: 0, wpWinPosId: 1 }, ...events] })
  }
  const rows = lines.map((line, i) => `<p t="${i * 1000}" d="900"><s>${escapeHtml(line)}</s></p>`)
  const body = `<?xml version="1.0"?><timedtext format="3"><body>${rows.join('')}</body></timedtext>`
  return { status: 200, type: 'text/xml; charset=UTF-8', body }
}

export const CONSENT_PAGE = html(
  200,
  '<!DOCTYPE html><html><head><title>Before you continue to YouTube</title></head><body><form action="/save"></form></body></html>',
)

const list = (value: string | null) => (value ?? '').split(',').filter(Boolean)
const etag = (value: unknown) => createHash('sha1').update(JSON.stringify(value)).digest('base64url')
