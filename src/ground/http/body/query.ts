// The query of an address, as it was written: every value is text.

/**
 * Each parameter's text; a list where it stands more than once. Elysia's own reading takes `a,b` for a list and
 * `[1]` for JSON, so that nobody could search for them.
 */
export function readQuery(url: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URL(url).searchParams) {
    const before = query[name]
    if (before === undefined) query[name] = value
    else if (Array.isArray(before)) before.push(value)
    else query[name] = [before, value]
  }
  return query
}
