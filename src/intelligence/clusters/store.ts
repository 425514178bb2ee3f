import type { Sql } from '../../database/connection.ts'
import { nestRow } from '../../library/items/nest-row.ts'
import type { Item } from '../../library/items/schema.ts'
import { itemColumns } from '../../library/items/store.ts'
import type { ClusterItemsQuery, ClusterListQuery, ListedCluster, OwnedCluster } from './schema.ts'

const columns = (sql: Sql) => sql`
  c.id, c.label, c.cluster_type, c.short_description, c.item_count, c.keywords, c.created_at, c.updated_at`

/** A user's clusters, each with its three most central saves. */
export async function listClusters(
  sql: Sql,
  userId: string,
  query: ClusterListQuery,
): Promise<ListedCluster[]> {
  const order = sql.unsafe(`c.${query.sort_by} ${query.sort_order}, c.id ${query.sort_order}`)
  return sql<ListedCluster[]>`
    select ${columns(sql)}, coalesce(samples.items, '[]') as sample_items
    from clusters c
    left join lateral (
      select jsonb_agg(jsonb_build_object('id', x.id, 'title', x.title, 'thumbnail_url', x.thumbnail_url)
        order by x.similarity desc, x.id) as items
      from (
        select o.id, o.title, o.thumbnail_url, m.similarity
        from cluster_members m
        join user_content_saves s on s.user_id = m.user_id and s.id = m.save_id
        join shared_contents o on o.id = s.shared_content_id
        where m.user_id = c.user_id and m.cluster_id = c.id
        order by m.similarity desc, o.id
        limit 3
      ) x
    ) samples on true
    where c.user_id = ${userId} and c.item_count >= ${query.min_items}
      ${query.cluster_type ? sql`and c.cluster_type = ${query.cluster_type}` : sql``}
    order by ${order}`
}

export async function findCluster(sql: Sql, userId: string, id: string): Promise<OwnedCluster | undefined> {
  const [cluster] = await sql<OwnedCluster[]>`
    select ${columns(sql)}, c.user_id
    from clusters c
    where c.user_id = ${userId} and c.id = ${id}`
  return cluster
}

/**
 * Gives a cluster a label of the user's own, which later runs leave alone.
 * @throws the constraint `clusters_label_is_unique`, at the end of the transaction, when another has this label.
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
  title: 'c.title',
  similarity: 'm.similarity',
} as const

export async function listClusterItems(
  sql: Sql,
  userId: string,
  clusterId: string,
  query: ClusterItemsQuery,
): Promise<Item[]> {
  const order = sql.unsafe(
    `${ITEM_SORT_COLUMNS[query.sort_by]} ${query.sort_order} nulls last, s.id ${query.sort_order}`,
  )
  const rows = await sql`
    select ${itemColumns(sql)}
    from cluster_members m
    join user_content_saves s on s.user_id = m.user_id and s.id = m.save_id
    join shared_contents c on c.id = s.shared_content_id
    where m.user_id = ${userId} and m.cluster_id = ${clusterId}
    order by ${order}
    limit ${query.limit} offset ${query.offset}`
  return rows.map(row => nestRow<Item>(row))
}
