// YouTube without a key: oEmbed knows title, channel and picture; the watch page's tags add the rest, and captions.
import * as v from 'valibot'
import type { FetchedPage } from '../../http/fetch.ts'
import { bestImage } from './best-image.ts'
import { type Fallbacks, reasonOf } from './fallbacks.ts'
import { problemOf, unanswered } from './fetch-each.ts'
import { isoDurationSeconds } from './iso-duration.ts'
import { type Found, makeMetadata } from './make-metadata.ts'
import { type PageTags, readPageTags } from './page-tags.ts'
import { type Fetched, type ItemId, type PlatformContext, validatorsOf } from './platform.ts'
import { wallOf } from './walls.ts'
import { fetchCaptions } from './youtube-captions.ts'
import { type Player, readPlayer } from './youtube-player.ts'

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
export async function fetchFromPages(
  id: ItemId,
  context: PlatformContext,
  fallbacks: Fallbacks,
): Promise<Fetched> {
  const { config, fetch } = context
  const video = `https://www.youtube.com/watch?v=${id.external_id}`
  const query = new URLSearchParams({ url: video, format: 'json' })
  const address = `${config.YOUTUBE_URL}/watch?v=${id.external_id}`
  const [oembed, page] = await Promise.all([
    fetch(`${config.YOUTUBE_OEMBED_URL}?${query}`, { accept: 'application/json' }).catch(unanswered),
    fetch(address, id.validators && { validators: id.validators }).catch(unanswered),
  ])
  if (!(page instanceof Error) && page.status === 304) return { unchanged: true }
  const fromOembed = oembed instanceof Error ? undefined : readOembed(oembed)
  const tags = page instanceof Error ? undefined : readPageTags(page.text)
  const wall = page instanceof Error || !tags ? undefined : wallOf({ url: page.url, tags }, address)
  const player = page instanceof Error ? undefined : readPlayer(page.text)
  const fromPage =
    page instanceof Error || !tags || wall || page.status !== 200 ? undefined : foundOnPage(tags, player)

  if (fromOembed || fromPage?.title) {
    if (!fromPage?.title) fallbacks.add('youtube_page', 'youtube_oembed', wall ?? reasonOf(page))
    const metadata = makeMetadata({
      ...fromPage,
      transcript: fromPage?.title ? await fetchCaptions(player, fromPage.language, context) : null,
      title: fromOembed?.title || fromPage?.title,
      author: fromOembed?.author_name || fromPage?.author,
      thumbnail_url: fromPage?.thumbnail_url ?? fromOembed?.thumbnail_url,
      metadata_source: fromPage?.title ? 'youtube_page' : 'youtube_oembed',
    })
    return fromPage?.title && !(page instanceof Error)
      ? { metadata, validators: validatorsOf(page) }
      : { metadata }
  }
  if (!(oembed instanceof Error)) {
    // 401 and 403 also mean that embedding is forbidden, so there the page decides.
    if ([400, 404, 410].includes(oembed.status)) return GONE
    if ([401, 403].includes(oembed.status) && fromPage) return GONE
  }
  if (wall) return wall === 'consent' ? CONSENT : UNREADABLE
  return page instanceof Error ? problemOf(page) : UNREADABLE
}

function readOembed(answer: FetchedPage): v.InferOutput<typeof oembedSchema> | undefined {
  const read = answer.status === 200 ? v.safeParse(oembedSchema, answer.text) : undefined
  return read?.success && read.output.title.trim() !== '' ? read.output : undefined
}

/** The tags of a watch page. A video that is gone has a page, too, but no title in its tags. */
export const readWatchPage = (html: string): Found => foundOnPage(readPageTags(html), readPlayer(html))

function foundOnPage(tags: PageTags, player: Player | undefined): Found {
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
    thumbnail_url: bestImage(player?.thumbnails ?? []) ?? tags.first('og:image', 'twitter:image'),
    duration_seconds: isoDurationSeconds(tags.first('duration') ?? text('duration') ?? ''),
    language: text('inLanguage') ?? player?.language,
    published_at: tags.first('datepublished', 'uploaddate') ?? text('uploadDate'),
    metadata_source: 'youtube_page',
  }
}
