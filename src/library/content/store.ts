// The one listing of content: everything that lists saves and works together asks here.
import type { Sql } from '../../ground/database/connection.ts'
import type { Position } from '../../ground/http/paging.ts'
import { nestRows } from '../items/nest-row.ts'
import { CONTENT_SOURCE_TYPES, type Counts, type Listing, type Place } from './listing.ts'
import { type Fragment, type Part, partsOf } from './parts/store.ts'
import { type Nested, readRow } from './rows/read-row.ts'
import { rowColumns, rowJoins } from './rows/store.ts'
import type { Content } from './schema.ts'
import { countsOf } from './stats/store.ts'

export interface ListedPage {
  /** At most one more than the page holds, which tells whether the list goes on; in the order in which it was read. */
  found: { content: Content; position: Position }[]
  total: number
  stats: Counts
}

type Row = Nested<Content> & { position: Position; counts: Counts & { matches: number | null } }

/**
 * A page of a listing, with its total: of one moment, or a page would miss what its number counts. It reads a range of an
 * index for each part of the listing. Where a filter is narrow, all matches are looked up once and sorted instead.
 * @param withStats whether `stats` counts all sources, and not only those that the total is made of
 */
export async function listContent(
  sql: Sql,
  listing: Listing,
  place: Place,
  withStats: boolean,
): Promise<ListedPage> {
  const parts = partsOf(sql, listing)
  const isNarrow = parts.length > 0 && hasNarrowFilter(listing)
  const page = isNarrow ? pageOfFound(sql, listing, place) : pageOfRanges(sql, parts, listing, place)
  const rows = nestRows<Row>(
    await sql`
    ${isNarrow ? sql`with found as materialized (${matches(sql, parts)})` : sql``}
    select ${countColumns(sql)}, ${listing.sort_field === 'user_rating' ? sql`p.key::float8` : sql`p.key`} as "position.key",
      p.id as "position.id", ${rowColumns(sql, listing.owner)}
    from (${counted(sql, parts, listing, isNarrow, withStats)}) counts
    left join (${page}) p on true
    ${rowJoins(sql, listing.viewer)}
    order by ${order(sql, 'p.key', 'p.id', listing, place)}`,
  )
  const found = rows
    .filter(({ id }) => id !== null)
    .map(({ counts: _, position, ...row }) => ({ content: readRow<Content>(row), position }))
  const { matches: matched, ...stats } = rows[0]!.counts
  return { found, total: matched ?? sumOf(stats, listing), stats }
}

const sumOf = (stats: Counts, { sources }: Listing) =>
  sources.reduce((sum, source) => sum + stats[`${source.replace('-', '_')}_count` as keyof Counts], 0)

/** One that so few rows may match that walking the order of the list could take long. */
const hasNarrowFilter = ({ filters: { search_term, tags, metadata, character_id } }: Listing) =>
  search_term !== undefined || tags.length > 0 || metadata !== undefined || character_id !== undefined

const isFiltered = ({ filters }: Listing) => {
  const { tags, tag_match: _, is_nsfw: __, public_only, ...rest } = filters
  return tags.length > 0 || public_only === true || Object.values(rest).some(value => value !== undefined)
}

const COUNTS = ['user_regular_count', 'user_auto_count', 'community_regular_count', 'community_auto_count']

const countColumns = (sql: Sql) =>
  sql.unsafe(['matches', ...COUNTS].map(name => `counts.${name} as "counts.${name}"`).join(', '))

/** What is counted: of all sources from counters and indexes alone, of a filtered listing its matches. */
function counted(sql: Sql, parts: Part[], listing: Listing, isNarrow: boolean, withStats: boolean) {
  const { owner, sources, filters } = listing
  const isWhole = !isFiltered(listing)
  const wanted = withStats ? CONTENT_SOURCE_TYPES : isWhole ? sources : []
  const found = isWhole
    ? sql`null::integer`
    : sql`(select count(*) from ${isNarrow ? sql`found` : sql`(${matches(sql, parts)}) m`})`
  return sql`select ${found} as matches, ${countsOf(sql, owner, filters.is_nsfw === true, wanted)}`
}

const union = (sql: Sql, selects: Fragment[]): Fragment =>
  selects.length === 0
    ? sql`select null as kind, null::uuid as user_id, null::uuid as id, null as key where false`
    : selects.reduce((all, next) => sql`${all} union all ${next}`)

/** All rows of a listing. */
const matches = (sql: Sql, parts: Part[]) =>
  union(
    sql,
    parts.map(
      part => sql`(
        select ${part.kind}::text as kind, ${ofRow(sql, part, 'user_id')}, ${ofRow(sql, part, 'id')}, ${part.key} as key
        from ${part.from}
        where ${part.where})`,
    ),
  )

const ofRow = (sql: Sql, { table }: Part, column: string) => sql.unsafe(`${table}.${column}`)

/** The places of a page and one more: of each range so many, which are then merged. */
function pageOfRanges(sql: Sql, parts: Part[], listing: Listing, place: Place): Fragment {
  const { from, isBackward, offset, limit } = place
  const skipped = from ? 0 : offset
  const most = skipped + limit + 1
  const beyond = beyondOf(sql, listing, place)
  const direction = sql.unsafe(directionOf(listing, place))
  const among = (part: Part, range: Fragment, position: Fragment, by: Fragment) => sql`
    (select ${part.kind}::text as kind, ${ofRow(sql, part, 'user_id')}, ${ofRow(sql, part, 'id')}, ${part.key} as key
    from ${part.from}
    where ${part.where} and ${range} ${position}
    order by ${by}
    limit ${most})`

  const selects = parts.flatMap(part => {
    const id = ofRow(sql, part, 'id')
    const byKey = sql`${part.key} ${direction}, ${id} ${direction}`
    const start =
      from && from.key !== null ? sql`and (${part.key}, ${id}) ${beyond} (${from.key}, ${from.id})` : sql``
    const keyed = part.ranges.map(range =>
      among(part, range, part.empty.length > 0 ? sql`and ${part.tested} is not null ${start}` : start, byKey),
    )
    const emptyStart = from?.key === null ? sql`and ${id} ${beyond} ${from.id}` : sql``
    const empty = part.empty.map(range =>
      among(
        part,
        range,
        sql`and ${part.tested} is null ${emptyStart}`,
        part.emptyOrder === 'id' ? sql`${id} ${direction}` : byKey,
      ),
    )
    // Those without a key come last, whichever way the list is sorted; backwards they are the first.
    if (!from) return [...keyed, ...empty]
    if (isBackward) return from.key === null ? [...empty, ...keyed] : keyed
    return from.key === null ? empty : [...keyed, ...empty]
  })
  return sql`
    select kind, user_id, id, key
    from (${union(sql, selects)}) ranges
    order by ${order(sql, 'key', 'id', listing, place)}
    limit ${limit + 1} offset ${skipped}`
}

/** The same of what was looked up. */
function pageOfFound(sql: Sql, listing: Listing, place: Place): Fragment {
  const { from, isBackward, offset, limit } = place
  const beyond = beyondOf(sql, listing, place)
  const position = !from
    ? sql`true`
    : from.key === null
      ? sql`(key is null and id ${beyond} ${from.id} ${isBackward ? sql`or key is not null` : sql``})`
      : sql`((key, id) ${beyond} (${from.key}, ${from.id}) ${isBackward ? sql`` : sql`or key is null`})`
  return sql`
    select kind, user_id, id, key
    from found
    where ${position}
    order by ${order(sql, 'key', 'id', listing, place)}
    limit ${limit + 1} offset ${from ? 0 : offset}`
}

const isUpward = ({ sort_order }: Listing, { isBackward }: Place) => (sort_order === 'asc') !== isBackward
const beyondOf = (sql: Sql, listing: Listing, place: Place) =>
  sql.unsafe(isUpward(listing, place) ? '>' : '<')
const directionOf = (listing: Listing, place: Place) => (isUpward(listing, place) ? 'asc' : 'desc')

const order = (sql: Sql, key: string, id: string, listing: Listing, place: Place) => {
  const direction = directionOf(listing, place)
  return sql.unsafe(`${key} ${direction} nulls ${place.isBackward ? 'first' : 'last'}, ${id} ${direction}`)
}
