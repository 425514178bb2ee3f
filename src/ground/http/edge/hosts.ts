// The Host header, and ALLOWED_HOSTS: the names under which the API may be asked, so that nobody can ask by a name of their own.

/** RFC 3986, `host [ ":" port ]`, without the comma that joins two headers. */
const HOST = /^(?:[\w.~%!$&'()*+;=-]+|\[[\da-f:.]+\])(?::\d*)?$/i

/** Whether a `Host` header is one name or address, as every request must have it (RFC 9112, section 3.2). */
export const isOneHost = (host: string): boolean => HOST.test(host)

/**
 * Whether `host` (a `Host` header) is one of `allowed`. `*.example.com` allows every name below example.com and
 * not example.com itself; an empty list allows all.
 */
export function isAllowedHost(host: string, allowed: string[]): boolean {
  if (allowed.length === 0) return true
  const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
  return allowed.some(each => {
    const pattern = each.toLowerCase()
    return pattern === '*' || (pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern)
  })
}
