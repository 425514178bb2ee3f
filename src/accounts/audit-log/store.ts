import type { Sql } from '../../ground/database/connection.ts'
import type { Wanted } from '../../ground/http/paging.ts'
import type { AuditEntryAnswer } from './schema.ts'

/** What is recorded of a user, the newest first: ids are UUIDv7, so their order is that of time. */
export async function listAudit(
  sql: Sql,
  userId: string,
  { limit, offset, after }: Wanted,
): Promise<AuditEntryAnswer[]> {
  return sql<AuditEntryAnswer[]>`
    select id, action, resource_type, resource_id, details, ip_address, user_agent, request_id, created_at
    from audit_entries
    where user_id = ${userId} ${after ? sql`and id < ${after.id}` : sql``}
    order by id desc
    limit ${limit} offset ${offset}`
}

export async function countAudit(sql: Sql, userId: string): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from audit_entries
    where user_id = ${userId}`
  return counted!.total
}
