/**
 * `refused`: it may not be asked, or its name does not exist. `busy`: the host wants to be left alone, or too many
 * requests to it wait already. `unreadable`: the answer is encoded in a way that cannot be undone.
 */
export type FetchFailure =
  | 'refused'
  | 'timeout'
  | 'too_large'
  | 'too_many_redirects'
  | 'network'
  | 'busy'
  | 'unreadable'

/** What is said of an address that is private, of one that does not exist, and of one that is down. */
export const UNREACHABLE = 'could not be reached'

/**
 * Why there was no answer. The message is a sentence for people, with the address but never its query: keys and
 * tokens travel there. It does not tell a private address from one that is down; `reason` does, and is for the log.
 * There is no `cause`, since the runtimes' own errors quote the whole address.
 */
export class FetchError extends Error {
  override readonly name = 'FetchError'
  readonly reason: FetchFailure
  /** Seconds after which it may be tried again, when `reason` is `busy`. */
  readonly retry_after: number | undefined
  constructor(reason: FetchFailure, url: URL | undefined, what: string, retryAfter?: number) {
    super(`${url ? url.origin + url.pathname : 'The address'} ${what}.`)
    this.reason = reason
    this.retry_after = retryAfter
  }
}
