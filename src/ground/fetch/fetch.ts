// The one place that speaks to addresses which strangers wrote: pages, thumbnails, webhooks. Everything that a hostile
// server can stretch has a limit, and no request goes to an address that is not public.
import { type ClientOptions, createClient } from './client.ts'
import { FetchError } from './fetch-error.ts'
import { follow } from './follow.ts'
import { FETCH_LIMITS, type FetchLimits } from './limits.ts'
import { createPoliteness } from './politeness.ts'
import { ENCODINGS, readBeginning, readBody } from './reading/read-body.ts'
import { readText } from './reading/read-text.ts'
import type { Incoming } from './send.ts'
import { resolveBySystem } from './vetting/resolve.ts'
import { type FetchConfig, readRules, vetUrl } from './vetting/vet-url.ts'

export { FetchError, type FetchFailure } from './fetch-error.ts'
export { FETCH_LIMITS, type FetchLimits } from './limits.ts'

interface Fetched {
  status: number
  /** The address that answered, after redirects. */
  url: string
  headers: Headers
}

export interface FetchedPage extends Fetched {
  /** Whether the address that was asked is a name of the one that answered: see `follow`. */
  is_name?: boolean
  /** The decoded body, in its charset. Empty for 304. */
  text: string
}

/** An answer that is not text, such as a picture. */
export interface FetchedBytes extends Fetched {
  bytes: Uint8Array
}

export interface Posted {
  status: number
  headers: Headers
  /** The beginning of the answer's body. */
  text: string
}

export interface FetchOptions {
  /** They go to the first origin only: a redirect elsewhere does not carry them along. */
  headers?: Record<string, string>
  accept?: string
  /** From an earlier answer of this very address: 304 then says that it still holds. Sent like `headers`. */
  validators?: { etag?: string | null; last_modified?: string | null }
  /** For whom it is, in any form: nobody's slow requests to a host take all turns of that host. */
  asker?: string | undefined
  /** Whether the beginning of a page that is too large is an answer. */
  may_be_cut?: boolean
  /** Whether the body is read at all, by the answer's headers. The text is empty where it is not. */
  wants?: (headers: Headers) => boolean
  /** A shorter time than the fetcher's own. */
  timeout_ms?: number
}

/**
 * GETs a page. Any status is an answer; what is not an answer rejects.
 * @throws {FetchError} and nothing else.
 */
export type FetchPage = (url: string, options?: FetchOptions) => Promise<FetchedPage>

/** All that goes out to addresses which strangers wrote. Rejects with {@link FetchError} and nothing else. */
export interface Fetcher {
  page: FetchPage
  bytes(url: string, options?: FetchOptions): Promise<FetchedBytes>
  /**
   * POSTs `body`; follows no redirect, and reads no more of the answer than its beginning. The status counts: a body
   * that breaks off or never ends is no error.
   */
  post(url: string, body: string, headers: Record<string, string>): Promise<Posted>
  /** Whether `url` could be asked now: its form, and every address that its name resolves to. Sends it nothing. */
  vet(url: string): Promise<void>
}

export interface FetcherOptions extends Partial<Pick<ClientOptions, 'resolve' | 'ca'>> {
  limits?: Partial<FetchLimits>
  /** Of hosts that the operator does not name. Tests listen on others than 80 and 443. */
  ports?: readonly string[]
}

const HEADERS = {
  'user-agent': 'Mozilla/5.0 (compatible; Trove/1.0; link preview)',
  'accept-language': 'en-US,en;q=0.9',
  'accept-encoding': ENCODINGS,
}

/**
 * Makes the fetcher. It speaks http and https to the web's ports at public addresses, and besides to what the operator
 * trusts: the `host:port` pairs of FETCH_ALLOW_HOSTS and the platforms' configured addresses. Each redirect is checked
 * by the same rules. Hosts of strangers are asked politely: few requests at once, and none while a `Retry-After` runs.
 */
export function createFetcher(config: FetchConfig, options: FetcherOptions = {}): Fetcher {
  const limits = { ...FETCH_LIMITS, ...options.limits }
  const rules = readRules(config, options.ports)
  const politeness = createPoliteness(limits)
  const client = createClient({
    rules,
    limits,
    resolve: options.resolve ?? resolveBySystem,
    ca: options.ca,
  })

  function get<T>(
    address: string,
    accept: string,
    { headers, validators, asker, timeout_ms = limits.timeout_ms }: FetchOptions,
    read: (incoming: Incoming, url: URL, isName: boolean) => Promise<T>,
  ): Promise<T> {
    return inTime(Math.min(timeout_ms, limits.timeout_ms), (signal, at) =>
      follow(
        {
          address,
          headers: { ...HEADERS, accept },
          own_headers: own(headers, validators),
          signal,
          asker,
          at,
        },
        { client, rules, limits, politeness },
        read,
      ),
    )
  }

  return {
    page: (address, options = {}) =>
      get(
        address,
        options.accept ?? 'text/html,application/xhtml+xml',
        options,
        async (incoming, url, is_name) => {
          const { status, headers } = incoming
          const page = { status, url: url.href, headers, is_name }
          if (options.wants?.(headers) === false) return { ...page, text: '' }
          const bytes = await readBody(incoming, url, limits.max_bytes, options.may_be_cut)
          return { ...page, text: readText(bytes, headers.get('content-type')) }
        },
      ),

    bytes: (address, options = {}) =>
      get(address, options.accept ?? '*/*', options, async (incoming, url) => {
        const { status, headers } = incoming
        return { status, url: url.href, headers, bytes: await readBody(incoming, url, limits.max_bytes) }
      }),

    post: (address, body, headers) =>
      inTime(limits.timeout_ms, async (signal, at) => {
        const url = vetUrl(address, undefined, rules)
        at(url)
        const outgoing = { method: 'POST', url, headers: withDefaults(headers), body } as const
        const incoming = await client.ask(outgoing, signal)
        try {
          const beginning = await readBeginning(incoming, limits.post_answer_bytes, limits.max_bytes)
          const { status, headers } = incoming
          return { status, headers, text: readText(beginning, headers.get('content-type')) }
        } finally {
          incoming.close()
        }
      }),

    vet: address =>
      inTime(limits.timeout_ms, async (signal, at) => {
        const url = vetUrl(address, undefined, rules)
        at(url)
        await client.findRoute(url, signal)
      }),
  }
}

/** Runs `work` with a signal that ends it, and says of whatever that broke that it took too long. */
async function inTime<T>(
  ms: number,
  work: (signal: AbortSignal, at: (url: URL) => void) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), ms)
  let url: URL | undefined
  try {
    return await work(deadline.signal, next => {
      url = next
    })
  } catch (error) {
    const busy = error instanceof FetchError && error.reason === 'busy'
    if (!deadline.signal.aborted || busy) throw error
    throw new FetchError('timeout', url, `did not answer within ${ms / 1000} seconds`)
  } finally {
    clearTimeout(timer)
  }
}

function own(
  headers: Record<string, string> = {},
  validators: FetchOptions['validators'] = {},
): Record<string, string> {
  return {
    ...lowerCased(headers),
    ...(validators.etag ? { 'if-none-match': validators.etag } : {}),
    ...(validators.last_modified ? { 'if-modified-since': validators.last_modified } : {}),
  }
}

function withDefaults(headers: Record<string, string>): Record<string, string> {
  return { 'user-agent': 'Trove/1.0 (webhook)', ...lowerCased(headers) }
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
