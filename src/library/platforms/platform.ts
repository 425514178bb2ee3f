// What a platform is to the library. A new one is one file that fulfils `Platform` and one line in platforms.ts.
import type { Config } from '../../config.ts'
import type { FetchedPage, FetchPage } from '../../http/fetch.ts'
import type { Log } from '../../log.ts'
import type { PlatformName } from '../../vocabulary.ts'
import type { PageReader } from './page-reader.ts'

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

/**
 * Why there is no metadata: a sentence that a person understands.
 * `permanent`: asking again cannot help, because the video, post or page is deleted, private or was never there.
 * `refused`: it answered that it does not show this, now or to us, so asking again at once is in vain.
 * `error`: what was thrown, where the queue must know it to choose when to try again.
 */
export interface FetchProblem {
  problem: string
  permanent: boolean
  refused?: boolean
  error?: Error
}

/**
 * `unchanged`: the page is still what was read last time. `validators` are those of the page that was read; `address` is its
 * own, where the one that was asked is only a name of it.
 */
export type Fetched =
  | { metadata: Metadata; validators?: Validators; address?: string | undefined }
  | { unchanged: true }
  | FetchProblem

export interface PlatformContext {
  config: Config
  fetch: FetchPage
  reader: PageReader
  log: Log
}

/** A video, post or page: the platform's id and our normal form of its address. */
export interface ItemId {
  external_id: string
  url: string
  /** Of the page as it was read last, when its metadata is known. */
  validators?: Validators | undefined
  /** On whose behalf it is read: the pages of one asker do not hold up those of another. */
  asker?: string | undefined
}

export interface Platform {
  readonly name: PlatformName
  /**
   * Tells whether `url` is a video, post or page of this platform. The caller has checked scheme, host, port and
   * credentials.
   * @returns the id, the address that is asked and kept, and the key that is equal for all spellings of one content
   */
  recognise(url: URL): (ItemId & { key: string }) | undefined
  /** Answers for every id asked, by `external_id`. Does not reject: a bad item is a problem of its own. */
  fetchMetadata(ids: ItemId[], context: PlatformContext): Promise<Map<string, Fetched>>
}

const LONGEST_VALIDATOR = 500

/** The validators of an answer. One that is too long to keep counts as none. */
export function validatorsOf({ headers }: FetchedPage): Validators {
  const short = (name: string) => {
    const value = headers.get(name)
    return value && value.length <= LONGEST_VALIDATOR ? value : null
  }
  return { etag: short('etag'), last_modified: short('last-modified') }
}
