// Lists of a user's saves. Each reads a range of one index. sort_by=save_count alone goes by another table, since that
// number stands with the content and moves with other people's saves: it walks the contents of everybody, most saved
// first, and looks up which are the user's; the few matches of a narrow filter are sorted instead.
import type postgres from 'postgres'
import type { Sql } from '../../../ground/database/connection.ts'
import { isSpread } from '../../../ground/database/layout.ts'
import type { Position } from '../../../ground/http/paging.ts'
import { type Category, STATUSES, type Status } from '../../../vocabulary.ts'
import { contentOfSave } from '../../copies/store.ts'
import { asksFor, parseQuery } from '../../query/parse-query.ts'
import { isAsQueried } from '../../query/store.ts'
import { hasTags } from '../../tags/on-saves/store.ts'
import { nestRows } from '../nest-row.ts'
import type { Item } from '../schema.ts'
import { itemColumns } from '../store.ts'
import type { ListQuery } from './schema.ts'

type Fragment = postgres.PendingQuery<postgres.Row[]>

const KEYS = {
  created_at: 's.created_at',
  updated_at: 's.updated_at',
  last_viewed_at: 's.last_viewed_at',
  title: 's.title_key',
  save_count: 'c.save_count',
} as const

const MAY_BE_NULL: readonly string[] = ['last_viewed_at', 'title']

/** So many matches are sorted by save_count at once: that costs no more than a walk. */
const SORTED_MOST = 2_000
/** A walk looks at so many contents. Should they not hold a page of the user's, the matches are sorted after all. */
const WALKED_MOST = 10_000

export interface Page {
  items: Item[]
  /** Where the page after this one starts, or null when there is none. */
  next: Position | null
  total: number
}

type Found = Item & { page: Position & { total: number } }

/** A page of a user's items, from `after` or from the offset, and how many there are in all. */
export async function listItems(
  sql: Sql,
  userId: string,
  asked: ListQuery,
  after: Position | undefined,
): Promise<Page> {
  const query = widened(asked)
  const read = query.sort_by === 'save_count' ? readBySaveCount : readPage
  const rows = nestRows<Found>(await read(sql, userId, query, after))
  const found = rows.filter(({ page }) => page.id !== null)
  const items = found.slice(0, query.limit).map(({ save, content }) => ({ save, content }))
  const { key, id } = found[query.limit - 1]?.page ?? {}
  const next = found.length > query.limit ? { key: key!, id: id! } : null
  return { items, next, total: rows[0]!.page.total }
}

/**
 * The rows of a page and one more, or one without a save where there are none. `page.key` and `page.id` say where each is
 * in the list, `page.total` how many there are in all: of the same moment, or a list would miss what its number counts.
 */
const readPage = (
  sql: Sql,
  userId: string,
  query: ListQuery,
  after: Position | undefined,
  isWalk = false,
) => sql`
  ${isSearch(query) ? searched(sql, userId, query) : sql``}
  select counted.total as "page.total", page.key as "page.key", page.id as "page.id", ${itemColumns(sql)}
  from (${isSearch(query) ? countFound(sql) : countItems(sql, userId, query)}) counted
  left join (${pageOfKeys(sql, userId, query, after, isWalk)}) page on true
  left join user_content_saves s on s.user_id = ${userId} and s.id = page.save_id
  left join ${contentOfSave(sql, userId)}
  order by ${order(sql, 'page.key', 'page.id', query)}`

async function readBySaveCount(sql: Sql, userId: string, query: ListQuery, after: Position | undefined) {
  // Where tables are spread the numbers lie beside the saves.
  const isSorted = isSearch(query) || isSpread(sql) || !(await isLong(sql, userId, query))
  if (isSorted) return readPage(sql, userId, query, after)
  const rows = await readPage(sql, userId, query, after, true)
  if (rows.length > query.limit || !(await goesOn(sql, query, after))) return rows
  return readPage(sql, userId, query, after)
}

async function isLong(sql: Sql, userId: string, query: ListQuery): Promise<boolean> {
  const [count] = await sql<{ total: number }[]>`${countItems(sql, userId, query)}`
  return count!.total > SORTED_MOST
}

/** Whether there are contents beyond a walk. */
async function goesOn(sql: Sql, query: ListQuery, after: Position | undefined): Promise<boolean> {
  const beyond = await sql`select from (${walk(sql, query, after, WALKED_MOST + 1)}) c offset ${WALKED_MOST}`
  return beyond.length > 0
}

/** The contents of everybody from a place in the order by save_count on. */
const walk = (sql: Sql, query: ListQuery, after: Position | undefined, most: number) => sql`
  select c.id, c.save_count
  from shared_contents c
  ${after ? sql`where (c.save_count, c.id) ${beyondOf(sql, query)} (${after.key!}, ${after.id})` : sql``}
  order by ${order(sql, 'c.save_count', 'c.id', query, false)}
  limit ${most}`

/**
 * The places of a page, and one more. Row comparison makes the cursor one range of the index; saves without a value
 * come last in either order, and they and archived ones are ranges of their own, of which each gives one page.
 */
function pageOfKeys(
  sql: Sql,
  userId: string,
  query: ListQuery,
  after: Position | undefined,
  isWalk: boolean,
) {
  const key = sql.unsafe(KEYS[query.sort_by])
  const id = query.sort_by === 'save_count' ? 'c.id' : 's.id'
  const beyond = beyondOf(sql, query)
  const skipped = after ? 0 : query.offset
  const from = isWalk
    ? sql`(${walk(sql, query, after, WALKED_MOST)}) c join user_content_saves s on s.shared_content_id = c.id`
    : source(sql, userId, query)
  const among = (range: Fragment, position: Fragment) => sql`
    (select ${key} as key, ${sql.unsafe(id)} as id, s.id as save_id
    from ${from}
    where ${matches(sql, userId, query)} and ${range} ${position}
    order by ${order(sql, KEYS[query.sort_by], id, query, false)}
    limit ${skipped + query.limit + 1})`

  const positions: Fragment[] = []
  if (after?.key !== null) {
    const start = after ? sql`and (${key}, ${sql.unsafe(id)}) ${beyond} (${after.key!}, ${after.id})` : sql``
    positions.push(MAY_BE_NULL.includes(query.sort_by) ? sql`and ${key} is not null ${start}` : start)
  }
  if (MAY_BE_NULL.includes(query.sort_by)) {
    positions.push(
      sql`and ${key} is null ${after?.key === null ? sql`and s.id ${beyond} ${after.id}` : sql``}`,
    )
  }
  const ranges = rangesOf(sql, query).flatMap(range => positions.map(position => among(range, position)))
  return sql`
    select key, id, save_id
    from (${ranges.reduce((all, range) => sql`${all} union all ${range}`)}) ranges
    order by ${order(sql, 'key', 'id', query)}
    limit ${query.limit + 1} offset ${skipped}`
}

const beyondOf = (sql: Sql, { sort_order }: ListQuery) => sql.unsafe(sort_order === 'asc' ? '>' : '<')

/** `nulls last` would keep a descending range from the index; a range without nulls does not need it. */
const order = (sql: Sql, key: string, id: string, { sort_order }: ListQuery, nullsLast = true) =>
  sql.unsafe(`${key} ${sort_order}${nullsLast ? ' nulls last' : ''}, ${id} ${sort_order}`)

/** A search that asks for archived or failed saves looks among these, too. */
function widened(query: ListQuery): ListQuery {
  if (!query.search) return query
  const parsed = parseQuery(query.search)
  return {
    ...query,
    ...(asksFor(parsed, 'archived') ? { is_archived: 'all' } : {}),
    ...(asksFor(parsed, 'failed') ? { status: 'all' } : {}),
  }
}

/** Whether saves are looked for that no index lists: those with a text, or with tags. */
const isSearch = ({ search, tag }: Pick<ListQuery, 'search' | 'tag'>): boolean =>
  (search !== undefined && search !== '') || tag !== undefined

/** Where a list reads from: a search finds its saves once, whichever ranges read them then. */
const source = (sql: Sql, userId: string, { sort_by, ...query }: ListQuery) => sql`
  ${isSearch(query) ? sql`found s` : sql`user_content_saves s`}
  ${sort_by === 'save_count' ? sql`join ${contentOfSave(sql, userId)}` : sql``}`

/** Materialized: the planner would rather walk the sorted index for a word that it takes to be common. */
const searched = (sql: Sql, userId: string, query: ListQuery) => sql`
  with found as materialized (
    select s.user_id, s.id, s.shared_content_id, s.status, s.category, s.is_archived, s.is_favorited,
      s.created_at, s.updated_at, s.last_viewed_at, s.title_key
    from user_content_saves s
    where ${matches(sql, userId, query)} and ${inList(sql, query)}
      ${query.search ? sql`and ${isAsQueried(sql, userId, parseQuery(query.search))}` : sql``}
      ${query.tag ? sql`and ${hasTags(sql, userId, query.tag, query.tag_match)}` : sql``}
  )`

/** A list is made of ranges of an index: one for each status and for archived or not. */
const statusesOf = ({ status }: Pick<ListQuery, 'status'>): readonly Status[] =>
  status === 'all' ? STATUSES : [status]
const archivedOf = ({ is_archived }: ListQuery): boolean[] =>
  is_archived === 'all' ? [false, true] : [is_archived === 'true']

function rangesOf(sql: Sql, query: ListQuery): Fragment[] {
  // No index of saves has this order: one look at each content does for all.
  if (query.sort_by === 'save_count') return [inList(sql, query)]
  return statusesOf(query).flatMap(status =>
    archivedOf(query).map(archived => sql`s.status = ${status} and s.is_archived = ${archived}`),
  )
}

/** What a list is about, but for status and archive. */
const matches = (sql: Sql, userId: string, query: ListQuery) => sql`
  s.user_id = ${userId}
  ${query.category ? sql`and s.category = ${query.category}` : sql``}
  ${query.is_favorited === undefined ? sql`` : sql`and ${sql.unsafe(query.is_favorited ? '' : 'not')} s.is_favorited`}`

const inList = (sql: Sql, query: ListQuery) => sql`
  s.status in ${sql(statusesOf(query))} and s.is_archived in ${sql(archivedOf(query) as never[])}`

/** Reads at most a row for each kind of save that the user has. */
const countItems = (sql: Sql, userId: string, query: ListQuery) => sql`
  select coalesce(sum(s.items), 0)::integer as total
  from library_counts s
  where ${matches(sql, userId, query)} and ${inList(sql, query)}`

/** Counts what the search has found. */
const countFound = (sql: Sql) => sql`select count(*)::integer as total from found`

export interface CategoryGroup {
  category: Category
  count: number
  items: Item[]
}

/** A user's items by category, the largest group first; the newest `limit` of each. Counts no rows. */
export async function groupItems(
  sql: Sql,
  userId: string,
  status: ListQuery['status'],
  limit: number,
): Promise<CategoryGroup[]> {
  const statuses = statusesOf({ status })
  const rows = await sql`
    with groups as (
      select category, sum(items)::integer as count
      from library_counts
      where user_id = ${userId} and status in ${sql(statuses)} and not is_archived
      group by category
      having sum(items) > 0
    )
    select g.category, g.count, ${itemColumns(sql)}
    from groups g
    cross join lateral (
      select n.id
      from user_content_saves n
      where n.user_id = ${userId} and n.status in ${sql(statuses)} and not n.is_archived and n.category = g.category
      order by n.created_at desc, n.id desc
      limit ${limit}
    ) newest
    join user_content_saves s on s.user_id = ${userId} and s.id = newest.id
    join ${contentOfSave(sql, userId)}
    order by g.count desc, g.category, s.created_at desc, s.id desc`
  const groups = new Map<Category, CategoryGroup>()
  for (const { category, count, ...item } of nestRows<Item & Omit<CategoryGroup, 'items'>>(rows)) {
    const group: CategoryGroup = groups.get(category) ?? { category, count, items: [] }
    group.items.push(item)
    groups.set(category, group)
  }
  return [...groups.values()]
}
