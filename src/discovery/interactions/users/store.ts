import type { Sql } from '../../../ground/database/connection.ts'
import { STATUSES } from '../../../vocabulary.ts'

export interface Stats {
  saves: number
  works: number
  generations: number
  tags: number
  categories: number
  interactions: number
  storage_bytes: number
  first_activity: string | null
  last_activity: string | null
}

/**
 * What a user has, and since when. Saves and interactions are counted already; of tags each is looked up once, however
 * often it is used; first and last are ends of the indexes that lists go by.
 */
export async function readStats(sql: Sql, userId: string): Promise<Stats> {
  const [stats] = await sql<Stats[]>`
    with recursive save_tag as (
      (select tag_id from save_tags where user_id = ${userId} order by tag_id limit 1)
      union all
      select (
        select n.tag_id from save_tags n where n.user_id = ${userId} and n.tag_id > t.tag_id order by n.tag_id limit 1
      )
      from save_tag t
      where t.tag_id is not null
    ),
    work_tag as (
      (select tag_id from work_tags where user_id = ${userId} order by tag_id limit 1)
      union all
      select (
        select n.tag_id from work_tags n where n.user_id = ${userId} and n.tag_id > t.tag_id order by n.tag_id limit 1
      )
      from work_tag t
      where t.tag_id is not null
    ),
    own_saves as (
      select coalesce(sum(items), 0)::integer as saves,
        (count(distinct category) filter (where items > 0))::integer as categories
      from library_counts
      where user_id = ${userId}
    ),
    own_works as (
      select count(*)::integer as works, (count(*) filter (where source_type = 'auto'))::integer as generations,
        coalesce(sum(file_size), 0)::bigint as storage_bytes, min(created_at) as first, max(created_at) as last
      from works
      where user_id = ${userId}
    ),
    own_interactions as (
      select coalesce(sum(interactions), 0)::integer as interactions,
        (select created_at from interactions where user_id = ${userId} order by created_at limit 1) as first,
        (select created_at from interactions where user_id = ${userId} order by created_at desc limit 1) as last
      from interaction_counts
      where user_id = ${userId}
    ),
    saved as (
      select min(first) as first, max(last) as last
      from unnest(string_to_array(${STATUSES.join()}, ',')) status
      cross join unnest(string_to_array('true,false', ',')::boolean[]) is_archived
      cross join lateral (
        select min(s.created_at) as first, max(s.created_at) as last
        from user_content_saves s
        where s.user_id = ${userId} and s.status = status.status and s.is_archived = is_archived.is_archived
      ) ends
    )
    select s.saves, w.works, w.generations, s.categories, i.interactions, w.storage_bytes,
      (select count(*) from (select tag_id from save_tag union select tag_id from work_tag) t where tag_id is not null) as tags,
      least(saved.first, w.first, i.first) as first_activity, greatest(saved.last, w.last, i.last) as last_activity
    from own_saves s
    cross join own_works w
    cross join own_interactions i
    cross join saved`
  return stats!
}
