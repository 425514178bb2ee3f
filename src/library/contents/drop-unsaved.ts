import type { Sql } from '../../ground/database/connection.ts'
import { findHeld } from '../trash/store.ts'

/** For so many days a content that nobody has any more is kept, since a link that is removed may be saved again. */
export const UNSAVED_DAYS = 30

/**
 * Gives a date to contents of nobody that have none, at most `most`: their last save went in another way than by
 * `uncountSave`, with an account that was removed by hand, say.
 * @returns how many.
 */
export async function markUnsaved(sql: Sql, most: number): Promise<number> {
  const found = await sql<{ id: string }[]>`
    select id
    from shared_contents
    where save_count = 0 and unsaved_since is null
    limit ${most}`
  // One by one: each is somebody's to save at any moment, and no two are to be held at once.
  for (const { id } of found) {
    await sql`
      update shared_contents
      set unsaved_since = now()
      where id = ${id} and save_count = 0 and unsaved_since is null`
  }
  return found.length
}

/**
 * Lets the days begin anew for contents of nobody that lie in somebody's trash, at most `most`: they are there to be
 * restored with it.
 * @returns how many.
 */
export async function keepTrashed(sql: Sql, most: number): Promise<number> {
  const found = await sql<{ id: string }[]>`
    select id
    from shared_contents
    where ${isOld(sql)} and id in (select content_id from trash where content_id is not null)
    limit ${most}`
  for (const { id } of found) {
    await sql`
      update shared_contents
      set unsaved_since = now()
      where id = ${id} and save_count = 0`
  }
  return found.length
}

const isOld = (sql: Sql) =>
  sql`save_count = 0 and unsaved_since < now() - ${`${UNSAVED_DAYS} days`}::interval`

/**
 * Removes contents that have been nobody's for `UNSAVED_DAYS`, longest first and at most `most`, with their vectors and
 * their links. To be asked in a transaction: the links are locked first, as by who saves them. One that is being saved at
 * this moment stays; whoever saves one that has just gone makes it again.
 * @returns how many.
 */
export async function dropUnsaved(tx: Sql, most: number): Promise<number> {
  const old = await tx<{ id: string }[]>`
    select id
    from shared_contents
    where ${isOld(tx)}
    order by unsaved_since
    limit ${most}`
  if (old.length === 0) return 0
  const held = await findHeld(
    tx,
    old.map(({ id }) => id),
  )
  const ids = old.flatMap(({ id }) => (held.has(id) ? [] : id))
  if (ids.length === 0) return 0
  const links = await tx<{ url_hash: string }[]>`
    select url_hash
    from content_links
    where content_id in ${tx(ids)}
    order by url_hash
    for update skip locked`
  if (links.length === 0) return 0
  // Asked again, since what was read before a lock may be of before.
  const gone = await tx`
    with found as materialized (
      select id
      from shared_contents c
      where id in ${tx(ids)} and ${isOld(tx)}
        and not exists (select from user_content_saves s where s.shared_content_id = c.id)
        and not exists (
          select from content_links l
          where l.content_id = c.id and l.url_hash not in ${tx(links.map(({ url_hash }) => url_hash))}
        )
      for update skip locked
    )
    delete from shared_contents c
    using found
    where c.id = found.id`
  await tx`
    delete from content_links
    where content_id in ${tx(ids)}
      and not exists (select from shared_contents where id = content_links.content_id)`
  return gone.count
}
