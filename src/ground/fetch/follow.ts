import type { Client } from './client.ts'
import { createCookies } from './cookies.ts'
import { FetchError } from './fetch-error.ts'
import type { FetchLimits } from './limits.ts'
import type { Politeness } from './politeness.ts'
import type { Incoming } from './send.ts'
import { isTrusted, type UrlRules, vetUrl } from './vetting/vet-url.ts'

/** RFC 9110, 15.4: use the new address from now on. */
const FOR_GOOD = new Set([301, 308])
const REDIRECTS = new Set([301, 302, 303, 307, 308])

export interface Journey {
  address: string
  /** For every hop. */
  headers: Record<string, string>
  /** For the first origin: a redirect elsewhere drops them for good. */
  own_headers: Record<string, string>
  signal: AbortSignal
  /** For whom it is: hosts share their turns out between askers. */
  asker?: string | undefined
  /** Told of each address before it is asked. */
  at(url: URL): void
}

export interface Means {
  client: Client
  rules: UrlRules
  limits: FetchLimits
  politeness: Politeness
}

/**
 * GETs an address, follows its redirects by the same rules, and gives what `read` makes of the last answer. Cookies go with
 * it from hop to hop. A redirect back to where it has been, with a cookie that is new since then, is not counted, up to as
 * many as are counted.
 * @param read told besides whether the address that was asked is a name of the one that answers: each redirect was one for
 *   good, or of a short link
 */
export async function follow<T>(
  { address, headers, own_headers, signal, asker, at }: Journey,
  { client, rules, limits, politeness }: Means,
  read: (incoming: Incoming, url: URL, isName: boolean) => Promise<T>,
): Promise<T> {
  let url = vetUrl(address, undefined, rules)
  let own = own_headers
  const cookies = createCookies()
  const been = new Map<string, number>()
  let [counted, back] = [0, 0]
  let isName = true
  while (counted <= limits.max_redirects && back <= limits.max_redirects) {
    at(url)
    been.set(url.href, cookies.version)
    const cookie = cookies.header(url)
    const polite = !isTrusted(url, rules)
    const endTurn = polite ? await politeness.enter(url, signal, asker) : undefined
    let incoming: Incoming | undefined
    try {
      incoming = await client.ask(
        { method: 'GET', url, headers: { ...headers, ...own, ...(cookie && { cookie }) } },
        signal,
      )
      if (polite) politeness.heed(url, incoming.status, incoming.headers)
      const location = REDIRECTS.has(incoming.status) ? incoming.headers.get('location') : null
      if (location === null) return await read(incoming, url, isName)
      const next = vetUrl(asUtf8(location), url, rules)
      if (next.origin !== url.origin) own = {}
      cookies.keep(url, incoming.headers)
      isName &&= FOR_GOOD.has(incoming.status) || isShortLink(url, next)
      if ((been.get(next.href) ?? cookies.version) < cookies.version) back++
      else counted++
      url = next
    } finally {
      incoming?.close()
      endTurn?.()
    }
  }
  throw new FetchError('too_many_redirects', url, `redirects more than ${limits.max_redirects} times`)
}

/** Many services that shorten links redirect as if for a moment. */
const LONGEST_SHORT = 40

/** Whether an address is a short name of one on another host: a single word behind its own. */
export function isShortLink(from: URL, to: URL): boolean {
  const isOneWord = /^\/[^/]+\/?$/.test(from.pathname) && from.search === ''
  return (
    isOneWord &&
    from.href.length <= LONGEST_SHORT &&
    from.href.length < to.href.length &&
    from.host !== to.host
  )
}

/** Header bytes arrive as Latin-1; many servers write addresses in UTF-8. */
function asUtf8(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'))
  } catch {
    return value
  }
}
