import type { GroundConfig } from '../../variables.ts'
import { FetchError } from '../fetch-error.ts'

export type FetchConfig = Pick<GroundConfig, 'FETCH_ALLOW_HOSTS'>

const WEB_PORTS = ['80', '443']

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/

export interface UrlRules {
  /** `host:port` pairs that the operator chose: they may have any port and any address. */
  trusted: Set<string>
  /** The ports of all others. */
  ports: Set<string>
}

/** Trusts FETCH_ALLOW_HOSTS. A name without a port means both web ports. */
export function readRules(config: FetchConfig, ports: readonly string[] = WEB_PORTS): UrlRules {
  const listed = config.FETCH_ALLOW_HOSTS.flatMap(entry =>
    /:\d+$/.test(entry) ? [`http://${entry}`] : [`http://${entry}`, `https://${entry}`],
  )
  const pairs = listed.flatMap(address => hostAndPort(URL.parse(address)) ?? [])
  return { trusted: new Set(pairs), ports: new Set(ports) }
}

/** Whether `url` goes to a host and port that the operator trusts. */
export function isTrusted(url: URL, { trusted }: UrlRules): boolean {
  return trusted.has(hostAndPort(url) ?? '')
}

/**
 * Reads `address`, a redirect's relative to `base`, and checks its form: http or https, a web port unless it is
 * trusted, no user name or password, no control characters. The name is not resolved here.
 * @throws {FetchError} `refused`.
 */
export function vetUrl(address: string, base: URL | undefined, rules: UrlRules): URL {
  const url = CONTROL.test(address) ? null : URL.parse(address, base?.href)
  if (!url) throw new FetchError('refused', base, base ? 'redirects to no valid address' : 'is not valid')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new FetchError('refused', base, `leads to ${url.protocol} where only http and https are fetched`)
  }
  if (url.username !== '' || url.password !== '') throw new FetchError('refused', url, 'carries a user name')
  if (!rules.ports.has(portOf(url)) && !isTrusted(url, rules)) {
    throw new FetchError('refused', url, 'uses an unusual port')
  }
  return url
}

function hostAndPort(url: URL | null): string | undefined {
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined
  return `${url.hostname}:${portOf(url)}`
}

const portOf = (url: URL) => url.port || (url.protocol === 'https:' ? '443' : '80')
