import type { Sql } from '../../../ground/database/connection.ts'
import type { Bookmarkable } from '../store.ts'

interface Flags {
  note?: string | null | undefined
  pinned?: boolean | undefined
  is_public?: boolean | undefined
}

/**
 * Bookmarks a save or a work. One that was deleted comes back, with what it had where nothing else is given.
 * @param id of a new one
 * @returns its id; undefined when there is one
 */
export async function insertBookmark(
  sql: Sql,
  userId: string,
  id: string,
  { save_id, work_id }: Bookmarkable,
  { note, pinned, is_public }: Flags,
): Promise<string | undefined> {
  const target = save_id ? sql`user_id, save_id` : sql`user_id, work_id`
  const [row] = await sql<{ id: string }[]>`
    insert into bookmarks as b (user_id, id, save_id, work_id, note, pinned, is_public)
    values (${userId}, ${id}, ${save_id}, ${work_id}, ${note ?? null}, ${pinned ?? false}, ${is_public ?? false})
    on conflict (${target}) do update set
      note = ${note === undefined ? sql`b.note` : note},
      pinned = ${pinned === undefined ? sql`b.pinned` : pinned},
      is_public = ${is_public === undefined ? sql`b.is_public` : is_public},
      deleted_at = null, updated_at = excluded.updated_at
    where b.deleted_at is not null
    returning id`
  if (row && row.id !== id) await hide(sql, userId, [row.id], false)
  return row?.id
}

/** Takes bookmarks out of the counts and lists of their categories, or puts them back. */
async function hide(sql: Sql, userId: string, ids: string[], is_hidden: boolean): Promise<void> {
  await sql`
    update bookmark_memberships
    set is_hidden = ${is_hidden}
    where user_id = ${userId} and bookmark_id in ${sql(ids)}`
}

/** Changes what is named. @returns whether there is such a bookmark. */
export async function changeBookmark(sql: Sql, userId: string, id: string, flags: Flags): Promise<boolean> {
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
  const changed = await sql`
    update bookmarks
    set ${sql({ ...given, updated_at: new Date().toISOString() } as never)}
    where user_id = ${userId} and id = ${id} and deleted_at is null`
  return changed.count > 0
}

/** Hides bookmarks. @returns how many were there. */
export async function deleteBookmarks(sql: Sql, userId: string, ids: string[]): Promise<number> {
  if (ids.length === 0) return 0
  const deleted = await sql`
    update bookmarks
    set deleted_at = now(), updated_at = now()
    where user_id = ${userId} and id in ${sql(ids)} and deleted_at is null`
  await hide(sql, userId, ids, true)
  return deleted.count
}

/** Removes for good bookmarks that were deleted longer than `days` ago, at most `most`. @returns how many. */
export async function dropDeletedBookmarks(sql: Sql, days: number, most: number): Promise<number> {
  const dropped = await sql`
    delete from bookmarks
    where (user_id, id) in (
      select user_id, id
      from bookmarks
      where deleted_at < now() - make_interval(days => ${days})
      order by deleted_at
      limit ${most}
    )`
  return dropped.count
}

/** Gives the bookmark of a save, and the covers that it is, to another one that it is joined with. */
export async function joinBookmarks(sql: Sql, userId: string, goneId: string, keptId: string): Promise<void> {
  await sql`
    select from user_content_saves
    where user_id = ${userId} and id = ${goneId}
    for update`
  await sql`
    update bookmark_categories
    set cover_content_id = ${keptId}
    where user_id = ${userId} and cover_content_id = ${goneId}`
  const [kept] = await sql<{ id: string }[]>`
    select id
    from bookmarks
    where user_id = ${userId} and save_id = ${keptId}
    for no key update`
  if (!kept) {
    await sql`
      update bookmarks
      set save_id = ${keptId}
      where user_id = ${userId} and save_id = ${goneId}`
    return
  }
  await sql`
    insert into bookmark_memberships (user_id, bookmark_id, category_id, position, created_at)
    select m.user_id, ${kept.id}::uuid, m.category_id, m.position, m.created_at
    from bookmark_memberships m
    join bookmarks gone on gone.user_id = ${userId} and gone.id = m.bookmark_id
    where m.user_id = ${userId} and gone.save_id = ${goneId} and gone.deleted_at is null
    on conflict do nothing`
  const joined = await sql`
    update bookmarks kept
    set note = coalesce(kept.note, gone.note), pinned = kept.pinned or gone.pinned, deleted_at = null
    from bookmarks gone
    where kept.user_id = ${userId} and kept.id = ${kept.id}
      and gone.user_id = ${userId} and gone.save_id = ${goneId} and gone.deleted_at is null
    returning kept.id`
  if (joined.length > 0) await hide(sql, userId, [kept.id], false)
}
