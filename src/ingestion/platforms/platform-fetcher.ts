import type { Config } from '../../config/config.ts'
import { createFetcher, type Fetcher, type FetcherOptions } from '../../ground/fetch/fetch.ts'
import type { ingestionVariables } from '../variables.ts'

/** Where the platforms are: an operator may have them elsewhere, at whatever port, and tests have. */
const SITES = [
  'YOUTUBE_API_URL',
  'YOUTUBE_OEMBED_URL',
  'YOUTUBE_URL',
  'INSTAGRAM_OEMBED_URL',
  'INSTAGRAM_URL',
] as const satisfies (keyof typeof ingestionVariables)[]

type SiteConfig = Pick<Config, 'FETCH_ALLOW_HOSTS'> & Partial<Pick<Config, (typeof SITES)[number]>>

/** A fetcher that trusts the platforms' addresses besides FETCH_ALLOW_HOSTS. */
export function createPlatformFetcher(config: SiteConfig, options: FetcherOptions = {}): Fetcher {
  const sites = SITES.flatMap(name => {
    const url = URL.parse(config[name] ?? '')
    return url ? [`${url.hostname}:${url.port || (url.protocol === 'http:' ? 80 : 443)}`] : []
  })
  return createFetcher({ FETCH_ALLOW_HOSTS: [...config.FETCH_ALLOW_HOSTS, ...sites] }, options)
}
