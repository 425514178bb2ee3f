// Conditional GET (RFC 9110, section 13): what a user reads of their library changes with the library's version.
import { VERSION } from '../version.ts'
import type { Answering } from './route.ts'

interface Reader {
  id: string
  library_version: number
}

/** The user's ETag: weak, since answers are equal in meaning and not in bytes. A release of ours changes it too. */
export const etagOf = ({ id, library_version }: Reader) => `W/"${VERSION}-${id}-${library_version}"`

/**
 * Sets `ETag` and compares it with `If-None-Match`. A route that gets true answers `notModified()` before any
 * query of its own.
 */
export function isNotModified(request: Request, set: Answering, user: Reader): boolean {
  const etag = etagOf(user)
  const { vary } = set.headers
  Object.assign(set.headers, {
    etag,
    'cache-control': 'private, no-cache',
    vary: vary ? `${vary}, authorization` : 'authorization',
  })
  const asked = request.headers.get('if-none-match')
  if (asked === null) return false
  if (asked.trim() === '*') return true
  // Weak comparison: the tags alone decide, whatever is marked as weak.
  const tag = etag.slice(2)
  return [...asked.matchAll(/"[\x21\x23-\x7e\x80-\xff]*"/g)].some(([given]) => given === tag)
}

/** 304: no body, the headers as set. */
export const notModified = () => new Response(null, { status: 304 })
