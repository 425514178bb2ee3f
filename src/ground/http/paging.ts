// Pages of a list: by offset, or by cursor, whose cost does not grow with depth.
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { invalidCursor } from './problems.ts'
import type { Answering } from './route.ts'
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
  decimal: v.nullable(v.pipe(v.number(), v.finite())),
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
    throw invalidCursor()
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

/** What a store is asked for. */
export type Wanted = Pick<Page, 'limit' | 'offset' | 'after'>

/** What a list's handler is given of the page that was asked for. */
export interface Page {
  /** One row more than is shown, which tells whether there are more. */
  limit: number
  /** Rows to pass over; 0 where there is a cursor. */
  offset: number
  /** Where the page before ended. */
  after: Position | undefined
  /**
   * The rows to show, and the answer's paging fields but `total`; also sets `Link`.
   * @param found the rows, at most `limit` of them
   * @param keyOf what the list is sorted by, of one of them
   */
  of<Row extends { id: string }>(
    found: Row[],
    keyOf?: (row: Row) => Position['key'],
  ): { rows: Row[]; paging: Paging }
  /** The paging fields where the store knows itself where the page ends: `next` is null on the last one. */
  until(next: Position | null): Paging
}

type Paging = Omit<
  { [Field in keyof typeof pagingAnswer]: v.InferOutput<(typeof pagingAnswer)[Field]> },
  'total'
>

/**
 * Reads the page that a request asks for.
 * @param list what makes the list what it is: the route, whose it is, its order and filters
 * @throws 400 INVALID_CURSOR
 */
export function readPage(
  { limit, offset, cursor }: { limit: number; offset: number; cursor?: string | undefined },
  kind: KeyKind,
  list: unknown[],
  { request, set }: { request: Request; set: Answering },
): Page {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, kind, list)
  const until = (next: Position | null): Paging => {
    const next_cursor = next && encodeCursor(next, list)
    if (next_cursor) set.headers.link = nextLink(request, next_cursor)
    return { limit, offset, has_more: next !== null, next_cursor }
  }
  return {
    limit: limit + 1,
    offset: after ? 0 : offset,
    after,
    until,
    of: (found, keyOf = () => null) => {
      const rows = found.slice(0, limit)
      const last = found.length > limit ? rows.at(-1) : undefined
      return { rows, paging: until(last ? { key: keyOf(last), id: last.id } : null) }
    },
  }
}

/** `Link` to the page that starts at `cursor` (RFC 8288), relative to the host, which a proxy may have changed. */
function nextLink(request: Request, cursor: string): string {
  const { pathname, searchParams } = new URL(request.url)
  searchParams.delete('offset')
  searchParams.set('cursor', cursor)
  return `<${pathname}?${searchParams}>; rel="next"`
}
