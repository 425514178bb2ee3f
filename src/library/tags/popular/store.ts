import type { Sql } from '../../../ground/database/connection.ts'
import { known } from '../store.ts'

export interface Popular {
  id: string
  name: string
  cardinality: number
}

/**
 * The tags of which there is most: with a shared one what is public of anybody and all that is the user's, with their own
 * what is theirs. As it was counted last.
 */
export async function listPopular(
  sql: Sql,
  userId: string,
  {
    limit,
    min_cardinality,
    content_source,
  }: { limit: number; min_cardinality: number; content_source?: 'items' | 'auto' | undefined },
): Promise<Popular[]> {
  const ofSource = content_source ? sql`and s.content_source = ${content_source}` : sql``
  const rows = await sql<Popular[]>`
    select t.id, t.name, n.cardinality
    from (
      select tag_id, sum(cardinality)::integer as cardinality
      from (
        select s.tag_id, s.cardinality
        from tag_cardinality_stats s
        where s.user_id = ${userId} ${ofSource}
        union all
        select s.tag_id, s.cardinality
        from shared_tag_stats s
        where true ${ofSource}
      ) counted
      group by tag_id
      having sum(cardinality) >= ${min_cardinality}
    ) n
    join tags t on t.id = n.tag_id
    where ${known(sql, userId)}
    order by n.cardinality desc, t.name_key, t.id
    limit ${limit}`
  return [...rows]
}

/** Each use of a tag: whose, where, and whether others see it. */
const uses = (sql: Sql) => sql`
  select u.user_id, u.tag_id, 'items' as content_source, s.is_public and not s.is_archived as is_public
  from save_tags u
  join user_content_saves s on s.user_id = u.user_id and s.id = u.save_id
  union all
  select u.user_id, u.tag_id, case w.source_type when 'auto' then 'auto' else 'items' end, w.is_public
  from work_tags u
  join works w on w.user_id = u.user_id and w.id = u.work_id`

/** Counts anew how much there is of each tag. */
export async function countUses(sql: Sql): Promise<void> {
  await sql`delete from tag_cardinality_stats`
  await sql`
    insert into tag_cardinality_stats (user_id, tag_id, content_source, cardinality)
    select u.user_id, u.tag_id, u.content_source, count(*)
    from (${uses(sql)}) u
    join tags t on t.id = u.tag_id
    where t.owner_id = u.user_id or (t.owner_id is null and not u.is_public)
    group by u.user_id, u.tag_id, u.content_source`
  await sql`delete from shared_tag_stats`
  await sql`
    insert into shared_tag_stats (tag_id, content_source, cardinality)
    select u.tag_id, u.content_source, count(*)
    from (${uses(sql)}) u
    join tags t on t.id = u.tag_id
    where t.owner_id is null and u.is_public
    group by u.tag_id, u.content_source`
}
