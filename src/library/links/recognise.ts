// Whose link an address is.
import { createHash } from 'node:crypto'
import type { PlatformName } from '../../vocabulary.ts'
import { addressKey, keptAddress } from './web-address.ts'

/** A video, post or page: the platform's id, the address that is asked and kept, and the key that all its spellings share. */
export interface Recognised {
  external_id: string
  url: string
  key: string
}

const YOUTUBE_HOSTS = new Set(['youtube.com', 'www.youtube.com', 'm.youtube.com', 'music.youtube.com'])
const YOUTUBE_SHORT_HOSTS = new Set(['youtu.be', 'www.youtu.be'])
const YOUTUBE_PATHS = new Set(['shorts', 'live', 'embed', 'v'])
const VIDEO_ID = /^[A-Za-z0-9_-]{11}$/

const INSTAGRAM_HOSTS = new Set(['instagram.com', 'www.instagram.com', 'm.instagram.com'])
const POST_KINDS: Record<string, string> = { p: 'p', reel: 'reel', reels: 'reel', tv: 'tv' }
const SHORTCODE = /^[A-Za-z0-9_-]{5,40}$/
const USERNAME = /^[A-Za-z0-9._]{1,30}$/
// Not user names: what follows /share/ is a token that stands for a post, not the post's own code.
const RESERVED = new Set(['share', 'explore', 'stories', 'accounts', ...Object.keys(POST_KINDS)])

const PAGE_ID_LENGTH = 32

/**
 * Tells whether an address is a video, post or page of a platform. The caller has checked scheme, host, port and
 * credentials. In the order in which they are asked: `web` takes what is left.
 */
export const RECOGNISERS: [PlatformName, (url: URL) => Recognised | undefined][] = [
  ['youtube', recogniseVideo],
  ['instagram', recognisePost],
  ['web', recognisePage],
]

function recogniseVideo(url: URL): Recognised | undefined {
  const id = videoId(url)
  if (!id || !VIDEO_ID.test(id)) return undefined
  const canonical = `https://youtube.com/watch?v=${id}`
  return { external_id: id, url: canonical, key: canonical }
}

function videoId(url: URL): string | undefined {
  const path = url.pathname.split('/').filter(Boolean)
  if (YOUTUBE_SHORT_HOSTS.has(url.hostname)) return path.length === 1 ? path[0] : undefined
  if (!YOUTUBE_HOSTS.has(url.hostname)) return undefined
  if (path.length === 1 && path[0] === 'watch') {
    const named = new Set(url.searchParams.getAll('v'))
    return named.size === 1 ? [...named][0] : undefined
  }
  return path.length === 2 && YOUTUBE_PATHS.has(path[0]!) ? path[1] : undefined
}

function recognisePost(url: URL): Recognised | undefined {
  if (!INSTAGRAM_HOSTS.has(url.hostname)) return undefined
  const path = url.pathname.split('/').filter(Boolean)
  if (path.length === 3) {
    const username = path.shift()!
    if (!USERNAME.test(username) || RESERVED.has(username)) return undefined
  }
  const [word, code, ...more] = path
  const kind = word !== undefined && Object.hasOwn(POST_KINDS, word) ? POST_KINDS[word] : undefined
  if (!kind || !code || !SHORTCODE.test(code) || more.length > 0) return undefined
  const address = (shown: string) => `https://instagram.com/${shown}/${code}`
  // The same post answers to every kind, so the key is written with one of them.
  return { external_id: code, url: address(kind), key: address('p') }
}

function recognisePage(url: URL): Recognised {
  const key = addressKey(url)
  const external_id = createHash('sha256').update(key).digest('hex').slice(0, PAGE_ID_LENGTH)
  return { external_id, url: keptAddress(url).href, key }
}
