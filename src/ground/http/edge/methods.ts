// Which methods a path knows: for 405 with `Allow`, and for OPTIONS.
interface Route {
  method: string
  path: string
}

/**
 * @param routes the app's, asked for on first use, since they are added after the hooks.
 * @returns the methods of a path in the order of `Allow`, or none when there is nothing at that path.
 */
export function knownMethods(routes: () => Route[]): (path: string) => string[] {
  let patterns: { pattern: RegExp; method: string }[] | undefined
  return path => {
    patterns ??= routes().map(({ method, path }) => ({ method, pattern: patternOf(path) }))
    const methods = new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))
    if (methods.size === 0) return []
    if (methods.has('GET')) methods.add('HEAD')
    return [...methods.add('OPTIONS')].sort()
  }
}

function patternOf(path: string): RegExp {
  const parts = path
    .replace(/\/$/, '')
    .split('/')
    .map(part =>
      part === '*' ? '.*' : part.startsWith(':') ? '[^/]+' : part.replace(/[.+?^$()|[\]]/g, '\\$&'),
    )
  return new RegExp(`^${parts.join('/')}/?$`)
}
