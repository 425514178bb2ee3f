import { v7 as uuidv7 } from 'uuid'
import type { Sql } from '../../../ground/database/connection.ts'
import type { Used } from '../uses/store.ts'

/** Adds another name of a tag, for whom it means it. @returns whether it was free */
export async function insertAlias(
  sql: Sql,
  tagId: string,
  name: string,
  ownerId: string | null,
): Promise<boolean> {
  const [added] = await sql`
    insert into tag_aliases (id, tag_id, owner_id, name, name_key)
    values (${uuidv7()}, ${tagId}, ${ownerId}, ${name}, folded(${name}))
    on conflict do nothing
    returning tag_id`
  return added !== undefined
}

/** Gives another tag the other names of one. */
export async function moveAliases(sql: Sql, from: Used, into: Used): Promise<void> {
  await sql`
    update tag_aliases
    set tag_id = ${into.id}
    where tag_id = ${from.id}`
}

/**
 * Gives a tag the edges of another one, which keeps none: but for those that would make a cycle, or put a shared tag
 * beneath somebody's own. With the lock of the trees, and the closure as it is without the edges that go.
 */
export async function takeEdges(sql: Sql, { parents, children }: Edges, into: Used): Promise<void> {
  await sql`
    insert into tag_edges (child_id, parent_id, owner_id)
    select ${into.id}::uuid, t.id, ${into.owner_id}::uuid
    from tags t
    where t.id in (select x.id::uuid from jsonb_array_elements_text(${sql.json(parents)}) as x (id))
      and t.id <> ${into.id} and (t.owner_id is null or t.owner_id = ${into.owner_id}::uuid)
      and not exists (select from tag_closure c where c.descendant_id = t.id and c.ancestor_id = ${into.id})
    on conflict (child_id, parent_id) do nothing`
  await sql`
    insert into tag_edges (child_id, parent_id, owner_id)
    select t.id, ${into.id}::uuid, t.owner_id
    from tags t
    where t.id in (select x.id::uuid from jsonb_array_elements_text(${sql.json(children)}) as x (id))
      and t.id <> ${into.id}
      and not exists (select from tag_closure c where c.descendant_id = ${into.id} and c.ancestor_id = t.id)
    on conflict (child_id, parent_id) do nothing`
}

/** The tags directly above and beneath one. */
export interface Edges {
  parents: string[]
  children: string[]
}

/** Takes a tag out of the trees. @returns the edges that it had */
export async function dropEdges(sql: Sql, id: string): Promise<Edges> {
  const gone = await sql<{ child_id: string; parent_id: string }[]>`
    delete from tag_edges
    where child_id = ${id} or parent_id = ${id}
    returning child_id, parent_id`
  return {
    parents: gone.flatMap(edge => (edge.child_id === id ? [edge.parent_id] : [])),
    children: gone.flatMap(edge => (edge.parent_id === id ? [edge.child_id] : [])),
  }
}
