// Who is at the other end: the peer of the connection, or whom a trusted proxy names in X-Forwarded-For.
import { BlockList, isIP } from 'node:net'

type Peer = string | undefined
const peers = new WeakMap<Request, Peer | (() => Peer)>()

/**
 * The server tells the peer's address of each request before the app sees it; runtimes differ in how they know.
 * @param peer the address, or what finds it: that may cost a call of the system, and most requests have a token
 */
export function notePeer(request: Request, peer: Peer | (() => Peer)): void {
  peers.set(request, peer)
}

/** The client's address, or undefined when the server did not tell it. */
export function clientAddress(request: Request): string | undefined {
  const peer = peers.get(request)
  if (typeof peer !== 'function') return normalise(peer ?? '')
  const found = peer()
  peers.set(request, found)
  return normalise(found ?? '')
}

/**
 * What address limits count: an IPv4 address, or the first half of an IPv6 one, since a customer is given
 * all of a /64.
 */
export function clientNetwork(request: Request): string {
  const address = clientAddress(request) ?? 'unknown'
  if (isIP(address) !== 6) return address
  const [head = '', tail = ''] = address.split('::').map(half => half.split(':').filter(Boolean))
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0')
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`
}

/**
 * Returns what replaces a trusted proxy's address by the client's: the right-most
 * address of X-Forwarded-For that is not a trusted proxy, since whatever stands left of it anybody can write.
 * @param proxies addresses and CIDR ranges, as the configuration has checked them.
 * @param unheeded is told, once, that the header came and there is nobody to believe it from.
 */
export function followProxies(proxies: string[], unheeded: () => void): (request: Request) => void {
  if (proxies.length === 0) return warnOnce(unheeded)
  const list = new BlockList()
  for (const range of proxies.map(readRange)) {
    if (range) list.addSubnet(range.address, range.bits, range.family)
  }
  const isTrusted = (address: string) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

  return request => {
    let client = clientAddress(request)
    const hops = request.headers.get('x-forwarded-for')?.split(',').reverse() ?? []
    for (const hop of hops) {
      if (!client || !isTrusted(client)) break
      const next = normalise(hop.trim())
      if (!next) break
      client = next
    }
    peers.set(request, client)
  }
}

function warnOnce(unheeded: () => void): (request: Request) => void {
  let isTold = false
  return ({ headers }) => {
    if (isTold || !headers.has('x-forwarded-for')) return
    isTold = true
    unheeded()
  }
}

interface Range {
  address: string
  bits: number
  family: 'ipv4' | 'ipv6'
}

/** Reads an address or a CIDR range (RFC 4632); undefined when it is neither. */
export function readRange(text: string): Range | undefined {
  const [address = '', prefix] = text.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  const longest = family === 'ipv6' ? 128 : 32
  const bits = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  return isIP(address) && bits >= 0 && bits <= longest ? { address, bits, family } : undefined
}

/** The address without brackets, port and zone, an IPv4 one never in IPv6 clothes; undefined when it is none. */
function normalise(text: string): string | undefined {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
  const address = bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
  return isIP(address) ? address.toLowerCase() : undefined
}
