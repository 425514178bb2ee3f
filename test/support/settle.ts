import type { Sql } from '../../src/ground/database/connection.ts'

/**
 * Brings what saves copy of their contents, the counts of libraries, and the links of contents into line with rows that a
 * test has written by itself: src/library does that for what the product writes.
 */
export async function settle(sql: Sql): Promise<void> {
  await sql`
    update user_content_saves s
    set status = c.status, category = coalesce(s.own_category, c.category_high, 'Misc'),
      title = coalesce(s.own_title, c.title), topic = c.topic_main
    from shared_contents c
    where c.id = s.shared_content_id
      and (s.status, s.category, s.title, s.topic)
        is distinct from (c.status, coalesce(s.own_category, c.category_high, 'Misc'), coalesce(s.own_title, c.title),
          c.topic_main)`
  await sql`delete from library_counts`
  await sql`
    insert into library_counts (user_id, status, category, is_archived, is_favorited, items)
    select user_id, status, category, is_archived, is_favorited, count(*)
    from user_content_saves
    group by 1, 2, 3, 4, 5`
  await sql`
    insert into content_links (url_hash, content_id)
    select url_hash, id
    from shared_contents
    on conflict (url_hash) do nothing`
}
