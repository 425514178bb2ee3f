// YouTube Data API v3, videos.list: https://developers.google.com/youtube/v3/docs/videos/list
import * as v from 'valibot'
import { reasonOf } from './fallbacks.ts'
import { unanswered } from './fetch-each.ts'
import { isoDurationSeconds } from './iso-duration.ts'
import { makeMetadata } from './make-metadata.ts'
import type { Fetched, ItemId, PlatformContext } from './platform.ts'

const THUMBNAILS = ['maxres', 'standard', 'high', 'medium', 'default'] as const

const answerSchema = v.pipe(v.string(), v.parseJson(), v.object({ items: v.array(v.unknown()) }))

const videoSchema = v.object({
  id: v.string(),
  snippet: v.object({
    title: v.string(),
    description: v.optional(v.string()),
    channelTitle: v.optional(v.string()),
    publishedAt: v.optional(v.string()),
    tags: v.optional(v.array(v.string())),
    thumbnails: v.optional(v.record(v.string(), v.object({ url: v.string() })), {}),
    defaultAudioLanguage: v.optional(v.string()),
    defaultLanguage: v.optional(v.string()),
  }),
  contentDetails: v.optional(v.object({ duration: v.optional(v.string()) })),
})

/**
 * Asks for up to 50 videos in one call. A video that the answer leaves out does not exist or is private; one that
 * cannot be read is left out of the result, so that the next source is tried.
 * @returns why, in a word or two, when the API did not answer: no quota, a bad key, an error, no connection
 */
export async function askDataApi(
  ids: ItemId[],
  { config, fetch }: PlatformContext,
): Promise<Map<string, Fetched> | string> {
  const query = new URLSearchParams({
    part: 'snippet,contentDetails,statistics',
    id: ids.map(id => id.external_id).join(','),
    key: config.YOUTUBE_API_KEY ?? '',
  })
  const address = `${config.YOUTUBE_API_URL}/videos?${query}`
  const page = await fetch(address, { accept: 'application/json' }).catch(unanswered)
  if (page instanceof Error || page.status !== 200) return reasonOf(page)
  const answer = v.safeParse(answerSchema, page.text)
  if (!answer.success) return reasonOf(page)

  const results = new Map<string, Fetched>()
  for (const { external_id } of ids) {
    results.set(external_id, { problem: 'The video does not exist or is private.', permanent: true })
  }
  for (const item of answer.output.items) {
    const video = v.safeParse(videoSchema, item)
    if (video.success) results.set(video.output.id, { metadata: metadataOf(video.output) })
    else results.delete(String((item as { id?: unknown } | null)?.id))
  }
  return results
}

function metadataOf({ snippet, contentDetails }: v.InferOutput<typeof videoSchema>) {
  return makeMetadata({
    title: snippet.title,
    description: snippet.description,
    author: snippet.channelTitle,
    tags: snippet.tags,
    thumbnail_url: THUMBNAILS.map(size => snippet.thumbnails[size]?.url).find(Boolean),
    duration_seconds: isoDurationSeconds(contentDetails?.duration ?? ''),
    language: snippet.defaultAudioLanguage ?? snippet.defaultLanguage,
    published_at: snippet.publishedAt,
    metadata_source: 'youtube_data_api',
  })
}
