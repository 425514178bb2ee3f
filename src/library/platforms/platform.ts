// What a platform is to the library. A new one is one file that fulfils `Platform` and one line in platforms.ts.
import type { Config } from '../../config.ts'
import type { FetchPage } from '../../http/fetch.ts'
import type { PlatformName } from '../../vocabulary.ts'

export type MetadataSource =
  | 'youtube_data_api'
  | 'youtube_oembed'
  | 'youtube_page'
  | 'instagram_oembed'
  | 'instagram_page'

/** What a platform says about a video or post. Text is clean: fit for Postgres, within limits, no markup. */
export interface Metadata {
  title: string | null
  /** What the author wrote under the post, where that is all there is (Instagram). */
  caption: string | null
  description: string | null
  author: string | null
  tags: string[]
  thumbnail_url: string | null
  duration_seconds: number | null
  /** A BCP 47 tag, such as `en` or `pt-BR`. */
  language: string | null
  /** ISO 8601 in UTC with milliseconds. */
  published_at: string | null
  /** The richest source that answered. */
  metadata_source: MetadataSource
  /** full: title, text, author and picture. partial: a title and a text or tags. minimal: less. */
  metadata_quality: 'full' | 'partial' | 'minimal'
}

/**
 * Metadata, or why there is none: a sentence that a person understands.
 * `permanent`: asking again cannot help, because the video or post is deleted, private or was never there.
 */
export type Fetched = { metadata: Metadata } | { problem: string; permanent: boolean }

export interface PlatformContext {
  config: Config
  fetch: FetchPage
}

/** A video or post: the platform's id and our normal form of its address. */
export interface ItemId {
  external_id: string
  url: string
}

export interface Platform {
  readonly name: PlatformName
  /**
   * Tells whether `url` is a video or post of this platform. The caller has checked scheme, port and credentials.
   * @returns the id, the normal form of the address, and the key that is equal for all spellings of one content
   */
  recognise(url: URL): (ItemId & { key: string }) | undefined
  /** Answers for every id asked, by `external_id`. Does not reject: a bad item is a problem of its own. */
  fetchMetadata(ids: ItemId[], context: PlatformContext): Promise<Map<string, Fetched>>
}
