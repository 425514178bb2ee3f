// Lists of bookmarks. The places of a page are found first, of which each is a bookmark, or in a smart category a save that
// may be none; then what they show. Nothing but a user's own rows is sorted.
import type postgres from 'postgres'
import type { Sql } from '../../../ground/database/connection.ts'
import { thumbnailPath } from '../../contents/store.ts'
import { nestRows } from '../../items/nest-row.ts'
import { parseQuery } from '../../query/parse-query.ts'
import { savesMatching } from '../../query/store.ts'
import type { Bookmark } from '../bookmarks/schema.ts'
import { contentsOf } from '../store.ts'

type Fragment = postgres.PendingQuery<postgres.Row[]>

export interface Filters {
  pinned?: boolean | undefined
  is_public?: boolean | undefined
}

/** All bookmarks, or those of a category: its members, or what its query finds. */
export type Source = { id: string; query: string | null } | undefined

export const SORTS = ['user_rating_then_created', 'user_rating', 'quality_score', 'created', 'title'] as const
export type Sort = (typeof SORTS)[number] | 'position' | 'added'

export interface Order {
  sort: Sort
  direction: 'asc' | 'desc'
}

export interface Listing {
  source?: Source
  filters?: Filters
  order: Order
  skip: number
  limit: number
  include_content: boolean
}

/** What is of a bookmark itself, or in its place of a save that is none. */
const ownColumns = (sql: Sql) => sql`b.note, b.pinned, b.is_public, b.created_at, b.updated_at`

/** The bookmarks of a list, a row each. */
function placesFrom(sql: Sql, userId: string, source: Source, { pinned, is_public }: Filters): Fragment {
  const live = sql`b.user_id = ${userId} and b.deleted_at is null`
  // What is no bookmark is neither pinned nor public.
  const filters = sql`
    ${pinned === undefined ? sql`` : sql`and coalesce(b.pinned, false) = ${pinned}`}
    ${is_public === undefined ? sql`` : sql`and coalesce(b.is_public, false) = ${is_public}`}`
  if (source?.query) {
    return sql`
      select b.id as bookmark_id, found.id as save_id, null::uuid as work_id, null::timestamptz as added_at,
        ${ownColumns(sql)}
      from (${savesMatching(sql, userId, parseQuery(source.query))}) found
      left join bookmarks b on b.save_id = found.id and ${live}
      where true ${filters}`
  }
  if (source) {
    return sql`
      select b.id as bookmark_id, b.save_id, b.work_id, m.created_at as added_at, m.position, ${ownColumns(sql)}
      from bookmark_memberships m
      join bookmarks b on b.id = m.bookmark_id and ${live}
      where m.user_id = ${userId} and m.category_id = ${source.id} and not m.is_hidden ${filters}`
  }
  return sql`
    select b.id as bookmark_id, b.save_id, b.work_id, b.created_at as added_at, ${ownColumns(sql)}
    from bookmarks b
    where ${live} ${filters}`
}

const RATING = 'r.rating'
const CREATED = 'coalesce(s.created_at, w.created_at)'
const ID = 'coalesce(p.bookmark_id, p.save_id)'

/** What each order goes by; what is equal goes by time, and at last by its id. */
const KEYS: Record<Sort, string[]> = {
  user_rating_then_created: [RATING, CREATED, ID],
  user_rating: [RATING, CREATED, ID],
  quality_score: ['w.quality_score', CREATED, ID],
  created: [CREATED, ID],
  title: ['coalesce(s.title_key, title_order(w.title) collate "C")', CREATED, ID],
  added: ['coalesce(p.added_at, s.created_at)', ID],
  position: ['p.position', 'p.bookmark_id'],
}

/** A part of a list in its order, of which `place` is the number. What it does not go by is not read. */
export function sortedPlaces(
  sql: Sql,
  userId: string,
  { source, filters = {}, order: { sort, direction }, skip, limit }: Omit<Listing, 'include_content'>,
): Fragment {
  // Only members are put into an order.
  const keys = KEYS[sort === 'position' && (!source || source.query) ? 'created' : sort]
  const order = keys.map(key => `${key} ${direction} nulls last`).join(', ')
  const contents = sql`
    left join user_content_saves s on s.user_id = ${userId} and s.id = p.save_id
    left join works w on w.user_id = ${userId} and w.id = p.work_id`
  const ratings = sql`
    left join content_ratings r on r.user_id = ${userId} and r.content_id = coalesce(p.save_id, p.work_id)`
  return sql`
    select o.bookmark_id, o.save_id, o.work_id, o.added_at, o.note, o.pinned, o.is_public, o.created_at,
      o.updated_at, row_number() over () as place
    from (
      select p.bookmark_id, p.save_id, p.work_id, p.added_at, p.note, p.pinned, p.is_public, p.created_at,
        p.updated_at
      from (${placesFrom(sql, userId, source, filters)}) p
      ${keys.some(key => /\b[sw]\./.test(key)) ? contents : sql``}
      ${keys.includes(RATING) ? ratings : sql``}
      order by ${sql.unsafe(order)}
      limit ${limit} offset ${skip}
    ) o`
}

const contentColumns = (sql: Sql) => sql`
  coalesce(s.id, w.id) as "content.id", coalesce(w.content_type, 'link') as "content.content_type",
  coalesce(s.title, w.title) as "content.title", coalesce(c.url, w.file_url) as "content.url",
  c.author as "content.author", c.source_platform as "content.source_platform", s.status as "content.status",
  coalesce(s.category, w.content_category) as "content.category_high", w.quality_score as "content.quality_score",
  coalesce(c.thumbnail_url, w.thumbnail_url) as "content.thumbnail_url",
  ${thumbnailPath(sql, 'c')} as "content.thumbnail_path",
  coalesce(c.thumbnail_url, w.thumbnail_url) as "content.path_thumb_184x272",
  coalesce(c.thumbnail_url, w.thumbnail_url) as "content.path_thumb_368x544",
  coalesce(s.created_at, w.created_at) as "content.created_at"`

/** The rows of places `p`, in their order. */
const shownAt = (sql: Sql, userId: string, places: Fragment, withContent: boolean) => sql`
  select p.bookmark_id as id, ${userId}::uuid as user_id, coalesce(p.save_id, p.work_id) as content_id,
    case when w.source_type = 'auto' then 'auto' else 'items' end as content_source_type,
    p.note, coalesce(p.pinned, false) as pinned, coalesce(p.is_public, false) as is_public,
    coalesce(p.created_at, s.created_at) as created_at, coalesce(p.updated_at, s.created_at) as updated_at,
    r.rating::float8 as user_rating ${withContent ? sql`, ${contentColumns(sql)}` : sql``}
  from (${places}) p
  ${contentsOf(sql, userId, 'p.save_id', 'p.work_id')}
  left join content_ratings r on r.user_id = ${userId} and r.content_id = coalesce(p.save_id, p.work_id)
  order by p.place`

const bookmarksOf = (rows: postgres.Row[], withContent: boolean): Bookmark[] =>
  withContent ? nestRows<Bookmark>(rows) : rows.map(row => ({ ...row, content: null }) as unknown as Bookmark)

/** A part of a user's bookmarks, in order. */
export async function listBookmarks(sql: Sql, userId: string, listing: Listing): Promise<Bookmark[]> {
  const { include_content } = listing
  const rows = await shownAt(sql, userId, sortedPlaces(sql, userId, listing), include_content)
  return bookmarksOf(rows, include_content)
}

/** How many there are in all. */
export async function countBookmarks(
  sql: Sql,
  userId: string,
  { source, filters = {} }: Pick<Listing, 'source' | 'filters'>,
): Promise<number> {
  const isFiltered = filters.pinned !== undefined || filters.is_public !== undefined
  const members = sql`
    select from bookmark_memberships m
    where m.user_id = ${userId} and m.category_id = ${source?.id ?? null} and not m.is_hidden`
  const isMembers = source && !source.query && !isFiltered
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from (${isMembers ? members : placesFrom(sql, userId, source, filters)}) places`
  return counted!.total
}

/** One of them, which is not deleted. */
export async function findBookmark(sql: Sql, userId: string, id: string): Promise<Bookmark | undefined> {
  const place = sql`
    select b.id as bookmark_id, b.save_id, b.work_id, ${ownColumns(sql)}, 1 as place
    from bookmarks b
    where b.user_id = ${userId} and b.id = ${id} and b.deleted_at is null`
  const rows = await shownAt(sql, userId, place, true)
  return bookmarksOf(rows, true)[0]
}
