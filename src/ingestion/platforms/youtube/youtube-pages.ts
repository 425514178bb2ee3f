// YouTube without a key: oEmbed knows title, channel and picture; the watch page's tags add the rest, and captions.
import type { FetchedPage } from '../../../ground/fetch/fetch.ts'
import { type Fallbacks, reasonOf } from '../fallbacks.ts'
import { problemOf, unanswered, unread } from '../fetch-each.ts'
import { makeMetadata } from '../make-metadata.ts'
import { type Oembed, readOembed } from '../pages/oembed.ts'
import { type Fetched, type ItemId, type PlatformContext, validatorsOf } from '../platform.ts'
import { fetchCaptions } from './youtube-captions.ts'

const GONE = { problem: 'The video does not exist or is private.', permanent: true }
const CONSENT = {
  problem: 'YouTube asked for consent instead of showing the video.',
  permanent: false,
  refused: true,
}
const UNREADABLE = { problem: 'YouTube did not show the video.', permanent: false }

const NOTHING = { wall: undefined, found: undefined, player: undefined }

/** Asks oEmbed and the watch page at once and merges them; either may fail as long as the other has the title. */
export async function fetchFromPages(
  id: ItemId,
  context: PlatformContext,
  fallbacks: Fallbacks,
): Promise<Fetched> {
  const { config, fetch, reader } = context
  const video = `https://www.youtube.com/watch?v=${id.external_id}`
  const query = new URLSearchParams({ url: video, format: 'json' })
  const address = `${config.YOUTUBE_URL}/watch?v=${id.external_id}`
  const [oembed, page] = await Promise.all([
    fetch(`${config.YOUTUBE_OEMBED_URL}?${query}`, { accept: 'application/json' }).catch(unanswered),
    fetch(address, id.validators && { validators: id.validators }).catch(unanswered),
  ])
  if (!(page instanceof Error) && page.status === 304) return { unchanged: true }
  const fromOembed = oembed instanceof Error ? undefined : titled(oembed)
  const read =
    page instanceof Error
      ? page
      : await reader
          .open(page.text, id.asker, read => read('youtube_page', { url: page.url, asked: address }))
          .catch(unread)
  const { wall, found, player } = read instanceof Error ? NOTHING : read
  const fromPage = page instanceof Error || wall || page.status !== 200 ? undefined : found

  if (fromOembed || fromPage?.title) {
    if (!fromPage?.title)
      fallbacks.add('youtube_page', 'youtube_oembed', wall ?? reasonOf(read instanceof Error ? read : page))
    const metadata = makeMetadata({
      ...fromPage,
      transcript: fromPage?.title ? await fetchCaptions(player, fromPage.language, context, id.asker) : null,
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
  return read instanceof Error ? problemOf(read) : UNREADABLE
}

function titled(answer: FetchedPage): Oembed | undefined {
  const read = answer.status === 200 ? readOembed(answer.text) : undefined
  return read && read.title.trim() !== '' ? read : undefined
}
