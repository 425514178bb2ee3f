import type { Sql } from '../../ground/database/connection.ts'
import type { Wanted } from '../../ground/http/paging.ts'
import type { AuditEntryAnswer } from './schema.ts'

export interface Filters {
  /** Whose; undefined for everybody's. */
  user_id: string | undefined
  action: string | undefined
  from: string | undefined
  to: string | undefined
}

/** The zero UUID stands for nobody. */
const columns = (sql: Sql) => sql`
  nullif(user_id, '00000000-0000-0000-0000-000000000000') as user_id, id, action, resource_type, resource_id, details,
  ip_address, user_agent, request_id, created_at`

const matching = (sql: Sql, { user_id, action, from, to }: Filters) => sql`
  ${user_id ? sql`user_id = ${user_id}` : sql`true`}
    ${action ? sql`and action = ${action}` : sql``}
    ${from ? sql`and created_at >= ${from}` : sql``}
    ${to ? sql`and created_at < ${to}` : sql``}`

/** What is recorded, the newest first: ids are UUIDv7, so their order is that of time. */
export async function listAudit(
  sql: Sql,
  filters: Filters,
  { limit, offset, after }: Wanted,
): Promise<AuditEntryAnswer[]> {
  return sql<AuditEntryAnswer[]>`
    select ${columns(sql)}
    from audit_entries
    where ${matching(sql, filters)} ${after ? sql`and id < ${after.id}` : sql``}
    order by id desc
    limit ${limit} offset ${offset}`
}

export async function countAudit(sql: Sql, filters: Filters): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from audit_entries
    where ${matching(sql, filters)}`
  return counted!.total
}
