import * as v from 'valibot'
import type { Metadata } from '../../../library/contents/metadata.ts'
import { makeMetadata } from '../make-metadata.ts'
import { isoDurationSeconds } from './iso-duration.ts'

const THUMBNAILS = ['maxres', 'standard', 'high', 'medium', 'default'] as const

const answerSchema = v.pipe(v.string(), v.parseJson(), v.object({ items: v.array(v.unknown()) }))
/** A call asks for no more. */
const MOST_VIDEOS = 50
const LONGEST_ID = 100

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

export interface ReadVideo {
  id: string
  /** Undefined for a video whose answer has an odd shape. */
  metadata: Metadata | undefined
}

/** The videos of a `videos.list` answer; undefined when it is no such answer. */
export function readVideos(json: string): ReadVideo[] | undefined {
  const answer = v.safeParse(answerSchema, json, { abortPipeEarly: true })
  if (!answer.success) return undefined
  return answer.output.items.slice(0, MOST_VIDEOS).map(item => {
    const video = v.safeParse(videoSchema, item, { abortEarly: true })
    if (video.success) return { id: video.output.id, metadata: metadataOf(video.output) }
    const { id } = (item ?? {}) as { id?: unknown }
    return { id: typeof id === 'string' ? id.slice(0, LONGEST_ID) : '', metadata: undefined }
  })
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
