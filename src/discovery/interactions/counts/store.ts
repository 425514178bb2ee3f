// How many interactions of each kind a user has. Whoever writes interactions keeps it, in the same transaction and after them.
import type { Sql } from '../../../ground/database/connection.ts'
import type { InteractionType } from '../../../vocabulary.ts'

/** Of whom, and what; more of it, or with a minus less. */
export interface Change {
  user_id: string
  interaction_type: InteractionType
  change: number
}

/** Counts changes, in the order of locks. */
export async function countChanges(sql: Sql, changes: Change[]): Promise<void> {
  const sums = new Map<string, Change>()
  for (const { user_id, interaction_type, change } of changes) {
    const key = `${user_id} ${interaction_type}`
    const before = sums.get(key)?.change ?? 0
    sums.set(key, { user_id, interaction_type, change: before + change })
  }
  const rows = [...sums.values()].filter(({ change }) => change !== 0)
  if (rows.length === 0) return
  await sql`
    insert into interaction_counts as k (user_id, interaction_type, interactions)
    select c.user_id, c.interaction_type, c.change
    from jsonb_to_recordset(${sql.json(rows as never)}) as c (user_id uuid, interaction_type text, change integer)
    order by c.user_id, c.interaction_type
    on conflict (user_id, interaction_type) do update
    set interactions = k.interactions + excluded.interactions`
}

/** How many interactions a user has; of one kind, where it is named. */
export async function countOfUser(
  sql: Sql,
  userId: string,
  interaction_type: InteractionType | undefined,
): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select coalesce(sum(interactions), 0)::integer as total
    from interaction_counts
    where user_id = ${userId} ${interaction_type ? sql`and interaction_type = ${interaction_type}` : sql``}`
  return counted!.total
}

/** Removes the oldest interactions of all users that are older than so many days, at most `most`. @returns how many */
export async function dropOldInteractions(sql: Sql, days: number, most: number): Promise<number> {
  const gone = await sql<Omit<Change, 'change'>[]>`
    delete from interactions
    where (user_id, id) in (
      select user_id, id
      from interactions
      where created_at < now() - ${`${days} days`}::interval
      order by created_at
      limit ${most}
    )
    returning user_id, interaction_type`
  await countChanges(
    sql,
    gone.map(row => ({ ...row, change: -1 })),
  )
  return gone.length
}
