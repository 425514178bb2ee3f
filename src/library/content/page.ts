// From what a route is asked to the rows that it lists: one way for all routes that list content.
import type { Account } from '../../accounts/admission/store.ts'
import { isAdmin } from '../../accounts/users/rules.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { decodeCursor, encodeCursor, type KeyKind, type Position } from '../../ground/http/paging.ts'
import { Problem, problem } from '../../ground/http/problem.ts'
import { forbidden, invalidCursor, invalidField } from '../../ground/http/problems.ts'
import {
  CONTENT_SOURCE_TYPES,
  type ContentSourceType,
  type Counts,
  type Listing,
  type SortField,
} from './listing.ts'
import { type Asked, type Content, LARGEST_PAGE, type Pagination } from './schema.ts'
import { listContent } from './store.ts'

export const invalidPageSize = problem(
  422,
  'INVALID_PAGE_SIZE',
  `Page size must be at least 1 and cannot exceed ${LARGEST_PAGE}`,
)
export const pageOutOfRange = problem(404, 'PAGE_OUT_OF_RANGE', 'Page number out of range')

/** What any list of content may refuse besides. */
export const listProblems = [invalidPageSize, pageOutOfRange, invalidCursor]

const KEY_KINDS: Record<SortField, KeyKind> = {
  created_at: 'time',
  updated_at: 'time',
  title: 'text',
  quality_score: 'decimal',
  user_rating: 'decimal',
}

interface Listed {
  items: Content[]
  pagination: Pagination
  stats: Counts
}

/**
 * The page of content that a request asks for.
 * @param place where its parameters stand, for what is wrong with them
 * @param more `size`: how many rows a page has unless said otherwise; `withStats`: whether all sources are counted
 * @throws 403 for the content of another user, 422 for parameters that disagree, INVALID_PAGE_SIZE, INVALID_CURSOR,
 *   PAGE_OUT_OF_RANGE
 */
export async function listPage(
  sql: Sql,
  user: Account,
  asked: Asked,
  place: 'query' | 'body' = 'query',
  { size = 50, withStats = false } = {},
): Promise<Listed> {
  const listing = listingOf(user, asked, place)
  const page = placeOf(asked, size, place)
  const { from, isBackward } = readCursor(asked.cursor, listing)
  const { found, total, stats } = await listContent(sql, listing, { ...page, from, isBackward }, withStats)
  // Where rows are passed over and no page is named, none is out of range.
  if (!from && (asked.page ?? 1) > 1 && page.offset >= total) throw pageOutOfRange()

  const { limit } = page
  const goesOn = found.length > limit
  const shown = found.slice(0, limit)
  if (isBackward) shown.reverse()
  const cursorAt = (row: (typeof shown)[number] | undefined, way: Way) =>
    row ? encodeCursor(row.position, [...identityOf(listing), way]) : null
  const next_cursor = goesOn || isBackward ? cursorAt(shown.at(-1), 'next') : null
  const isLater = isBackward ? goesOn : from !== undefined || page.offset > 0
  const prev_cursor = isLater ? cursorAt(shown[0], 'prev') : null
  return {
    items: shown.map(({ content }) => content),
    pagination: {
      page: from ? (asked.page ?? 1) : Math.floor(page.offset / limit) + 1,
      page_size: limit,
      total_count: total,
      total_pages: Math.ceil(total / limit),
      has_next: next_cursor !== null,
      has_previous: prev_cursor !== null,
      next_cursor,
      prev_cursor,
    },
    stats,
  }
}

/** The owner of the content that counts as the user's own. @throws 403 */
export function ownerOf(user: Account, user_id: string | undefined): string {
  if (user_id !== undefined && user_id !== user.id && !isAdmin(user)) {
    throw forbidden({ detail: 'Only an admin may name another user' })
  }
  return user_id ?? user.id
}

function listingOf(user: Account, asked: Asked, place: string): Listing {
  const { content_type, character_id, creator_id, is_approved, is_nsfw, public_only } = asked
  const { min_quality_score, search_term, tag = [], tag_names = [], tag_match = 'any', metadata } = asked
  return {
    viewer: user.id,
    owner: ownerOf(user, asked.user_id),
    sources: sourcesOf(asked),
    filters: {
      ...{ content_type, character_id, creator_id, is_approved, is_nsfw, public_only, min_quality_score },
      ...{ search_term: search_term || undefined, tags: [...tag, ...tag_names], tag_match, metadata },
    },
    sort_field: oneOf(asked, ['sort_field', 'sort_by'], place) ?? 'created_at',
    sort_order: asked.sort_order ?? 'desc',
  }
}

/** Which sources: as they are listed, or by the two older parameters. */
function sourcesOf({
  content_source_types,
  content_types,
  creator_filter,
  source_type,
}: Asked): ContentSourceType[] {
  const types = content_types?.split(',') ?? ['regular', 'auto']
  return CONTENT_SOURCE_TYPES.filter(name => {
    const [who, source] = name.split('-') as [string, string]
    const isChosen = content_source_types
      ? content_source_types.includes(name)
      : types.includes(source) && [undefined, 'all', who].includes(creator_filter)
    return isChosen && (source_type === undefined || source === source_type)
  })
}

/** The value of a parameter that has several names. @throws 422 where they are given and disagree */
function oneOf<Name extends keyof Asked>(asked: Asked, names: readonly Name[], place: string): Asked[Name] {
  const [first, other] = names.filter(name => asked[name] !== undefined)
  if (first !== undefined && other !== undefined && asked[first] !== asked[other]) {
    throw disagree(other, first, place)
  }
  return first === undefined ? undefined : asked[first]
}

const disagree = (name: string, other: string, place: string) =>
  invalidField(
    `\`${name}\` and \`${other}\` disagree`,
    [place, name],
    'disagrees',
    `disagrees with ${other}`,
  )()

function placeOf(asked: Asked, fallback: number, place: string) {
  const limit = oneOf(asked, ['page_size', 'limit'], place) ?? fallback
  if (limit < 1 || limit > LARGEST_PAGE) {
    const name = asked.page_size === undefined ? 'limit' : 'page_size'
    const msg = `must be at least 1 and at most ${LARGEST_PAGE}`
    throw invalidPageSize({ field_errors: [{ loc: [place, name], msg, type: 'page_size' }] })
  }
  const skip = oneOf(asked, ['skip', 'offset'], place)
  const { page } = asked
  const isOther = page !== undefined && skip !== undefined && (page - 1) * limit !== skip
  if (isOther) throw disagree(asked.skip === undefined ? 'offset' : 'skip', 'page', place)
  return { limit, offset: skip ?? ((page ?? 1) - 1) * limit }
}

type Way = 'next' | 'prev'

/** What makes a listing what it is: a cursor goes on in the same one, whichever route gave it. */
const identityOf = (listing: Listing): unknown[] => [
  'content',
  listing.viewer,
  listing.owner,
  listing.sources,
  listing.filters,
  listing.sort_field,
  listing.sort_order,
]

/** @throws 400 INVALID_CURSOR */
function readCursor(
  cursor: string | undefined,
  listing: Listing,
): { from: Position | undefined; isBackward: boolean } {
  if (cursor === undefined) return { from: undefined, isBackward: false }
  const read = (way: Way) =>
    decodeCursor(cursor, KEY_KINDS[listing.sort_field], [...identityOf(listing), way])
  try {
    return { from: read('next'), isBackward: false }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { from: read('prev'), isBackward: true }
  }
}
