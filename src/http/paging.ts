// Pages of a list: by offset, or by cursor, whose cost does not grow with depth.
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { Problem } from '../errors.ts'
import { Id, queryInteger, StorableText, Time } from './schemas.ts'

/** Where a page ended: the value that the list is sorted by, and the id that decides between equal ones. */
export interface Position {
  key: string | number | null
  id: string
}

/** The paging parameters of a list, for its query schema. With `cursor`, `offset` is not looked at. */
export const pagingQuery = (fallback = 20, most = 100) => ({
  limit: queryInteger(fallback, 1, most),
  offset: queryInteger(0, 0, 1_000_000),
  cursor: v.optional(v.string()),
})

/** The paging fields of a list's answer. `next_cursor` is null on the last page. */
export const pagingAnswer = {
  total: v.number(),
  limit: v.number(),
  offset: v.number(),
  has_more: v.boolean(),
  next_cursor: v.nullable(v.string()),
}

/** A time that Postgres reads as it was written: there is no year 0, and no 31 February. */
const exactTime = v.pipe(
  Time,
  v.check(text => !text.startsWith('0000') && new Date(text).toJSON() === text),
)

const KEYS = {
  time: v.nullable(exactTime),
  text: v.nullable(StorableText),
  number: v.pipe(v.number(), v.safeInteger()),
}
export type KeyKind = keyof typeof KEYS

/**
 * An opaque cursor (base64url) that only continues the list it came from.
 * @param list what makes the list what it is: whose it is, its sort, order and filters.
 */
export function encodeCursor({ key, id }: Position, list: unknown[]): string {
  return Buffer.from(JSON.stringify([key, id, fingerprint(list)])).toString('base64url')
}

/** @throws 400 INVALID_CURSOR for what `encodeCursor` did not make of the same list. */
export function decodeCursor(cursor: string, kind: KeyKind, list: unknown[]): Position {
  const read = v.safeParse(v.tuple([KEYS[kind], Id, v.literal(fingerprint(list))]), parse(cursor))
  if (!read.success) {
    throw new Problem(400, 'INVALID_CURSOR', 'The cursor is malformed or belongs to another list')
  }
  const [key, id] = read.output
  return { key, id }
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

function fingerprint(list: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 16)
}

/**
 * The page that a list's answer shows, and its paging fields but `total`; also sets `Link`.
 * @param found its rows and one more, if there is one: that tells whether there are more
 * @param list as of `encodeCursor`
 */
export function toPage<Row extends { id: string }>(
  found: Row[],
  { limit, offset }: { limit: number; offset: number },
  list: unknown[],
  { request, set }: { request: Request; set: { headers: Record<string, string | number> } },
  keyOf: (row: Row) => Position['key'] = () => null,
) {
  const rows = found.slice(0, limit)
  const last = found.length > limit ? rows.at(-1) : undefined
  const next_cursor = last ? encodeCursor({ key: keyOf(last), id: last.id }, list) : null
  if (next_cursor) set.headers.link = nextLink(request, next_cursor)
  return { rows, paging: { limit, offset, has_more: last !== undefined, next_cursor } }
}

/** `Link` to the page that starts at `cursor` (RFC 8288), relative to the host, which a proxy may have changed. */
export function nextLink(request: Request, cursor: string): string {
  const { pathname, searchParams } = new URL(request.url)
  searchParams.delete('offset')
  searchParams.set('cursor', cursor)
  return `<${pathname}?${searchParams}>; rel="next"`
}
