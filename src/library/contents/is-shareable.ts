import type { Config } from '../../config/config.ts'
import { isTrusted, readRules } from '../../ground/fetch/vetting/vet-url.ts'
import type { Link } from '../links/normalise-url.ts'
import { isPublicAddress } from '../links/web-address.ts'

/** A query, or what stands for one in a path (RFC 3986, 3.3): tokens and names of people travel there. */
const PARAMETERS = /[?;=]/

/**
 * Whether people who have not saved `link` may ever find it. A video or post of a platform is public; a page of the web is
 * unless its address has parameters, or is of a private network: an address instead of a name, a name that no public
 * server has, a port, or whatever the operator lists in FETCH_ALLOW_HOSTS. How many must have saved it is another matter.
 */
export function isShareable(
  { url: address, source_platform }: Pick<Link, 'url' | 'source_platform'>,
  { FETCH_ALLOW_HOSTS }: Pick<Config, 'FETCH_ALLOW_HOSTS'>,
): boolean {
  if (source_platform !== 'web') return true
  const url = new URL(address)
  return (
    !PARAMETERS.test(address) && isPublicAddress(url, []) && !isTrusted(url, readRules({ FETCH_ALLOW_HOSTS }))
  )
}
