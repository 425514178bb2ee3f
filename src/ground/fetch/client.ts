import { traced } from '../tracing/tracing.ts'
import { FetchError, UNREACHABLE } from './fetch-error.ts'
import type { FetchLimits } from './limits.ts'
import { type Incoming, type Outgoing, send } from './send.ts'
import { findAddresses, type Resolve } from './vetting/resolve.ts'
import { isTrusted, type UrlRules } from './vetting/vet-url.ts'

/** Set by the connection, never by a caller. */
const OWN_HEADERS = ['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'expect', 'te']

export interface Client {
  /** Sends one request to a vetted URL: resolves its name, checks every address, connects to one of them. */
  ask(outgoing: Outgoing, signal: AbortSignal): Promise<Incoming>
  /** Resolves and checks without connecting. */
  findRoute(url: URL, signal: AbortSignal): Promise<string[]>
}

export interface ClientOptions {
  rules: UrlRules
  limits: FetchLimits
  resolve: Resolve
  ca: string | undefined
}

/** What sends single requests by the rules. Rejects with {@link FetchError} and nothing else. */
export function createClient({ rules, limits, resolve, ca }: ClientOptions): Client {
  const findRoute = (url: URL, signal: AbortSignal) =>
    inTime(findAddresses(url, resolve, isTrusted(url, rules)), limits.connect_ms, signal, url)

  return {
    findRoute,
    ask: (outgoing, signal) =>
      traced(outgoing.method, attributesOf(outgoing), async span => {
        const until = performance.now() + limits.connect_ms
        const headers = clean(outgoing)
        // What is posted once is not posted again, so it needs a connection that nobody has closed meanwhile.
        const keep = outgoing.method === 'GET' && isTrusted(outgoing.url, rules)
        const addresses = await findRoute(outgoing.url, signal)
        const incoming = await send(
          { ...outgoing, headers },
          {
            addresses,
            connect_ms: until - performance.now(),
            max_header_bytes: limits.max_header_bytes,
            signal,
            ca,
            keep,
          },
        )
        span.set({ 'http.response.status_code': incoming.status })
        if (incoming.status >= 400) span.fail({ code: String(incoming.status) })
        return incoming
      }),
  }
}

/** Of the address only the host: keys travel in queries, and paths are what a user saved. */
const attributesOf = ({ method, url }: Outgoing) => ({
  'http.request.method': method,
  'server.address': url.hostname,
  'server.port': Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
})

function clean({ headers, url }: Outgoing): Record<string, string> {
  try {
    const valid = new Headers(headers)
    for (const name of OWN_HEADERS) valid.delete(name)
    return Object.fromEntries(valid)
  } catch {
    throw new FetchError('refused', url, 'cannot be asked with such headers')
  }
}

/** A name server that does not answer cannot be told to stop, so only the waiting ends. */
async function inTime<T>(work: Promise<T>, ms: number, signal: AbortSignal, url: URL): Promise<T> {
  const late = Promise.withResolvers<never>()
  const giveUp = () => late.reject(new FetchError('timeout', url, UNREACHABLE))
  const timer = setTimeout(giveUp, ms)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
  }
}
