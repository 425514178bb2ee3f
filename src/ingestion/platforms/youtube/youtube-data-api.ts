// YouTube Data API v3, videos.list: https://developers.google.com/youtube/v3/docs/videos/list
import { reasonOf } from '../fallbacks.ts'
import { unanswered, unread } from '../fetch-each.ts'
import type { Fetched, ItemId, PlatformContext } from '../platform.ts'

/**
 * Asks for up to 50 videos in one call. A video that the answer leaves out does not exist or is private; one that
 * cannot be read is left out of the result, so that the next source is tried.
 * @returns why, in a word or two, when the API did not answer: no quota, a bad key, an error, no connection
 */
export async function askDataApi(
  ids: ItemId[],
  { config, fetch, reader }: PlatformContext,
): Promise<Map<string, Fetched> | string> {
  const query = new URLSearchParams({
    part: 'snippet,contentDetails,statistics',
    id: ids.map(id => id.external_id).join(','),
    key: config.YOUTUBE_API_KEY ?? '',
  })
  const address = `${config.YOUTUBE_API_URL}/videos?${query}`
  const page = await fetch(address, { accept: 'application/json' }).catch(unanswered)
  if (page instanceof Error || page.status !== 200) return reasonOf(page)
  const videos = await reader.open(page.text, undefined, read => read('youtube_videos')).catch(unread)
  if (!videos || videos instanceof Error) return reasonOf(page)

  const results = new Map<string, Fetched>()
  for (const { external_id } of ids) {
    results.set(external_id, { problem: 'The video does not exist or is private.', permanent: true })
  }
  for (const { id, metadata } of videos) {
    if (metadata) results.set(id, { metadata })
    else results.delete(id)
  }
  return results
}
