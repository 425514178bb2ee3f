// Which content a link leads to: its own address does, and so do short ones, and those of pages that have moved.
import type { Sql } from '../../ground/database/connection.ts'

/** The key of a link, and a content. */
export interface ContentLink {
  url_hash: string
  content_id: string
}

/** The contents that links of these keys lead to, by key. */
export async function findContentsOf(sql: Sql, urlHashes: string[]): Promise<Map<string, string>> {
  if (urlHashes.length === 0) return new Map()
  const found = await sql<ContentLink[]>`
    select url_hash, content_id
    from content_links
    where url_hash in ${sql(urlHashes)}`
  return new Map(found.map(({ url_hash, content_id }) => [url_hash, content_id]))
}

/**
 * Locks links for the time of a transaction, and makes those that are not there yet, of the contents that are named. To
 * be asked before contents are locked: then nobody who saves them waits for anybody in a circle.
 * @param links no key twice
 * @returns the contents that they lead to, by key
 */
export async function lockLinks(sql: Sql, links: ContentLink[]): Promise<Map<string, string>> {
  if (links.length === 0) return new Map()
  const ordered = links.toSorted((a, b) => (a.url_hash < b.url_hash ? -1 : 1))
  const locked = await sql<ContentLink[]>`
    insert into content_links ${sql(ordered, 'url_hash', 'content_id')}
    on conflict (url_hash) do update set content_id = content_links.content_id
    returning url_hash, content_id`
  return new Map(locked.map(({ url_hash, content_id }) => [url_hash, content_id]))
}

/** Leads all links of a content to another one. To be asked with their locks. */
export async function leadLinks(sql: Sql, from: string, to: string): Promise<void> {
  await sql`
    update content_links
    set content_id = ${to}
    where content_id = ${from}`
}
