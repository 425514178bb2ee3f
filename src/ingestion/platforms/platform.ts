// What a platform is to the library. A new one is one file that fulfils `Platform` and one line in platforms.ts.
import type { Config } from '../../config/config.ts'
import type { FetchedPage, FetchPage } from '../../ground/fetch/fetch.ts'
import type { Log } from '../../ground/log/log.ts'
import type { Metadata, Validators } from '../../library/contents/metadata.ts'
import type { PlatformName } from '../../vocabulary.ts'
import type { PageReader } from './pages/page-reader.ts'

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
