// ALLOWED_HOSTS: the names under which the API may be asked, so that nobody can ask by a name of their own.

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
