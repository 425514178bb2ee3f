// What all of a user's collections rest on: the lock of who changes them, the category that takes what is in no other, and
// what can be bookmarked.
import { v7 as uuidv7 } from 'uuid'
import type { Sql } from '../../ground/database/connection.ts'
import { together } from '../../ground/database/together.ts'
import { contentOfSave } from '../copies/store.ts'

const UNCATEGORIZED = 'Uncategorized'

/** Makes the category "Uncategorized", where it is not there yet. */
export async function ensureUncategorized(sql: Sql, userId: string): Promise<void> {
  const found = await sql`
    select from bookmark_categories
    where user_id = ${userId} and is_uncategorized`
  if (found.length === 0) await insertUncategorized(sql, userId)
}

/** Any number of requests may try this at once. */
async function insertUncategorized(sql: Sql, userId: string): Promise<void> {
  await sql`
    insert into bookmark_categories (user_id, id, name, is_uncategorized)
    values (${userId}, ${uuidv7()}, ${UNCATEGORIZED}, true)
    on conflict do nothing`
}

/**
 * Lets one change of a user's collections follow the other, until the transaction ends. To be asked before any save, work
 * or bookmark is locked.
 * @returns the id of "Uncategorized"
 */
export async function lockCollections(sql: Sql, userId: string): Promise<string> {
  const lock = () => sql<{ id: string }[]>`
    select id
    from bookmark_categories
    where user_id = ${userId} and is_uncategorized
    for no key update`
  const [found] = await lock()
  if (found) return found.id
  await insertUncategorized(sql, userId)
  const [made] = await lock()
  return made!.id
}

/** What can be bookmarked: one of the two ids is null. */
export interface Bookmarkable {
  save_id: string | null
  work_id: string | null
  content_source_type: 'items' | 'auto'
}

/** A user's save or work of this id, which stays until the transaction ends. */
export async function keepContent(sql: Sql, userId: string, id: string): Promise<Bookmarkable | undefined> {
  const [save] = await sql`
    select from user_content_saves
    where user_id = ${userId} and id = ${id}
    for key share`
  if (save) return { save_id: id, work_id: null, content_source_type: 'items' }
  const [work] = await sql<{ source_type: 'regular' | 'auto' }[]>`
    select source_type
    from works
    where user_id = ${userId} and id = ${id}
    for key share`
  if (!work) return undefined
  return { save_id: null, work_id: id, content_source_type: sourceTypes[work.source_type] }
}
const sourceTypes = { regular: 'items', auto: 'auto' } as const

/**
 * Keeps what these bookmarks are of until the transaction ends: whoever removes that locks it first, so that nobody meets
 * halfway. To be asked before a bookmark, or its place in a category, is changed.
 */
export async function keepBookmarks(sql: Sql, userId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const of = (column: 'save_id' | 'work_id') => sql`
    select ${sql(column)}
    from bookmarks
    where user_id = ${userId} and id in ${sql(ids)}`
  await together(
    sql`
      select from user_content_saves
      where user_id = ${userId} and id in (${of('save_id')})
      order by id
      for key share`,
    sql`
      select from works
      where user_id = ${userId} and id in (${of('work_id')})
      order by id
      for key share`,
  )
}

/** What rows of bookmarks `b` are joined with: their save `s` with its content `c`, or their work `w`. */
export const contentsOf = (sql: Sql, userId: string, save: string, work: string) => sql`
  left join user_content_saves s on s.user_id = ${userId} and s.id = ${sql(save)}
  left join ${contentOfSave(sql, userId)}
  left join works w on w.user_id = ${userId} and w.id = ${sql(work)}`

/** Puts those of these bookmarks that are in no category into "Uncategorized", after what is there. */
export async function placeLoose(
  sql: Sql,
  userId: string,
  uncategorizedId: string,
  bookmarkIds: string[],
): Promise<number> {
  if (bookmarkIds.length === 0) return 0
  const placed = await sql`
    insert into bookmark_memberships (user_id, bookmark_id, category_id, position)
    select b.user_id, b.id, ${uncategorizedId}::uuid, ${nextPosition(sql, userId, uncategorizedId)}
      + row_number() over (order by b.created_at, b.id)::integer - 1
    from bookmarks b
    where b.user_id = ${userId} and b.id in ${sql(bookmarkIds)} and b.deleted_at is null and not exists (
      select from bookmark_memberships m
      where m.user_id = ${userId} and m.bookmark_id = b.id
    )`
  return placed.count
}

/** The position after all that a category holds. */
export const nextPosition = (sql: Sql, userId: string, categoryId: string) => sql`
  (select coalesce(max(p.position) + 1, 0)
  from bookmark_memberships p
  where p.user_id = ${userId} and p.category_id = ${categoryId} and not p.is_hidden)`
