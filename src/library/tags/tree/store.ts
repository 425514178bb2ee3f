// Edges of trees of tags, and the closure that follows from them. Who changes edges has the lock.
import type { Sql } from '../../../ground/database/connection.ts'
import { known } from '../store.ts'

/** Lets one transaction after the other change edges, so that no two of them make a cycle together. To be had before tags. */
export async function lockTrees(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('trove tag edges'))`
}

export interface Edge {
  parent_id: string
  child_id: string
}

/** Adds an edge, if it is not there. @param ownerId whose the child is */
export async function insertEdge(
  sql: Sql,
  { parent_id, child_id }: Edge,
  ownerId: string | null,
): Promise<void> {
  await sql`
    insert into tag_edges (child_id, parent_id, owner_id)
    values (${child_id}, ${parent_id}, ${ownerId})
    on conflict (child_id, parent_id) do nothing`
}

/** @returns whether it was there */
export async function deleteEdge(sql: Sql, { parent_id, child_id }: Edge): Promise<boolean> {
  const [gone] = await sql`
    delete from tag_edges
    where child_id = ${child_id} and parent_id = ${parent_id}
    returning child_id`
  return gone !== undefined
}

export async function isAncestor(sql: Sql, ancestorId: string, id: string): Promise<boolean> {
  const [found] = await sql`
    select ancestor_id
    from tag_closure
    where descendant_id = ${id} and ancestor_id = ${ancestorId}`
  return found !== undefined
}

/** How many edges the longest way up from a tag has. */
export async function heightAbove(sql: Sql, id: string): Promise<number> {
  const [found] = await sql<{ height: number }[]>`
    with recursive above as (
      select ${id}::uuid as id, 0 as height
      union
      select e.parent_id, a.height + 1
      from above a
      join tag_edges e on e.child_id = a.id
    )
    select max(height) as height
    from above`
  return found!.height
}

/** The same downwards, among tags of one owner: what users hang beneath shared tags binds nobody else. */
export async function heightBelow(sql: Sql, id: string, ownerId: string | null): Promise<number> {
  const [found] = await sql<{ height: number }[]>`
    with recursive below as (
      select ${id}::uuid as id, 0 as height
      union
      select e.child_id, b.height + 1
      from below b
      join tag_edges e on e.parent_id = b.id and e.owner_id is not distinct from ${ownerId}::uuid
    )
    select max(height) as height
    from below`
  return found!.height
}

/** These tags, and all that stand beneath them. */
export async function withDescendants(sql: Sql, ids: string[]): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    with recursive below as (
      select x.id::uuid as id
      from jsonb_array_elements_text(${sql.json(ids)}) as x (id)
      union
      select e.child_id
      from below b
      join tag_edges e on e.parent_id = b.id
    )
    select id
    from below`
  return rows.map(({ id }) => id)
}

/** Works out anew what stands above these tags. */
export async function rewriteClosure(sql: Sql, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const listed = sql`(select x.id::uuid from jsonb_array_elements_text(${sql.json(ids)}) as x (id))`
  await sql`
    delete from tag_closure
    where descendant_id in ${listed}`
  await sql`
    insert into tag_closure (descendant_id, ancestor_id, owner_id, depth)
    with recursive above as (
      select e.child_id as descendant_id, e.parent_id as ancestor_id, e.owner_id, 1 as depth
      from tag_edges e
      where e.child_id in ${listed}
      union
      select a.descendant_id, e.parent_id, a.owner_id, a.depth + 1
      from above a
      join tag_edges e on e.child_id = a.ancestor_id
    )
    select descendant_id, ancestor_id, owner_id, min(depth)
    from above
    group by descendant_id, ancestor_id, owner_id`
}

/** The tags whose place in the trees a user may have worked out anew: shared ones and their own. */
export async function listPlaced(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select t.id
    from tags t
    where ${known(sql, userId)}`
  return rows.map(({ id }) => id)
}

export interface Node {
  id: string
  name: string
  is_shared: boolean
  average_rating: number | null
  rating_count: number
  parents: string[]
}

/** All tags that a user knows of, by name, each with the ids of its parents. */
export async function listNodes(sql: Sql, userId: string): Promise<Node[]> {
  return sql<Node[]>`
    select t.id, t.name, t.owner_id is null as is_shared, t.average_rating, t.rating_count,
      coalesce(e.parents, '[]') as parents
    from tags t
    left join (
      select t.child_id, jsonb_agg(t.parent_id order by t.parent_id) as parents
      from tag_edges t
      where ${known(sql, userId)}
      group by t.child_id
    ) e on e.child_id = t.id
    where ${known(sql, userId)}
    order by t.name_key, t.id`
}

export interface TreeCounts {
  total_tags: number
  shared_tags: number
  root_tags: number
  orphan_tags: number
  total_relationships: number
  max_depth: number
}

/** What the trees that a user knows of come to. */
export async function countTrees(sql: Sql, userId: string): Promise<TreeCounts> {
  const [counts] = await sql<TreeCounts[]>`
    select n.total_tags, n.shared_tags, n.root_tags, n.orphan_tags, n.total_relationships, d.max_depth
    from (
      select count(*)::integer as total_tags,
        count(*) filter (where t.owner_id is null)::integer as shared_tags,
        count(*) filter (where e.parents is null)::integer as root_tags,
        count(*) filter (where e.parents is null and b.parent_id is null)::integer as orphan_tags,
        coalesce(sum(e.parents), 0)::integer as total_relationships
      from tags t
      left join (
        select t.child_id, count(*) as parents
        from tag_edges t
        where ${known(sql, userId)}
        group by t.child_id
      ) e on e.child_id = t.id
      left join (
        select distinct t.parent_id
        from tag_edges t
        where ${known(sql, userId)}
      ) b on b.parent_id = t.id
      where ${known(sql, userId)}
    ) n, (
      select coalesce(max(t.depth), 0) as max_depth
      from tag_closure t
      where ${known(sql, userId)}
    ) d`
  return counts!
}

/** When an edge that a user knows of was made last; null where there is none. */
export async function lastEdge(sql: Sql, userId: string): Promise<string | null> {
  const [found] = await sql<{ last: string | null }[]>`
    select max(t.created_at) as last
    from tag_edges t
    where ${known(sql, userId)}`
  return found!.last
}
