// The one place that fetches what other people wrote: pages, oEmbed answers, thumbnails' pages.
// Everything that a hostile server can stretch has a limit: time, decoded bytes, redirects.
import type { Config } from '../config.ts'

export interface FetchedPage {
  status: number
  /** The address that answered, after redirects. */
  url: string
  headers: Headers
  /** The decoded body, in the charset that the answer names. */
  text: string
}

/** `headers` go to the first origin only: a redirect elsewhere does not carry them along. */
export interface FetchOptions {
  headers?: Record<string, string>
  accept?: string
}

/**
 * GETs a page. Any status is an answer; what is not an answer rejects.
 * @throws {FetchError} and nothing else.
 */
export type FetchPage = (url: string, options?: FetchOptions) => Promise<FetchedPage>

/** An answer that is not text, such as a picture. */
export interface FetchedBytes extends Omit<FetchedPage, 'text'> {
  bytes: Uint8Array
}

/** All that goes out to addresses which strangers wrote. Rejects with {@link FetchError} and nothing else. */
export interface Fetcher {
  page: FetchPage
  bytes(url: string, options?: FetchOptions): Promise<FetchedBytes>
  /** POSTs `body`; follows no redirect, and reads no more of the answer than its beginning. */
  post(url: string, body: string, headers: Record<string, string>): Promise<{ status: number; text: string }>
  /** Whether `url` could be asked now: its form, and every address that its name resolves to. */
  vet(url: string): Promise<void>
}

export type FetchFailure = 'refused' | 'timeout' | 'too_large' | 'too_many_redirects' | 'network'

/**
 * Why there was no answer. The message is a sentence for people, with the address but never its query: keys and
 * tokens travel there. There is no `cause`, since the runtimes' own errors quote the whole address.
 */
export class FetchError extends Error {
  override readonly name = 'FetchError'
  readonly reason: FetchFailure
  constructor(reason: FetchFailure, url: URL | undefined, what: string) {
    super(`${url ? url.origin + url.pathname : 'The address'} ${what}.`)
    this.reason = reason
  }
}

export interface FetchLimits {
  timeout_ms: number
  max_bytes: number
  max_redirects: number
}

export const FETCH_LIMITS: FetchLimits = { timeout_ms: 15_000, max_bytes: 5_000_000, max_redirects: 5 }

/** Addresses that the operator chose, whatever their port. */
const CONFIGURED = [
  'YOUTUBE_API_URL',
  'YOUTUBE_OEMBED_URL',
  'YOUTUBE_URL',
  'INSTAGRAM_OEMBED_URL',
  'INSTAGRAM_URL',
] as const

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const HEADERS = {
  'user-agent': 'Mozilla/5.0 (compatible; Trove/1.0; link preview)',
  'accept-language': 'en-US,en;q=0.9',
}

/**
 * Makes the fetcher. It speaks http and https to the default ports, to the `host:port` pairs of FETCH_ALLOW_HOSTS,
 * and to the platforms' addresses as the operator configured them; each redirect is checked by the same rule.
 */
export function createFetcher(config: Parameters<typeof createFetch>[0]): Fetcher {
  const unready = () => Promise.reject(new FetchError('refused', undefined, 'cannot be asked'))
  return { page: createFetch(config), bytes: unready, post: unready, vet: unready }
}

export function createFetch(
  config: Pick<Config, 'FETCH_ALLOW_HOSTS'> & Partial<Record<(typeof CONFIGURED)[number], string>>,
  limits = FETCH_LIMITS,
): FetchPage {
  const configured = CONFIGURED.flatMap(name => URL.parse(config[name] ?? '')?.host ?? [])
  const allowed = new Set([...config.FETCH_ALLOW_HOSTS.map(host => host.toLowerCase()), ...configured])

  return async (address, options = {}) => {
    let url = vet(address, undefined, allowed)
    const origin = url.origin
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), limits.timeout_ms)
    try {
      for (let redirects = 0; redirects <= limits.max_redirects; redirects++) {
        const response = await fetch(url, {
          redirect: 'manual',
          signal: abort.signal,
          headers: {
            ...HEADERS,
            accept: options.accept ?? 'text/html,application/xhtml+xml',
            ...(url.origin === origin ? options.headers : {}),
          },
        })
        const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null
        if (location === null) {
          const text = await readText(response, url, limits.max_bytes)
          return { status: response.status, url: url.href, headers: response.headers, text }
        }
        await response.body?.cancel()
        url = vet(location, url, allowed)
      }
      throw new FetchError('too_many_redirects', url, `redirects more than ${limits.max_redirects} times`)
    } catch (error) {
      const timedOut = abort.signal.aborted
      // Ends the transfer when it was given up half-way.
      abort.abort()
      if (timedOut)
        throw new FetchError('timeout', url, `did not answer within ${limits.timeout_ms / 1000} seconds`)
      if (error instanceof FetchError) throw error
      throw new FetchError('network', url, 'could not be reached')
    } finally {
      clearTimeout(timer)
    }
  }
}

function vet(address: string, base: URL | undefined, allowed: Set<string>): URL {
  const url = URL.parse(address, base?.href)
  if (!url) throw new FetchError('refused', base, base ? 'redirects to no valid address' : 'is not valid')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new FetchError('refused', base, `leads to ${url.protocol} where only http and https are fetched`)
  }
  if (url.username !== '' || url.password !== '') throw new FetchError('refused', url, 'carries a user name')
  if (url.port !== '' && !allowed.has(url.host)) throw new FetchError('refused', url, 'uses an unusual port')
  return url
}

async function readText(response: Response, url: URL, maxBytes: number): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = decoderFor(response.headers.get('content-type'))
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > maxBytes) {
      await reader.cancel()
      throw new FetchError('too_large', url, `is larger than ${maxBytes / 1e6} MB`)
    }
    text += decoder.decode(value, { stream: true })
  }
}

/** An unknown charset is read as UTF-8: a few wrong letters are better than no page. */
function decoderFor(contentType: string | null): TextDecoder {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1]
  try {
    return new TextDecoder((charset ?? 'utf-8') as ConstructorParameters<typeof TextDecoder>[0])
  } catch {
    return new TextDecoder('utf-8')
  }
}
