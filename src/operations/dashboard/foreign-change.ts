import { problem } from '../../ground/http/problem.ts'

export const crossOrigin = problem(403, 'CROSS_ORIGIN', 'A page of another site may not change anything here')

/**
 * A browser adds the password or the cookie to what any page makes it send, so a change must come from a page of ours. What
 * sends neither header is no browser, and has its credentials from who uses it.
 * @throws {Problem} 403
 */
export function refuseForeignChange({ method, headers, url }: Request): void {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return
  const site = headers.get('sec-fetch-site')
  const origin = headers.get('origin')
  const isForeign =
    site === null
      ? origin !== null && hostOf(origin) !== (headers.get('host') ?? new URL(url).host)
      : site !== 'same-origin' && site !== 'none'
  if (isForeign) throw crossOrigin()
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : undefined)
