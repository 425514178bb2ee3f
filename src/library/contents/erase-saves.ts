import type { Sql } from '../../ground/database/connection.ts'
import { together } from '../../ground/database/together.ts'

/**
 * Takes saves out of a library whose account goes, and off the counts of their contents; what nobody else has goes with
 * them, at once, with its vectors, pictures and links. Locks as who saves does: links, contents, saves.
 * @returns how many there were
 */
export async function eraseSaves(sql: Sql, userId: string, most: number): Promise<number> {
  const saves = await sql<{ content_id: string }[]>`
    select shared_content_id as content_id
    from user_content_saves
    where user_id = ${userId}
    limit ${most}`
  if (saves.length === 0) return 0
  const ids = saves.map(({ content_id }) => content_id)
  const links = await sql<{ url_hash: string }[]>`
    select url_hash
    from content_links
    where content_id in ${sql(ids)}
    order by url_hash`
  // One by one, in the order of everybody's locks.
  await together(
    ...links.map(({ url_hash }) => sql`select from content_links where url_hash = ${url_hash} for update`),
    ...ids.sort().map(id => sql`select from shared_contents where id = ${id} for update`),
  )
  const gone = await sql<{ content_id: string }[]>`
    delete from user_content_saves
    where user_id = ${userId} and shared_content_id in ${sql(ids)}
    returning shared_content_id as content_id`
  if (gone.length === 0) return saves.length
  const uncounted = gone.map(({ content_id }) => content_id)
  await sql`
    update shared_contents
    set save_count = save_count - 1
    where id in ${sql(uncounted)}`
  await sql`
    delete from content_links
    where content_id in (select id from shared_contents where id in ${sql(uncounted)} and save_count = 0)`
  await sql`
    delete from shared_contents
    where id in ${sql(uncounted)} and save_count = 0`
  return saves.length
}
