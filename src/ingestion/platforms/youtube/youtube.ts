// YouTube: the Data API when there is a key, 50 videos a call; else, or when it fails, the watch page and oEmbed.
// Captions come with the page alone: the API gives them to a video's owner only.
import { Fallbacks } from '../fallbacks.ts'
import { fetchEach } from '../fetch-each.ts'
import type { Fetched, ItemId, Platform, PlatformContext } from '../platform.ts'
import { askDataApi } from './youtube-data-api.ts'
import { fetchFromPages } from './youtube-pages.ts'

const IDS_A_CALL = 50

export const youtube: Platform = {
  name: 'youtube',

  async fetchMetadata(ids, context) {
    const fallbacks = new Fallbacks()
    const results = context.config.YOUTUBE_API_KEY
      ? await askInBatches(ids, context, fallbacks)
      : new Map<string, Fetched>()
    const rest = ids.filter(id => !results.has(id.external_id))
    for (const [id, fetched] of await fetchEach(rest, item => fetchFromPages(item, context, fallbacks))) {
      results.set(id, fetched)
    }
    fallbacks.report(context.log)
    return results
  },
}

// A refused call means a spent quota or a bad key: the next call would be refused as well.
async function askInBatches(
  ids: ItemId[],
  context: PlatformContext,
  fallbacks: Fallbacks,
): Promise<Map<string, Fetched>> {
  const results = new Map<string, Fetched>()
  for (let start = 0; start < ids.length; start += IDS_A_CALL) {
    const answer = await askDataApi(ids.slice(start, start + IDS_A_CALL), context)
    if (typeof answer === 'string') {
      fallbacks.add('youtube_data_api', 'youtube_page', answer, ids.length - start)
      break
    }
    for (const [id, fetched] of answer) results.set(id, fetched)
  }
  return results
}
