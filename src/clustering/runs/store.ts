// What a clustering run reads and writes.

import { readHalfVector, readVector, toVector } from '../../discovery/vectors/convert-vector.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { CATEGORIES, type Category, EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'
import { OUTLIER } from '../engine/trim-clusters.ts'
import type { ClusterDocument } from '../names/terms.ts'
import type { Cluster, ClusterPage, ClusterResult, PreviousCluster } from '../threads/cluster-in-thread.ts'
import { leaveHalf } from '../threads/leave-half.ts'

/** So many saves are read at once, and so many members written: a few milliseconds of work for the event loop. */
const PAGE = 30
const MEMBERS_PAGE = 500
const FIRST_ID = '00000000-0000-0000-0000-000000000000'
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** How much changed in a library since its last run, and how many saves a run might group: no fewer than it will. */
export async function findSize(sql: Sql, userId: string): Promise<{ changes: number; most: number }> {
  const [library] = await sql<{ changes: number; most: number }[]>`
    select l.changes_since_clustering as changes, (
      select count(*)
      from user_content_saves s
      where s.user_id = ${userId} and s.status = 'READY' and not s.is_archived
    ) as most
    from libraries l
    where l.user_id = ${userId}`
  return library ?? { changes: 0, most: 0 }
}

/**
 * A user's READY saves that have a vector of `model`, archived ones left out, in ascending order of their ids; the first
 * `most` of them. Each page is a statement: a cursor would keep a connection, which is the only one of the embedded
 * database. `present` tells which of `previous` a save is in, −1 when in none. Vectors come at
 * half precision, which moves a cosine by less than 0.0001.
 */
export async function* readClusterable(
  sql: Sql,
  userId: string,
  model: string,
  previous: { id: string }[],
  most: number,
): AsyncGenerator<ClusterPage> {
  const placeOf = new Map(previous.map(({ id }, at) => [id, at]))
  // Halves, in base64 into one buffer: what is read is garbage at once, which a big library adds to its own size.
  const bytes = Buffer.alloc(4 + 2 * EMBEDDING_DIMENSIONS)
  let after = FIRST_ID
  for (let left = most; left > 0; ) {
    const began = performance.now()
    const saves = await sql<
      { id: string; content_id: string; category: Category; cluster_id: string | null }[]
    >`
      select s.id, s.shared_content_id as content_id, s.category, m.cluster_id
      from user_content_saves s
      left join cluster_members m on m.user_id = ${userId} and m.save_id = s.id
      where s.user_id = ${userId} and s.id > ${after} and s.status = 'READY' and not s.is_archived
      order by s.id
      limit ${Math.min(PAGE, left)}`
    if (saves.length === 0) return
    const found = await findHalves(
      sql,
      model,
      saves.map(({ content_id }) => content_id),
    )
    const rows = saves.filter(({ content_id }) => found.has(content_id))
    after = saves.at(-1)!.id
    left -= rows.length
    if (rows.length === 0) continue
    const vectors = new Float32Array(rows.length * EMBEDDING_DIMENSIONS)
    for (const [row, { content_id }] of rows.entries()) {
      bytes.write(found.get(content_id)!, 'base64')
      readHalfVector(bytes, vectors, row)
    }
    yield {
      ids: rows.map(({ id }) => id),
      vectors,
      categories: Uint8Array.from(rows, ({ category }) => CATEGORIES.indexOf(category)),
      present: Int32Array.from(rows, ({ cluster_id }) => placeOf.get(cluster_id ?? '') ?? OUTLIER),
    }
    if (left > 0) await leaveHalf(began)
  }
}

/** The vectors that these contents have of `model`, at half precision and in base64. */
async function findHalves(sql: Sql, model: string, contentIds: string[]): Promise<Map<string, string>> {
  const rows = await sql<{ content_id: string; vector: string }[]>`
    select content_id, encode(halfvec_send(embedding::halfvec), 'base64') as vector
    from content_embeddings
    where model = ${model} and content_id in ${sql(contentIds)}`
  return new Map(rows.map(({ content_id, vector }) => [content_id, vector]))
}

/** What names a group, of these saves in this order; those that are gone are left out. */
export async function readDocuments(sql: Sql, userId: string, ids: string[]): Promise<ClusterDocument[]> {
  const documents: ClusterDocument[] = []
  for (let from = 0; from < ids.length; from += PAGE) {
    const began = performance.now()
    const page = ids.slice(from, from + PAGE)
    const saves = await sql<{ id: string; content_id: string }[]>`
      select id, shared_content_id as content_id
      from user_content_saves
      where user_id = ${userId} and id in ${sql(page)}`
    const contentOf = new Map(saves.map(({ id, content_id }) => [id, content_id]))
    const byId = await findDocuments(sql, [...contentOf.values()])
    documents.push(...page.flatMap(id => byId.get(contentOf.get(id) ?? '') ?? []))
    await leaveHalf(began)
  }
  return documents
}

async function findDocuments(sql: Sql, contentIds: string[]): Promise<Map<string, ClusterDocument>> {
  if (contentIds.length === 0) return new Map()
  const rows = await sql<(ClusterDocument & { id: string })[]>`
    select id, title, topic_main, tags, subcategories, author, category_high
    from shared_contents
    where id in ${sql(contentIds)}`
  return new Map(rows.map(({ id, ...document }) => [id, document]))
}

/** A cluster as it is, with what is said of it. */
export type KnownCluster = PreviousCluster & { short_description: string | null }

/**
 * The clusters as they are, for a run to find again. A centroid of another model says nothing to this run: then it is
 * the mean of what the members' vectors are now.
 */
export async function findPrevious(sql: Sql, userId: string, model: string): Promise<KnownCluster[]> {
  const rows = await sql<(Omit<KnownCluster, 'centroid'> & { is_other: boolean; bytes: Uint8Array })[]>`
    select c.id, c.label, c.label_is_custom, c.short_description, count(m.save_id) as size,
      c.model <> ${model} as is_other, vector_send(c.centroid) as bytes
    from clusters c
    left join cluster_members m on m.user_id = ${userId} and m.cluster_id = c.id
    where c.user_id = ${userId}
    group by c.user_id, c.id
    order by c.id`
  const means = rows.some(({ is_other }) => is_other) ? await findMeans(sql, userId, model) : new Map()
  return rows.map(({ bytes, is_other, ...row }) => {
    const centroid = new Float32Array(EMBEDDING_DIMENSIONS)
    readVector((is_other && means.get(row.id)) || bytes, centroid, 0)
    return { ...row, centroid }
  })
}

/** The means of those clusters whose centroids are of another model, where members have vectors of `model`. */
async function findMeans(sql: Sql, userId: string, model: string): Promise<Map<string, Uint8Array>> {
  const rows = await sql<{ id: string; bytes: Uint8Array }[]>`
    with mine as materialized (
      select m.cluster_id, s.shared_content_id
      from clusters c
      join cluster_members m on m.user_id = ${userId} and m.cluster_id = c.id
      join user_content_saves s on s.user_id = ${userId} and s.id = m.save_id
      where c.user_id = ${userId} and c.model <> ${model}
    )
    select mine.cluster_id as id, vector_send(avg(e.embedding)) as bytes
    from mine
    join content_embeddings e on e.content_id = mine.shared_content_id and e.model = ${model}
    group by mine.cluster_id`
  return new Map(rows.map(({ id, bytes }) => [id, bytes]))
}

export type NewCluster = Cluster & { id: string }

/** The clusters of a run, and which saves are in them. */
export interface Run extends Pick<ClusterResult, 'ids' | 'groups' | 'similarities'> {
  clusters: NewCluster[]
}

/**
 * Puts the result of a run in place of what was there. A cluster that is as it was keeps its `updated_at`;
 * saves that went away since the run began are left out.
 * @returns whether anything is other than it was
 */
export async function replaceClusters(sql: Sql, userId: string, model: string, run: Run): Promise<boolean> {
  const { clusters } = run
  const rows = clusters.map(cluster => ({
    id: cluster.id,
    label: cluster.label,
    cluster_type: cluster.cluster_type,
    short_description: cluster.short_description,
    keywords: cluster.keywords,
    item_count: cluster.size,
    centroid: toVector(cluster.centroid),
  }))
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
      model = excluded.model, updated_at = excluded.updated_at
    where (case when c.label_is_custom then excluded.label else c.label end, c.cluster_type, c.short_description,
        c.keywords, c.item_count, c.centroid::text, c.model)
      is distinct from (excluded.label, excluded.cluster_type, excluded.short_description, excluded.keywords,
        excluded.item_count, excluded.centroid::text, excluded.model)`
  let moved = 0
  for (const page of memberPages(run)) moved += await replaceMembers(sql, userId, page)
  return removed.count + written.count + moved > 0
}

/** The members whose ids are above `after` and up to `last`. */
interface MemberPage {
  after: string
  last: string
  members: { save_id: string; cluster_id: string; similarity: number }[]
}

/** The members in pages that have a place for every id. One list of fifty thousand would hold up the event loop. */
function* memberPages({ clusters, ids, groups, similarities }: Run): Generator<MemberPage> {
  let after = FIRST_ID
  let members: MemberPage['members'] = []
  for (const [row, save_id] of ids.entries()) {
    const cluster = clusters[groups[row]!]
    if (cluster) members.push({ save_id, cluster_id: cluster.id, similarity: similarities[row]! })
    if (members.length < MEMBERS_PAGE) continue
    yield { after, last: save_id, members }
    after = save_id
    members = []
  }
  yield { after, last: LAST_ID, members }
}

/** @returns how many saves are in another cluster than before, or farther from its middle, or in none any more */
async function replaceMembers(
  sql: Sql,
  userId: string,
  { after, last, members }: MemberPage,
): Promise<number> {
  const [moved] = await sql<{ count: number }[]>`
    with given as materialized (
      select x.save_id, x.cluster_id, x.similarity
      from jsonb_to_recordset(${sql.json(members)}) as x (save_id uuid, cluster_id uuid, similarity real)
    ), removed as (
      delete from cluster_members m
      where m.user_id = ${userId} and m.save_id > ${after} and m.save_id <= ${last}
        and not exists (select from given g where g.save_id = m.save_id)
      returning m.save_id
    ), written as (
      insert into cluster_members as m (user_id, save_id, cluster_id, similarity)
      select s.user_id, s.id, g.cluster_id, g.similarity
      from given g
      join user_content_saves s on s.user_id = ${userId} and s.id = g.save_id
      -- Looked at first: a conflict locks the row, which writes it, even when nothing is updated.
      left join cluster_members old on old.user_id = ${userId} and old.save_id = g.save_id
      where (old.cluster_id, old.similarity) is distinct from (g.cluster_id, g.similarity)
      on conflict (user_id, save_id) do update set cluster_id = excluded.cluster_id, similarity = excluded.similarity
      where (m.cluster_id, m.similarity) is distinct from (excluded.cluster_id, excluded.similarity)
      returning m.save_id
    )
    select ((select count(*) from removed) + (select count(*) from written))::integer as count`
  return moved!.count
}
