import type { Sql } from '../../ground/database/connection.ts'
import { together } from '../../ground/database/together.ts'
import { findHeld } from '../trash/store.ts'

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
  await lockContents(sql, ids)
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
  await dropOfNobody(sql, uncounted)
  return saves.length
}

/**
 * Empties the trash of somebody whose account goes. What nobody else has, or has in their trash, goes with it at once.
 * @returns how many things there were
 */
export async function eraseTrash(sql: Sql, userId: string, most: number): Promise<number> {
  const kept = await sql<{ id: string; content_id: string | null }[]>`
    select id, content_id
    from trash
    where user_id = ${userId}
    limit ${most}`
  if (kept.length === 0) return 0
  const contents = [...new Set(kept.flatMap(({ content_id }) => content_id ?? []))]
  await lockContents(sql, contents)
  await sql`
    delete from trash
    where user_id = ${userId} and id in ${sql(kept.map(({ id }) => id))}`
  await dropOfNobody(sql, contents)
  return kept.length
}

async function lockContents(sql: Sql, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const links = await sql<{ url_hash: string }[]>`
    select url_hash
    from content_links
    where content_id in ${sql(ids)}
    order by url_hash`
  // One by one, in the order of everybody's locks.
  await together(
    ...links.map(({ url_hash }) => sql`select from content_links where url_hash = ${url_hash} for update`),
    ...ids.toSorted().map(id => sql`select from shared_contents where id = ${id} for update`),
  )
}

/** Removes those of these contents, with their links, that nobody has, not even in the trash. */
async function dropOfNobody(sql: Sql, contentIds: string[]): Promise<void> {
  const held = await findHeld(sql, contentIds)
  const ids = contentIds.filter(id => !held.has(id))
  if (ids.length === 0) return
  await sql`
    delete from content_links
    where content_id in (select id from shared_contents where id in ${sql(ids)} and save_count = 0)`
  await sql`
    delete from shared_contents
    where id in ${sql(ids)} and save_count = 0`
}
