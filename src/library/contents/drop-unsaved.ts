import type { Sql } from '../../ground/database/connection.ts'

/** For so many days a content that nobody has any more is kept, since a link that is removed may be saved again. */
export const UNSAVED_DAYS = 30

/**
 * Gives a date to contents of nobody that have none, at most `most`: their last save went in another way than by
 * `uncountSave`, with an account that was removed by hand, say.
 * @returns how many.
 */
export async function markUnsaved(sql: Sql, most: number): Promise<number> {
  const marked = await sql`
    with found as materialized (
      select id
      from shared_contents
      where save_count = 0 and unsaved_since is null
      limit ${most}
      for no key update skip locked
    )
    update shared_contents c
    set unsaved_since = now()
    from found
    where c.id = found.id`
  return marked.count
}

/**
 * Removes contents that have been nobody's for `UNSAVED_DAYS`, longest first and at most `most`, with their vectors. One
 * that is being saved at this moment is passed by; whoever saves one that has just gone makes it again.
 * @returns how many.
 */
export async function dropUnsaved(sql: Sql, most: number): Promise<number> {
  const gone = await sql`
    with found as materialized (
      select id
      from shared_contents c
      where save_count = 0 and unsaved_since < now() - ${`${UNSAVED_DAYS} days`}::interval
        and not exists (select from user_content_saves s where s.shared_content_id = c.id)
      order by unsaved_since
      limit ${most}
      for update skip locked
    )
    delete from shared_contents c
    using found
    where c.id = found.id`
  return gone.count
}
