// The cookies of one journey from redirect to redirect, and no longer: there are sites that lead on only who brings back
// what they gave (RFC 6265, 5).

/** Per journey, and in characters. */
const MOST = 50
const LONGEST = 4_096
const LONGEST_HEADER = 8_192

interface Cookie {
  name: string
  value: string
  /** With those below it, unless `only` this one. */
  domain: string
  only: boolean
  path: string
  secure: boolean
}

export interface Cookies {
  /** How often something has changed. */
  version: number
  /** Takes what an answer of `url` sets. */
  keep(url: URL, headers: Headers): void
  /** The header for a request to `url`; undefined when there is nothing for it. */
  header(url: URL): string | undefined
}

export function createCookies(): Cookies {
  const jar = new Map<string, Cookie>()
  return {
    version: 0,

    keep(url, headers) {
      for (const line of headers.getSetCookie().slice(0, MOST)) {
        const found = line.length <= LONGEST ? read(line, url) : undefined
        if (!found) continue
        const key = JSON.stringify([found.cookie.domain, found.cookie.path, found.cookie.name])
        const before = jar.get(key)?.value
        if (found.isOver) jar.delete(key)
        else if (jar.has(key) || jar.size < MOST) jar.set(key, found.cookie)
        if (jar.get(key)?.value !== before) this.version++
      }
    },

    header(url) {
      const suited = [...jar.values()].filter(cookie => suits(cookie, url))
      // Longer paths come first.
      suited.sort((a, b) => b.path.length - a.path.length)
      const header = suited.map(({ name, value }) => `${name}=${value}`).join('; ')
      return header === '' || header.length > LONGEST_HEADER ? undefined : header
    },
  }
}

function read(line: string, url: URL): { cookie: Cookie; isOver: boolean } | undefined {
  const [pair = '', ...rest] = line.split(';')
  const [name, value] = split(pair)
  if (name === '' || value === undefined) return undefined
  const attributes = new Map(
    rest.map(part => split(part)).map(([key, value = '']) => [key.toLowerCase(), value]),
  )
  const secure = attributes.has('secure')
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase() ?? ''
  // Not of a whole top-level domain, and not of others.
  if (domain !== '' && domain !== url.hostname && (!domain.includes('.') || !isBelow(url.hostname, domain)))
    return
  if (secure && url.protocol !== 'https:') return undefined
  const path = attributes.get('path') ?? ''
  const cookie = {
    name,
    value,
    domain: domain || url.hostname,
    only: domain === '',
    path: path.startsWith('/') ? path : url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf('/'))),
    secure,
  }
  const age = attributes.get('max-age')
  const isOver = age ? Number(age) <= 0 : Date.parse(attributes.get('expires') ?? '') <= Date.now()
  return { cookie, isOver }
}

function split(pair: string): [string, string | undefined] {
  const at = pair.indexOf('=')
  return at < 0 ? [pair.trim(), undefined] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
}

function suits({ domain, only, path, secure }: Cookie, url: URL): boolean {
  if (secure && url.protocol !== 'https:') return false
  if (url.hostname !== domain && (only || !isBelow(url.hostname, domain))) return false
  return url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
}

/** An address that is a number is below nothing. */
const isBelow = (host: string, domain: string) => host.endsWith(`.${domain}`) && !/^[\d.]+$|:/.test(host)
