import type postgres from 'postgres'
import type { Sql } from '../../../ground/database/connection.ts'
import { together } from '../../../ground/database/together.ts'
import { countBookmarks, type Source } from '../listing/store.ts'
import { keepBookmarks, nextPosition } from '../store.ts'
import type { CATEGORY_SORTS, Category } from './schema.ts'

type Fragment = postgres.PendingQuery<postgres.Row[]>

/** A category as it is kept: its token is sealed. */
export type KeptCategory = Omit<Category, 'share_token'> & { share_token_sealed: string | null }

/** Counts of smart ones are not known yet. */
const columns = (sql: Sql) => sql`
  k.id, k.user_id, k.name, k.description, k.color, k.icon, k.parent_id, k.sort_index, k.is_public,
  k.is_uncategorized, k.query, k.share_token_sealed, k.created_at, k.updated_at,
  coalesce(cs.id, cw.id) as cover_content_id,
  case when cs.id is not null or cw.source_type = 'regular' then 'items' when cw.id is not null then 'auto' end
    as cover_content_source_type,
  n.members as bookmark_count`

/** What categories `k` show of other tables: covers that are there, and how many bookmarks each has. */
const shown = (sql: Sql, userId: string) => sql`
  left join user_content_saves cs on cs.user_id = ${userId} and cs.id = k.cover_content_id
  left join works cw on cw.user_id = ${userId} and cw.id = k.cover_content_id
  cross join lateral (
    select count(*)::integer as members
    from bookmark_memberships m
    where m.user_id = ${userId} and m.category_id = k.id and not m.is_hidden
  ) n`

/** Adds what the queries of smart categories find at present. */
async function counted(sql: Sql, userId: string, categories: KeptCategory[]): Promise<KeptCategory[]> {
  const smart = categories.filter(({ query }) => query !== null)
  const totals = await together(...smart.map(source => countBookmarks(sql, userId, { source })))
  const totalOf = new Map(smart.map(({ id }, i) => [id, totals[i]!]))
  return categories.map(category => ({
    ...category,
    bookmark_count: totalOf.get(category.id) ?? category.bookmark_count,
  }))
}

async function readCategories(sql: Sql, userId: string, which: Fragment): Promise<KeptCategory[]> {
  const rows = await sql<KeptCategory[]>`
    select ${columns(sql)}
    from bookmark_categories k
    ${shown(sql, userId)}
    where k.user_id = ${userId} ${which}`
  return counted(sql, userId, [...rows])
}

export interface CategoryFilters {
  parent_id?: string | undefined
  is_public?: boolean | undefined
  /** Only those that hold this bookmark. */
  of_bookmark?: string | undefined
}

const matching = (sql: Sql, userId: string, { parent_id, is_public, of_bookmark }: CategoryFilters) => sql`
  ${parent_id === undefined ? sql`` : sql`and k.parent_id = ${parent_id}`}
  ${is_public === undefined ? sql`` : sql`and k.is_public = ${is_public}`}
  ${
    of_bookmark === undefined
      ? sql``
      : sql`and exists (
          select from bookmark_memberships o
          where o.user_id = ${userId} and o.bookmark_id = ${of_bookmark} and o.category_id = k.id
        )`
  }`

export interface CategoryOrder {
  sort: (typeof CATEGORY_SORTS)[number]
  direction: 'asc' | 'desc'
}

const KEYS: Record<CategoryOrder['sort'], string> = {
  sort_index: 'k.sort_index',
  updated_at: 'k.updated_at',
  created_at: 'k.created_at',
  name: 'k.name_key',
}

const BY_INDEX: CategoryOrder = { sort: 'sort_index', direction: 'asc' }

/** "Uncategorized" first, whatever the order. */
const inOrder = (sql: Sql, { sort, direction }: CategoryOrder) =>
  sql.unsafe(
    `order by k.is_uncategorized desc, ${KEYS[sort]} ${direction}, k.name_key ${direction}, k.id ${direction}`,
  )

/** A part of a user's categories, in order. */
export async function listCategories(
  sql: Sql,
  userId: string,
  filters: CategoryFilters,
  order: CategoryOrder,
  { skip, limit }: { skip: number; limit: number },
): Promise<KeptCategory[]> {
  const part = sql`${matching(sql, userId, filters)} ${inOrder(sql, order)} limit ${limit} offset ${skip}`
  return readCategories(sql, userId, part)
}

export async function countCategories(
  sql: Sql,
  userId: string,
  filters: CategoryFilters = {},
): Promise<number> {
  const [found] = await sql<{ total: number }[]>`
    select count(*) as total
    from bookmark_categories k
    where k.user_id = ${userId} ${matching(sql, userId, filters)}`
  return found!.total
}

/** All of a user's categories, or those that `filters` lets through, by their index. */
export async function allCategories(
  sql: Sql,
  userId: string,
  filters: CategoryFilters = {},
): Promise<KeptCategory[]> {
  return readCategories(sql, userId, sql`${matching(sql, userId, filters)} ${inOrder(sql, BY_INDEX)}`)
}

export async function findCategory(sql: Sql, userId: string, id: string): Promise<KeptCategory | undefined> {
  const [found] = await readCategories(sql, userId, sql`and k.id = ${id}`)
  return found
}

/** Where the bookmarks of a category come from; undefined where there is no such category. */
export async function findSource(sql: Sql, userId: string, id: string): Promise<Source> {
  const [found] = await sql<{ id: string; query: string | null }[]>`
    select id, query
    from bookmark_categories
    where user_id = ${userId} and id = ${id}`
  return found
}

/** Which category is under which. */
export async function listPlaces(
  sql: Sql,
  userId: string,
): Promise<{ id: string; parent_id: string | null; name: string }[]> {
  return sql<{ id: string; parent_id: string | null; name: string }[]>`
    select id, parent_id, name
    from bookmark_categories
    where user_id = ${userId}`
}

/** Whether a category without a parent has this name. */
export async function isTopName(sql: Sql, userId: string, name: string): Promise<boolean> {
  const found = await sql`
    select from bookmark_categories
    where user_id = ${userId} and parent_id is null and name_key = left(folded(${name}), 255)`
  return found.length > 0
}

export interface CategoryFields {
  name?: string | undefined
  description?: string | null | undefined
  color?: string | null | undefined
  icon?: string | null | undefined
  cover_content_id?: string | null | undefined
  parent_id?: string | null | undefined
  sort_index?: number | undefined
  is_public?: boolean | undefined
  query?: string | null | undefined
  share_token_sealed?: string | undefined
}

const given = (fields: CategoryFields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** @throws the constraint `bookmark_categories_name_taken` */
export async function insertCategory(
  sql: Sql,
  userId: string,
  id: string,
  fields: CategoryFields,
): Promise<void> {
  await sql`insert into bookmark_categories ${sql({ user_id: userId, id, ...given(fields) } as never)}`
}

/** Changes what is named. @throws the constraint `bookmark_categories_name_taken` */
export async function changeCategory(
  sql: Sql,
  userId: string,
  id: string,
  fields: CategoryFields,
): Promise<void> {
  await sql`
    update bookmark_categories
    set ${sql({ ...given(fields), updated_at: new Date().toISOString() } as never)}
    where user_id = ${userId} and id = ${id}`
}

/** Whether a category has members, deleted ones among them. */
export async function hasMembers(sql: Sql, userId: string, id: string): Promise<boolean> {
  const found = await sql`
    select from bookmark_memberships
    where user_id = ${userId} and category_id = ${id}
    limit 1`
  return found.length > 0
}

/** The bookmarks that a category holds. What they are of stays until the transaction ends. */
export async function keepMembers(sql: Sql, userId: string, id: string): Promise<string[]> {
  const find = async () => {
    const members = await sql<{ id: string }[]>`
      select bookmark_id as id
      from bookmark_memberships
      where user_id = ${userId} and category_id = ${id} and not is_hidden`
    return members.map(({ id }) => id)
  }
  await keepBookmarks(sql, userId, await find())
  // Some may have gone until they were kept.
  return find()
}

/** Puts what a category holds behind what another one has, as far as it is not there already. */
export async function moveMembers(sql: Sql, userId: string, id: string, targetId: string): Promise<void> {
  await sql`
    insert into bookmark_memberships (user_id, bookmark_id, category_id, position, is_hidden)
    select m.user_id, m.bookmark_id, ${targetId}::uuid, ${nextPosition(sql, userId, targetId)}
      + row_number() over (order by m.position, m.bookmark_id)::integer - 1, m.is_hidden
    from bookmark_memberships m
    where m.user_id = ${userId} and m.category_id = ${id}
    on conflict do nothing`
}

/** Removes a category, and the places of bookmarks in it. */
export async function deleteCategory(sql: Sql, userId: string, id: string): Promise<void> {
  await sql`
    delete from bookmark_categories
    where user_id = ${userId} and id = ${id}`
}
