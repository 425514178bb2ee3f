import type { Sql } from '../../ground/database/connection.ts'
import type { InteractionType } from '../../vocabulary.ts'
import { countChanges } from './counts/store.ts'
import type { Interaction } from './schema.ts'

/** To be read of interactions `i`. */
export const interactionColumns = (sql: Sql) => sql`
  i.id, i.user_id, i.content_id, i.interaction_type, i.rating::float8 as rating, i.duration_ms, i.metadata,
  i.created_at, i.updated_at`

/** A row as it is to be kept. */
export interface Row {
  id: string
  content_id: string
  interaction_type: InteractionType
  rating: number | null
  duration_ms: number | null
  metadata: Record<string, unknown>
}

const given = (sql: Sql, rows: Row[]) => sql`
  jsonb_to_recordset(${sql.json(rows.map((row, at) => ({ ...row, at })) as never)})
    as r (at integer, id uuid, content_id uuid, interaction_type text, rating numeric, duration_ms integer, metadata jsonb)`

/** Adds interactions, and counts them, but for those whose id is taken. @returns those that are new, in any order */
export async function insertInteractions(sql: Sql, userId: string, rows: Row[]): Promise<Interaction[]> {
  if (rows.length === 0) return []
  // In the order of their ids, so that two requests with the same ones do not wait for each other.
  const added = await sql<Interaction[]>`
    insert into interactions as i (user_id, id, content_id, interaction_type, rating, duration_ms, metadata)
    select ${userId}::uuid, r.id, r.content_id, r.interaction_type, r.rating, r.duration_ms, r.metadata
    from ${given(sql, rows)}
    order by r.id, r.at
    on conflict (user_id, id) do nothing
    returning ${interactionColumns(sql)}`
  await countChanges(
    sql,
    added.map(({ user_id, interaction_type }) => ({ user_id, interaction_type, change: 1 })),
  )
  return added
}

export interface Kept extends Interaction {
  /** Which of the rows it was looked up for. */
  at: number
  /** Whether it is just what the row says. */
  is_same: boolean
}

/** What is kept under the ids of these rows. */
export async function findKept(sql: Sql, userId: string, rows: Row[]): Promise<Kept[]> {
  if (rows.length === 0) return []
  return sql<Kept[]>`
    select r.at, ${interactionColumns(sql)},
      (i.content_id, i.interaction_type, i.rating, i.duration_ms, i.metadata)
        is not distinct from (r.content_id, r.interaction_type, r.rating, r.duration_ms, r.metadata) as is_same
    from ${given(sql, rows)}
    join interactions i on i.user_id = ${userId} and i.id = r.id`
}

export async function findInteraction(
  sql: Sql,
  userId: string,
  id: string,
): Promise<Interaction | undefined> {
  const [row] = await sql<Interaction[]>`
    select ${interactionColumns(sql)}
    from interactions i
    where i.user_id = ${userId} and i.id = ${id}`
  return row
}

/** An interaction, for as long as the transaction lasts as it is. */
export async function lockInteraction(
  sql: Sql,
  userId: string,
  id: string,
): Promise<Interaction | undefined> {
  const [row] = await sql<Interaction[]>`
    select ${interactionColumns(sql)}
    from interactions i
    where i.user_id = ${userId} and i.id = ${id}
    for no key update`
  return row
}

/** @param before as it is locked */
export async function changeInteraction(
  sql: Sql,
  { id, user_id, ...before }: Interaction,
  { interaction_type, rating, duration_ms, metadata }: Omit<Row, 'id' | 'content_id'>,
): Promise<Interaction> {
  const [row] = await sql<Interaction[]>`
    update interactions as i
    set interaction_type = ${interaction_type}, rating = ${rating}::float8::numeric, duration_ms = ${duration_ms},
      metadata = ${sql.json(metadata as never)}, updated_at = now()
    where i.user_id = ${user_id} and i.id = ${id}
    returning ${interactionColumns(sql)}`
  await countChanges(sql, [
    { user_id, interaction_type: before.interaction_type, change: -1 },
    { user_id, interaction_type, change: 1 },
  ])
  return row!
}

/** @returns whether it was there */
export async function deleteInteraction(sql: Sql, userId: string, id: string): Promise<boolean> {
  const gone = await sql<{ user_id: string; interaction_type: InteractionType }[]>`
    delete from interactions
    where user_id = ${userId} and id = ${id}
    returning user_id, interaction_type`
  await countChanges(
    sql,
    gone.map(row => ({ ...row, change: -1 })),
  )
  return gone.length > 0
}

/** What somebody may interact with: a save or a work of theirs, or what another made public. */
export interface Content {
  id: string
  kind: 'save' | 'work' | 'public'
}

/** Those of these contents that a user may interact with, by the ids asked for: that of a joined save leads to the save. */
export async function findContents(sql: Sql, userId: string, ids: string[]): Promise<Map<string, Content>> {
  if (ids.length === 0) return new Map()
  const wanted = sql(ids)
  const rows = await sql<(Content & { asked: string })[]>`
    select id as asked, id, 'save' as kind
    from user_content_saves
    where user_id = ${userId} and id in ${wanted}
    union all
    select id, save_id, 'save'
    from joined_saves
    where user_id = ${userId} and id in ${wanted}
    union all
    select id, id, 'work'
    from works
    where user_id = ${userId} and id in ${wanted}
    union all
    select id, id, 'public'
    from user_content_saves
    where user_id <> ${userId} and id in ${wanted} and is_public and not is_archived
    union all
    select id, id, 'public'
    from works
    where user_id <> ${userId} and id in ${wanted} and is_public`
  return new Map(rows.map(({ asked, id, kind }) => [asked, { id, kind }]))
}
