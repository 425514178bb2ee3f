import type { Sql } from '../../database/connection.ts'
import type { Category, Status } from '../../vocabulary.ts'
import { contentColumns, contentDetailColumns } from '../contents/store.ts'
import { nestRow } from './nest-row.ts'
import type { Item, ItemDetail, ListQuery } from './schema.ts'

const saveColumns = (sql: Sql) => sql`
  s.id as "save.id", s.user_id as "save.user_id", s.shared_content_id as "save.shared_content_id",
  s.raw_share_text as "save.raw_share_text", s.is_favorited as "save.is_favorited",
  s.is_archived as "save.is_archived", s.created_at as "save.created_at"`

/** The columns of an item in a list, to be read by `nestRow`; `s` is user_content_saves, `c` shared_contents. */
export const itemColumns = (sql: Sql) => sql`${saveColumns(sql)}, ${contentColumns(sql)}`

/** Adds a save. @returns false when this user has saved this content already. */
export async function insertSave(
  sql: Sql,
  save: { id: string; user_id: string; shared_content_id: string; raw_share_text: string | null },
): Promise<boolean> {
  const added = await sql`
    insert into user_content_saves (user_id, id, shared_content_id, raw_share_text)
    values (${save.user_id}, ${save.id}, ${save.shared_content_id}, ${save.raw_share_text})
    on conflict (user_id, shared_content_id) do nothing
    returning id`
  return added.length === 1
}

/** The id of a user's save of a link. */
export async function findSaveOf(sql: Sql, userId: string, urlHash: string): Promise<string | undefined> {
  const [save] = await sql<{ id: string }[]>`
    select s.id
    from user_content_saves s
    join shared_contents c on c.id = s.shared_content_id
    where s.user_id = ${userId} and c.url_hash = ${urlHash}`
  return save?.id
}

export async function findItem(sql: Sql, userId: string, saveId: string): Promise<Item | undefined> {
  const [row] = await sql`
    select ${itemColumns(sql)}
    from user_content_saves s
    join shared_contents c on c.id = s.shared_content_id
    where s.user_id = ${userId} and s.id = ${saveId}`
  return row && nestRow<Item>(row)
}

/** One item with all that is public of its content. */
export async function findItemDetail(
  sql: Sql,
  userId: string,
  saveId: string,
): Promise<ItemDetail | undefined> {
  const [row] = await sql`
    select ${saveColumns(sql)}, s.last_viewed_at as "save.last_viewed_at", s.updated_at as "save.updated_at",
      ${contentDetailColumns(sql)}
    from user_content_saves s
    join shared_contents c on c.id = s.shared_content_id
    where s.user_id = ${userId} and s.id = ${saveId}`
  return row && nestRow<ItemDetail>(row)
}

/** Notes that a user looked at a save, which changes what their list shows. */
export async function markViewed(sql: Sql, userId: string, saveId: string): Promise<void> {
  await sql`
    with viewed as (
      update user_content_saves
      set last_viewed_at = now()
      where user_id = ${userId} and id = ${saveId}
      returning user_id
    )
    update libraries
    set version = version + 1
    where user_id in (select user_id from viewed)`
}

const SORT_COLUMNS = {
  created_at: 's.created_at',
  updated_at: 's.updated_at',
  last_viewed_at: 's.last_viewed_at',
  title: 'c.title',
  save_count: 'c.save_count',
} as const

/** A page of a user's items and how many there are in all. */
export async function listItems(
  sql: Sql,
  userId: string,
  query: ListQuery,
): Promise<{ items: Item[]; total: number }> {
  const which = sql`
    from user_content_saves s
    join shared_contents c on c.id = s.shared_content_id
    where s.user_id = ${userId} and c.status = ${query.status}
      ${query.is_archived ? sql`` : sql`and not s.is_archived`}
      ${query.is_favorited === undefined ? sql`` : sql`and s.is_favorited = ${query.is_favorited}`}
      ${query.category ? sql`and coalesce(c.category_high, 'Misc') = ${query.category}` : sql``}
      ${query.search ? matches(sql, query.search) : sql``}`
  const order = sql.unsafe(
    `${SORT_COLUMNS[query.sort_by]} ${query.sort_order} nulls last, s.id ${query.sort_order}`,
  )
  const [rows, [count]] = await Promise.all([
    sql`
      select ${itemColumns(sql)}
      ${which}
      order by ${order}
      limit ${query.limit} offset ${query.offset}`,
    sql<{ total: number }[]>`select count(*) as total ${which}`,
  ])
  return { items: rows.map(row => nestRow<Item>(row)), total: count!.total }
}

/** In the title, the topic or the note; upper or lower case, and with no character that means something else. */
const matches = (sql: Sql, search: string) => sql`
  and (strpos(lower(c.title), lower(${search})) > 0
    or strpos(lower(c.topic_main), lower(${search})) > 0
    or strpos(lower(s.raw_share_text), lower(${search})) > 0)`

export interface CategoryGroup {
  category: Category
  count: number
  items: Item[]
}

/** A user's items by category, the largest group first; the newest `limit` of each. */
export async function groupItems(
  sql: Sql,
  userId: string,
  status: Status,
  limit: number,
): Promise<CategoryGroup[]> {
  const rows = await sql`
    with ranked as (
      select s.id, coalesce(c.category_high, 'Misc') as category,
        row_number() over by_category as place,
        count(*) over (partition by coalesce(c.category_high, 'Misc')) as group_count
      from user_content_saves s
      join shared_contents c on c.id = s.shared_content_id
      where s.user_id = ${userId} and c.status = ${status} and not s.is_archived
      window by_category as (partition by coalesce(c.category_high, 'Misc') order by s.created_at desc, s.id desc)
    )
    select r.category, r.group_count, ${itemColumns(sql)}
    from ranked r
    join user_content_saves s on s.user_id = ${userId} and s.id = r.id
    join shared_contents c on c.id = s.shared_content_id
    where r.place <= ${limit}
    order by r.group_count desc, r.category, r.place`
  const groups = new Map<Category, CategoryGroup>()
  for (const { category, group_count, ...row } of rows) {
    const group: CategoryGroup = groups.get(category) ?? { category, count: group_count, items: [] }
    group.items.push(nestRow<Item>(row))
    groups.set(category, group)
  }
  return [...groups.values()]
}
