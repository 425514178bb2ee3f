import type { Sql } from '../../../ground/database/connection.ts'
import type { Wanted } from '../../../ground/http/paging.ts'
import type { InteractionType } from '../../../vocabulary.ts'
import { countOfUser } from '../counts/store.ts'
import type { Interaction } from '../schema.ts'
import { interactionColumns } from '../store.ts'

export interface Filters {
  interaction_type?: InteractionType | undefined
  content_id?: string | undefined
  from?: string | undefined
  to?: string | undefined
  /** Only those with a rating. */
  is_rated?: boolean
}

const matching = (
  sql: Sql,
  userId: string,
  { interaction_type, content_id, from, to, is_rated }: Filters,
) => sql`
  i.user_id = ${userId}
    ${interaction_type ? sql`and i.interaction_type = ${interaction_type}` : sql``}
    ${content_id ? sql`and i.content_id = ${content_id}` : sql``}
    ${from ? sql`and i.created_at >= ${from}` : sql``}
    ${to ? sql`and i.created_at < ${to}` : sql``}
    ${is_rated ? sql`and i.rating is not null` : sql``}`

/** The newest first, each filter a range of an index of its own. */
export async function listInteractions(
  sql: Sql,
  userId: string,
  filters: Filters,
  { limit, offset, after }: Wanted,
): Promise<Interaction[]> {
  return sql<Interaction[]>`
    select ${interactionColumns(sql)}
    from interactions i
    where ${matching(sql, userId, filters)} ${after ? sql`and (i.created_at, i.id) < (${after.key!}, ${after.id})` : sql``}
    order by i.created_at desc, i.id desc
    limit ${limit} offset ${offset}`
}

/** The highest rating first; `after.key` is twice a rating. */
export async function listRated(
  sql: Sql,
  userId: string,
  filters: Filters,
  { limit, offset, after }: Wanted,
): Promise<Interaction[]> {
  const from = after && sql`and (i.rating, i.id) < (${Number(after.key) / 2}::float8::numeric, ${after.id})`
  return sql<Interaction[]>`
    select ${interactionColumns(sql)}
    from interactions i
    where ${matching(sql, userId, { ...filters, is_rated: true })} ${from ?? sql``}
    order by i.rating desc, i.id desc
    limit ${limit} offset ${offset}`
}

/** Those of a kind are counted already; a part of them is a range of an index, which is read alone. */
export async function countInteractions(sql: Sql, userId: string, filters: Filters): Promise<number> {
  const { interaction_type, content_id, from, to, is_rated } = filters
  if (!content_id && !from && !to && !is_rated) return countOfUser(sql, userId, interaction_type)
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from interactions i
    where ${matching(sql, userId, filters)}`
  return counted!.total
}
