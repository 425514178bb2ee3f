// One HTTP request to one of the addresses that were vetted, by node:http and node:https, which behave alike on both
// runtimes: no redirects, no decompression, no proxy, and no look-up, since the address itself is what they are given.
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import type { Readable } from 'node:stream'
import { FetchError, UNREACHABLE } from './fetch-error.ts'

/** Connections to what the operator trusts stay open. A connection belongs to one vetted address and one name. */
const KEPT = { keepAlive: true, maxFreeSockets: 4 }
const AGENTS = { http: new HttpAgent(KEPT), https: new HttpsAgent(KEPT) }

/** Tried one after the other until one connects. */
const MAX_ADDRESSES = 4

export interface Outgoing {
  method: 'GET' | 'POST'
  url: URL
  headers: Record<string, string>
  body?: string
}

export interface Route {
  /** Vetted; nothing else is connected to. */
  addresses: string[]
  /** For connecting, TLS included, to whichever address. */
  connect_ms: number
  max_header_bytes: number
  /** Ends the request and the answer's body. */
  signal: AbortSignal
  /** Certificates to trust instead of the system's. */
  ca: string | undefined
  /** Whether the connection may be one that an earlier request left open, and stays open for the next. For GET. */
  keep: boolean
}

export interface Incoming {
  status: number
  headers: Headers
  /** As it arrives, still encoded. Errors when the connection is cut. */
  body: Readable
  close(): void
}

/**
 * Sends the request to the first address that connects, and gives the answer's head. Host header, TLS server name and
 * certificate are those of the URL's name. What was sent once is not sent again.
 * @throws {FetchError} `timeout` when no connection stands in time, else `network`.
 */
export async function send(outgoing: Outgoing, route: Route): Promise<Incoming> {
  const until = performance.now() + route.connect_ms
  const addresses = route.addresses.slice(0, MAX_ADDRESSES)
  for (const [index, address] of addresses.entries()) {
    const share = Math.max(1, (until - performance.now()) / (addresses.length - index))
    let answer = await sendTo(address, outgoing, route, share)
    if (answer === 'stale') answer = await sendTo(address, outgoing, { ...route, keep: false }, share)
    if (typeof answer === 'object') return answer
    if (answer === 'connected' || route.signal.aborted) break
  }
  const late = performance.now() >= until && !route.signal.aborted
  throw new FetchError(late ? 'timeout' : 'network', outgoing.url, UNREACHABLE)
}

/**
 * The answer, or how far the request came. `stale`: it was sent on a connection from before, which the other side had
 * closed by then.
 */
function sendTo(
  address: string,
  { method, url, headers, body }: Outgoing,
  route: Route,
  connectMs: number,
): Promise<Incoming | 'connected' | 'unconnected' | 'stale'> {
  const secure = url.protocol === 'https:'
  const name = url.hostname.replace(/\.$/, '')
  const tls = { servername: isLiteral(name) ? '' : name, rejectUnauthorized: true }
  return new Promise(resolve => {
    let progress: 'connected' | 'unconnected' = 'unconnected'
    let response: IncomingMessage | undefined
    const request = (secure ? requestHttps : requestHttp)({
      host: address,
      port: url.port || (secure ? 443 : 80),
      path: url.pathname + url.search,
      method,
      headers: {
        ...headers,
        host: url.host,
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
      // Towards strangers a connection of its own: nothing is kept open.
      agent: route.keep && (secure ? AGENTS.https : AGENTS.http),
      maxHeaderSize: route.max_header_bytes,
      ...(secure ? { ...tls, ...(route.ca ? { ca: route.ca } : {}) } : {}),
    })
    const close = () => {
      clearTimeout(timer)
      route.signal.removeEventListener('abort', close)
      if (route.keep && response?.complete && response.readableEnded) return
      response?.destroy(new Error('closed'))
      request.destroy(new Error('closed'))
    }
    const timer = setTimeout(close, connectMs)
    route.signal.addEventListener('abort', close)
    if (route.signal.aborted) close()
    request.on('socket', socket => {
      const stands = () => {
        progress = 'connected'
        clearTimeout(timer)
      }
      if (request.reusedSocket) stands()
      else socket.once(secure ? 'secureConnect' : 'connect', stands)
    })
    // Nobody asked for another protocol; without a listener neither runtime would say anything.
    request.on('upgrade', (_, socket) => {
      socket.destroy()
      close()
      resolve('connected')
    })
    request.on('error', () => {
      const isStale = request.reusedSocket && !response && !route.signal.aborted
      close()
      resolve(isStale ? 'stale' : progress)
    })
    request.on('response', message => {
      response = message
      // Whoever reads the body sees the error; when nobody does, it is no news.
      message.on('error', () => {})
      resolve({ status: message.statusCode ?? 0, headers: readHeaders(message), body: message, close })
    })
    request.end(body)
  })
}

const isLiteral = (name: string) => isIP(name.replace(/^\[|\]$/g, '')) !== 0

/** A header that the web's own type does not take, such as one with odd bytes, is left out. */
function readHeaders(message: IncomingMessage): Headers {
  const headers = new Headers()
  for (let at = 0; at + 1 < message.rawHeaders.length; at += 2) {
    try {
      headers.append(message.rawHeaders[at]!, message.rawHeaders[at + 1]!)
    } catch {}
  }
  return headers
}
