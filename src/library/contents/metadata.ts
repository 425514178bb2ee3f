// What is known of a video, post or page before a model reads it.
export type MetadataSource =
  | 'youtube_data_api'
  | 'youtube_oembed'
  | 'youtube_page'
  | 'instagram_oembed'
  | 'instagram_page'
  | 'web_page'
  /** Nobody said anything but a person who saved it; the note itself stays in their library. */
  | 'note'

/** What a platform says about a video, post or page. Text is clean: fit for Postgres, within limits, no markup. */
export interface Metadata {
  title: string | null
  /** What the author wrote under the post, where that is all there is (Instagram). */
  caption: string | null
  description: string | null
  /** What is said in a video, or the main text of a page. */
  transcript: string | null
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

/** What a page answered with, so that it need not be sent again while it stays the same (RFC 9110, 8.8). */
export interface Validators {
  etag: string | null
  last_modified: string | null
}
