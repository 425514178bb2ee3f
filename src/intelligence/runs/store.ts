// What a clustering run reads and writes.
import type { Sql } from '../../database/connection.ts'
import { EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'
import type { ClusterDocument, ClusterInput, ClusterResult, PreviousCluster } from '../cluster-engine.ts'
import { readVector, toVector } from '../vectors/convert-vector.ts'

/** A user's READY saves that have a vector of `model`, archived ones left out, with what names a group. */
export async function findClusterable(
  sql: Sql,
  userId: string,
  model: string,
): Promise<Pick<ClusterInput, 'ids' | 'documents' | 'vectors'> & { changes: number }> {
  const [library] = await sql<{ changes: number }[]>`
    select changes_since_clustering as changes
    from libraries
    where user_id = ${userId}`
  const rows = await sql<(ClusterDocument & { id: string; bytes: Uint8Array })[]>`
    select s.id, vector_send(e.embedding) as bytes, c.title, c.topic_main, c.tags, c.subcategories, c.author,
      c.category_high
    from user_content_saves s
    join shared_contents c on c.id = s.shared_content_id
    join content_embeddings e on e.content_id = c.id and e.model = ${model}
    where s.user_id = ${userId} and c.status = 'READY' and not s.is_archived
    order by s.id`
  const vectors = new Float32Array(rows.length * EMBEDDING_DIMENSIONS)
  for (const [i, { bytes }] of rows.entries()) readVector(bytes, vectors, i)
  return {
    ids: rows.map(({ id }) => id),
    documents: rows.map(({ id: _, bytes: __, ...document }) => document),
    vectors,
    changes: library?.changes ?? 0,
  }
}

/** A cluster as it is, with what is said of it. */
export type KnownCluster = PreviousCluster & { short_description: string | null }

/**
 * The clusters as they are, for a run to find again. A centroid of another model says nothing to this run: then it is
 * the mean of what the members' vectors are now.
 */
export async function findPrevious(sql: Sql, userId: string, model: string): Promise<KnownCluster[]> {
  const rows = await sql<(Omit<KnownCluster, 'centroid'> & { bytes: Uint8Array })[]>`
    select c.id, c.label, c.label_is_custom, c.short_description,
      vector_send(case when c.model = ${model} then c.centroid else coalesce(avg(e.embedding), c.centroid) end) as bytes,
      coalesce(jsonb_agg(m.save_id order by m.save_id) filter (where m.save_id is not null), '[]') as members
    from clusters c
    left join cluster_members m on m.user_id = c.user_id and m.cluster_id = c.id
    left join user_content_saves s on s.user_id = m.user_id and s.id = m.save_id and c.model <> ${model}
    left join content_embeddings e on e.content_id = s.shared_content_id and e.model = ${model}
    where c.user_id = ${userId}
    group by c.user_id, c.id
    order by c.id`
  return rows.map(({ bytes, ...row }) => {
    const centroid = new Float32Array(EMBEDDING_DIMENSIONS)
    readVector(bytes, centroid, 0)
    return { ...row, centroid }
  })
}

export type NewCluster = Omit<ClusterResult['clusters'][number], 'id'> & { id: string }

/**
 * Puts the result of a run in place of what was there. A cluster that is as it was keeps its `updated_at`;
 * saves that went away since the run began are left out.
 * @returns whether anything is other than it was
 */
export async function replaceClusters(
  sql: Sql,
  userId: string,
  model: string,
  clusters: NewCluster[],
): Promise<boolean> {
  const rows = clusters.map(({ members, centroid, ...cluster }) => ({
    ...cluster,
    centroid: toVector(centroid),
    item_count: members.length,
  }))
  const members = clusters.flatMap(({ id, members }) =>
    members.map(member => ({ cluster_id: id, save_id: member.id, similarity: member.similarity })),
  )
  const removed = await sql`
    delete from clusters
    where user_id = ${userId}
      and id not in (select x::uuid from jsonb_array_elements_text(${sql.json(clusters.map(({ id }) => id))}) x)`
  const written = await sql`
    insert into clusters as c
      (user_id, id, label, cluster_type, short_description, keywords, item_count, centroid, model)
    select ${userId}, x.id, x.label, x.cluster_type, x.short_description, x.keywords, x.item_count, x.centroid::vector, ${model}
    from jsonb_to_recordset(${sql.json(rows as never)}) as x
      (id uuid, label text, cluster_type text, short_description text, keywords jsonb, item_count integer, centroid text)
    on conflict (user_id, id) do update set
      -- The user may have named it while the run was under way.
      label = case when c.label_is_custom then c.label else excluded.label end,
      cluster_type = excluded.cluster_type, short_description = excluded.short_description,
      keywords = excluded.keywords, item_count = excluded.item_count, centroid = excluded.centroid,
      model = excluded.model, updated_at = now()
    where (case when c.label_is_custom then excluded.label else c.label end, c.cluster_type, c.short_description,
        c.keywords, c.item_count, c.centroid::text, c.model)
      is distinct from (excluded.label, excluded.cluster_type, excluded.short_description, excluded.keywords,
        excluded.item_count, excluded.centroid::text, excluded.model)`
  const moved = await replaceMembers(sql, userId, members)
  return removed.count + written.count + moved > 0
}

/** @returns how many saves are in another cluster than before, or farther from its middle, or in none any more */
async function replaceMembers(
  sql: Sql,
  userId: string,
  members: { cluster_id: string; save_id: string; similarity: number }[],
): Promise<number> {
  // Of fifty thousand members the list is megabytes, so it is sent and read once.
  const [moved] = await sql<{ count: number }[]>`
    with given as materialized (
      select x.save_id, x.cluster_id, x.similarity
      from jsonb_to_recordset(${sql.json(members)}) as x (save_id uuid, cluster_id uuid, similarity real)
    ), removed as (
      delete from cluster_members m
      where m.user_id = ${userId} and not exists (select from given g where g.save_id = m.save_id)
      returning m.save_id
    ), written as (
      insert into cluster_members as m (user_id, save_id, cluster_id, similarity)
      select s.user_id, s.id, g.cluster_id, g.similarity
      from given g
      join user_content_saves s on s.user_id = ${userId} and s.id = g.save_id
      on conflict (user_id, save_id) do update set cluster_id = excluded.cluster_id, similarity = excluded.similarity
      where (m.cluster_id, m.similarity) is distinct from (excluded.cluster_id, excluded.similarity)
      returning m.save_id
    )
    select ((select count(*) from removed) + (select count(*) from written))::integer as count`
  return moved!.count
}
