import type { Sql } from '../../database/connection.ts'
import { activeModel } from '../vectors/active-model.ts'

/** What is nearer to the middle of a cluster than this share of its members is near enough to join it. */
const FURTHEST_SHARE = 0.05

/**
 * Puts READY saves that are in no cluster into the nearest one of their user, where that is near enough. Archived
 * saves stay out. Until the next full run the cluster's middle and label stay as they are.
 * @param of all saves of a content, or one save
 * @param configured the configured embedding model, which is compared unless the vectors are still moving to it
 */
export async function joinNearest(
  sql: Sql,
  of: { content_id: string } | { user_id: string; save_id: string },
  configured: string,
): Promise<void> {
  const which =
    'content_id' in of
      ? sql`s.shared_content_id = ${of.content_id}`
      : sql`s.user_id = ${of.user_id} and s.id = ${of.save_id}`
  await sql`
    with placed as materialized (
      select s.user_id, s.id as save_id, n.id as cluster_id, n.similarity
      from user_content_saves s
      join content_embeddings e on e.content_id = s.shared_content_id and e.model = ${activeModel(sql, configured)}
      cross join lateral (
        select c.id, 1 - (c.centroid <=> e.embedding) as similarity
        from clusters c
        where c.user_id = s.user_id and c.model = e.model
        order by c.centroid <=> e.embedding
        limit 1
      ) n
      where ${which} and s.status = 'READY' and not s.is_archived
        and not exists (select from cluster_members m where m.user_id = s.user_id and m.save_id = s.id)
        and n.similarity >= (
          select percentile_disc(${FURTHEST_SHARE}) within group (order by m.similarity)
          from cluster_members m
          where m.user_id = s.user_id and m.cluster_id = n.id
        )
    ), locked as materialized (
      -- In one order, so that two contents which are READY at once cannot wait for each other.
      select c.user_id, c.id
      from clusters c
      where (c.user_id, c.id) in (select user_id, cluster_id from placed)
      order by c.user_id, c.id
      for no key update
    ), joined as (
      insert into cluster_members (user_id, save_id, cluster_id, similarity)
      select p.user_id, p.save_id, p.cluster_id, p.similarity
      from placed p
      join locked l on l.user_id = p.user_id and l.id = p.cluster_id
      on conflict (user_id, save_id) do nothing
      returning user_id, cluster_id
    )
    update clusters c
    set item_count = c.item_count + j.items, updated_at = now()
    from (select user_id, cluster_id, count(*)::integer as items from joined group by 1, 2) j
    where c.user_id = j.user_id and c.id = j.cluster_id`
}
