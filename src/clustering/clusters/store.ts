import { findActiveModel, findVectors } from '../../discovery/vectors/store.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { together } from '../../ground/database/together.ts'
import type { Position } from '../../ground/http/paging.ts'
import { thumbnailPath } from '../../library/contents/store.ts'
import { contentOfSave } from '../../library/copies/store.ts'
import { nestRows } from '../../library/items/nest-row.ts'
import type { Item } from '../../library/items/schema.ts'
import { itemColumns } from '../../library/items/store.ts'
import type {
  ClusterItemsQuery,
  ClusterListQuery,
  ClusterSummary,
  ListedCluster,
  OwnedCluster,
} from './schema.ts'

const columns = (sql: Sql) => sql`
  c.id, c.label, c.cluster_type, c.short_description, c.item_count, c.keywords, c.created_at, c.updated_at`

/** What a row is in its list, from 1 on. */
interface Placed {
  id: string
  place: number
}

/** Behind the last row of the page before, or at the place of that when it is gone: of `ordered (id, place)`. */
const start = (sql: Sql, { offset }: { offset: number }, after: Position | undefined) =>
  after
    ? sql`coalesce((select place from ordered where id = ${after.id}), ${Number(after.key) - 1}::integer)`
    : sql`${offset}::integer`

/** A page of a user's clusters and one more, each with its three most central saves, and how many there are in all. */
export async function listClusters(
  sql: Sql,
  userId: string,
  query: ClusterListQuery,
  after: Position | undefined,
): Promise<{ clusters: (ListedCluster & Placed)[]; total: number }> {
  const order = sql.unsafe(`c.${query.sort_by} ${query.sort_order}, c.id ${query.sort_order}`)
  const matches = sql`
    c.user_id = ${userId} and c.item_count >= ${query.min_items}
    ${query.cluster_type ? sql`and c.cluster_type = ${query.cluster_type}` : sql``}`
  const rows = await sql<
    (Omit<ListedCluster, 'sample_items'> &
      Placed & { samples: Pick<Sample, 'id' | 'title'>[]; total: number })[]
  >`
    with ordered as materialized (
      select c.id, row_number() over (order by ${order})::integer as place
      from clusters c
      where ${matches}
    )
    select counted.total, o.place, ${columns(sql)}, coalesce(samples.shown, '[]') as samples
    from (select count(*)::integer as total from ordered) counted
    left join ordered o on o.place > ${start(sql, query, after)}
    left join clusters c on c.user_id = ${userId} and c.id = o.id
    left join lateral (
      select jsonb_agg(jsonb_build_object('id', x.id, 'title', x.title) order by x.similarity desc, x.id) as shown
      from (
        select s.shared_content_id as id, s.title, m.similarity
        from cluster_members m
        join user_content_saves s on s.user_id = ${userId} and s.id = m.save_id
        where m.user_id = ${userId} and m.cluster_id = c.id
        order by m.similarity desc, s.shared_content_id
        limit 3
      ) x
    ) samples on true
    order by o.place
    limit ${query.limit + 1}`
  const clusters = rows.filter(({ place }) => place !== null)
  const pictures = await findPictures(
    sql,
    clusters.flatMap(({ samples }) => samples.map(({ id }) => id)),
  )
  return {
    clusters: clusters.map(({ samples, total: _, ...cluster }) => ({
      ...cluster,
      sample_items: samples.flatMap(sample => {
        const picture = pictures.get(sample.id)
        return picture ? [{ ...sample, ...picture }] : []
      }),
    })),
    total: rows[0]!.total,
  }
}

type Sample = ListedCluster['sample_items'][number]

/** The pictures that a list of clusters shows of contents, by their ids. */
async function findPictures(sql: Sql, ids: string[]): Promise<Map<string, Omit<Sample, 'title'>>> {
  if (ids.length === 0) return new Map()
  const pictures = await sql<Omit<Sample, 'title'>[]>`
    select o.id, o.thumbnail_url, ${thumbnailPath(sql, 'o')} as thumbnail_path
    from shared_contents o
    where o.id in ${sql(ids)}`
  return new Map(pictures.map(picture => [picture.id, picture]))
}

export async function findCluster(sql: Sql, userId: string, id: string): Promise<OwnedCluster | undefined> {
  const [cluster] = await sql<OwnedCluster[]>`
    select ${columns(sql)}, c.user_id
    from clusters c
    where c.user_id = ${userId} and c.id = ${id}`
  return cluster
}

/** Whether another cluster of the user has this label. */
export async function hasLabel(sql: Sql, userId: string, label: string, otherThan: string): Promise<boolean> {
  const others = await sql`
    select
    from clusters
    where user_id = ${userId} and label = ${label} and id <> ${otherThan}`
  return others.length > 0
}

/**
 * Gives a cluster a label of the user's own, which later runs leave alone.
 * @throws the constraint `clusters_label_is_unique`, at the end of the transaction, when another has got this label since
 *   `hasLabel` was asked.
 */
export async function renameCluster(
  sql: Sql,
  userId: string,
  id: string,
  label: string,
): Promise<OwnedCluster | undefined> {
  const [cluster] = await sql<OwnedCluster[]>`
    update clusters c
    set label = ${label}, label_is_custom = true, updated_at = now()
    where c.user_id = ${userId} and c.id = ${id}
    returning ${columns(sql)}, c.user_id`
  return cluster
}

const ITEM_SORT_COLUMNS = {
  created_at: 's.created_at',
  updated_at: 's.updated_at',
  title: 's.title',
  similarity: 'm.similarity',
} as const

/** A page of a cluster's items, and one more. */
export async function listClusterItems(
  sql: Sql,
  userId: string,
  clusterId: string,
  query: ClusterItemsQuery,
  after: Position | undefined,
): Promise<(Placed & { item: Item })[]> {
  const order = sql.unsafe(
    `${ITEM_SORT_COLUMNS[query.sort_by]} ${query.sort_order} nulls last, s.id ${query.sort_order}`,
  )
  const rows = await sql`
    with ordered as materialized (
      select s.id, row_number() over (order by ${order})::integer as place
      from cluster_members m
      join user_content_saves s on s.user_id = ${userId} and s.id = m.save_id
      join ${contentOfSave(sql, userId)}
      where m.user_id = ${userId} and m.cluster_id = ${clusterId}
    )
    select o.place as "page.place", ${itemColumns(sql)}
    from ordered o
    join user_content_saves s on s.user_id = ${userId} and s.id = o.id
    join ${contentOfSave(sql, userId)}
    where o.place > ${start(sql, query, after)}
    order by o.place
    limit ${query.limit + 1}`
  const found = nestRows<Item & { page: { place: number } }>(rows)
  return found.map(({ page, ...item }) => ({ id: item.save.id, place: page.place, item }))
}

/** What is nearer to the middle of a cluster than this share of its members is near enough to join it. */
const FURTHEST_SHARE = 0.05

/**
 * Puts the READY saves of a content that are in no cluster into the nearest one of their user, where that is near enough.
 * Archived saves stay out. Until the next full run the cluster's middle and label stay as they are.
 * @param of a content, and one of those who saved it if it is for them alone
 * @param configured the configured embedding model, which is compared unless the vectors are still moving to it
 */
export async function joinNearest(
  sql: Sql,
  of: { content_id: string; user_id?: string },
  configured: string,
): Promise<void> {
  const [model, vectors, saves] = await together(
    findActiveModel(sql, configured),
    findVectors(sql, of.content_id),
    findUnplaced(sql, of),
  )
  const vector = vectors.get(model)
  if (!vector) return
  // In the order of users, so that two contents which are READY at once cannot wait for each other.
  await together(...saves.map(save => joinOne(sql, save, model, vector)))
}

interface Unplaced {
  user_id: string
  save_id: string
}

/** The saves of a content that might join a cluster of their user. */
async function findUnplaced(
  sql: Sql,
  { content_id, user_id }: { content_id: string; user_id?: string },
): Promise<Unplaced[]> {
  return sql<Unplaced[]>`
    select s.user_id, s.id as save_id
    from user_content_saves s
    where s.shared_content_id = ${content_id} ${user_id ? sql`and s.user_id = ${user_id}` : sql``}
      and s.status = 'READY' and not s.is_archived
      and not exists (select from cluster_members m where m.user_id = s.user_id and m.save_id = s.id)
      and exists (select from clusters c where c.user_id = s.user_id)
    order by s.user_id`
}

async function joinOne(
  sql: Sql,
  { user_id, save_id }: Unplaced,
  model: string,
  vector: string,
): Promise<void> {
  await sql`
    with nearest as materialized (
      select c.id, 1 - (c.centroid <=> ${vector}::vector) as similarity
      from clusters c
      where c.user_id = ${user_id} and c.model = ${model}
      order by c.centroid <=> ${vector}::vector
      limit 1
    ), locked as materialized (
      select c.id, n.similarity
      from nearest n
      join clusters c on c.user_id = ${user_id} and c.id = n.id
      where n.similarity >= (
        select percentile_disc(${FURTHEST_SHARE}) within group (order by m.similarity)
        from cluster_members m
        where m.user_id = ${user_id} and m.cluster_id = n.id
      )
      for no key update of c
    ), joined as (
      insert into cluster_members (user_id, save_id, cluster_id, similarity)
      select s.user_id, s.id, l.id, l.similarity
      from locked l
      join user_content_saves s on s.user_id = ${user_id} and s.id = ${save_id} and not s.is_archived
      on conflict (user_id, save_id) do nothing
      returning cluster_id
    )
    update clusters c
    set item_count = c.item_count + 1, updated_at = now()
    from joined j
    where c.user_id = ${user_id} and c.id = j.cluster_id`
}

export async function hasSave(sql: Sql, userId: string, saveId: string): Promise<boolean> {
  const found = await sql`
    select
    from user_content_saves
    where user_id = ${userId} and id = ${saveId}`
  return found.length > 0
}

/** The cluster that a save is in. */
export async function findClusterOf(
  sql: Sql,
  userId: string,
  saveId: string,
): Promise<ClusterSummary | undefined> {
  const [cluster] = await sql<ClusterSummary[]>`
    select c.id, c.label, c.cluster_type, c.short_description
    from cluster_members m
    join clusters c on c.user_id = ${userId} and c.id = m.cluster_id
    where m.user_id = ${userId} and m.save_id = ${saveId}`
  return cluster
}
