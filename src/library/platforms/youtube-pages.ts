// YouTube without a key: oEmbed knows title, channel and picture; the watch page's tags add the rest.
import * as v from 'valibot'
import { FetchError, type FetchedPage } from '../../http/fetch.ts'
import { isoDurationSeconds } from './iso-duration.ts'
import { type Found, makeMetadata } from './make-metadata.ts'
import { readPageTags } from './page-tags.ts'
import type { Fetched, ItemId, PlatformContext } from './platform.ts'

const oembedSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    title: v.string(),
    author_name: v.optional(v.string()),
    thumbnail_url: v.optional(v.string()),
  }),
)

// What YouTube writes into the tags of a video that has none of its own.
const NO_TITLE = /^[\s-]*YouTube$/
const NO_DESCRIPTION = /^Enjoy the videos and music you love, upload original content/
const NO_KEYWORDS = /^video, sharing, camera phone, video phone, free, upload$/

const GONE = { problem: 'The video does not exist or is private.', permanent: true }
const CONSENT = { problem: 'YouTube asked for consent instead of showing the video.', permanent: false }
const UNREADABLE = { problem: 'YouTube did not show the video.', permanent: false }

/** Asks oEmbed and the watch page at once and merges them; either may fail as long as the other has the title. */
export async function fetchFromPages(id: ItemId, context: PlatformContext): Promise<Fetched> {
  const { config, fetch } = context
  const video = `https://www.youtube.com/watch?v=${id.external_id}`
  const query = new URLSearchParams({ url: video, format: 'json' })
  const [oembed, page] = await Promise.all([
    fetch(`${config.YOUTUBE_OEMBED_URL}?${query}`, { accept: 'application/json' }).catch(failure),
    fetch(`${config.YOUTUBE_URL}/watch?v=${id.external_id}`).catch(failure),
  ])
  const fromOembed = oembed instanceof FetchError ? undefined : readOembed(oembed)
  const wall = !(page instanceof FetchError) && isConsentWall(page)
  const fromPage =
    page instanceof FetchError || wall || page.status !== 200 ? undefined : readWatchPage(page.text)

  if (fromOembed || fromPage?.title) {
    return {
      metadata: makeMetadata({
        ...fromPage,
        title: fromOembed?.title || fromPage?.title,
        author: fromOembed?.author_name || fromPage?.author,
        thumbnail_url: fromPage?.thumbnail_url ?? fromOembed?.thumbnail_url,
        metadata_source: fromPage?.title ? 'youtube_page' : 'youtube_oembed',
      }),
    }
  }
  if (!(oembed instanceof FetchError)) {
    // 401 and 403 also mean that embedding is forbidden, so there the page decides.
    if ([400, 404, 410].includes(oembed.status)) return GONE
    if ([401, 403].includes(oembed.status) && fromPage) return GONE
  }
  if (wall) return CONSENT
  if (page instanceof FetchError) return { problem: page.message, permanent: false }
  return UNREADABLE
}

function readOembed(answer: FetchedPage): v.InferOutput<typeof oembedSchema> | undefined {
  const read = answer.status === 200 ? v.safeParse(oembedSchema, answer.text) : undefined
  return read?.success && read.output.title.trim() !== '' ? read.output : undefined
}

/** The tags of a watch page. A video that is gone has a page, too, but no title in its tags. */
export function readWatchPage(html: string): Found {
  const tags = readPageTags(html)
  const [linked = {}] = tags.linkedData('VideoObject')
  const text = (name: string) => (typeof linked[name] === 'string' ? linked[name] : undefined)
  const author =
    typeof linked.author === 'string' ? linked.author : (linked.author as { name?: string })?.name
  const descriptions = [text('description'), tags.first('og:description', 'description')]
  const own = tags.all('og:video:tag')
  const keywords = tags.first('keywords')?.slice(0, 10_000) ?? ''
  return {
    title: [tags.first('og:title', 'title'), text('name')].find(found => found && !NO_TITLE.test(found)),
    // The tags cut long descriptions short; JSON-LD, where it is there, does not.
    description: descriptions.find(found => found && !NO_DESCRIPTION.test(found)),
    author: author ?? tags.first('link:name'),
    tags: own.length > 0 || NO_KEYWORDS.test(keywords) ? own : keywords.split(','),
    thumbnail_url: tags.first('og:image', 'twitter:image'),
    duration_seconds: isoDurationSeconds(tags.first('duration') ?? text('duration') ?? ''),
    language: text('inLanguage'),
    published_at: tags.first('datepublished', 'uploaddate') ?? text('uploadDate'),
    metadata_source: 'youtube_page',
  }
}

function isConsentWall(page: FetchedPage): boolean {
  if (new URL(page.url).hostname.startsWith('consent.')) return true
  return /^before you continue/i.test(readPageTags(page.text).title ?? '')
}

function failure(error: unknown): FetchError {
  if (error instanceof FetchError) return error
  throw error
}
