import type { Sql } from '../../database/connection.ts'
import type { AuditEntryAnswer, AuditQuery } from './schema.ts'

/**
 * What is recorded of a user, the newest first: ids are UUIDv7, so their order is that of time.
 * @param after the id at which the page before ended; then `offset` is not looked at
 */
export async function listAudit(
  sql: Sql,
  userId: string,
  { limit, offset }: AuditQuery,
  after: string | undefined,
): Promise<AuditEntryAnswer[]> {
  return sql<AuditEntryAnswer[]>`
    select id, action, resource_type, resource_id, details, ip_address, user_agent, request_id, created_at
    from audit_entries
    where user_id = ${userId} ${after ? sql`and id < ${after}` : sql``}
    order by id desc
    limit ${limit} ${after ? sql`` : sql`offset ${offset}`}`
}

export async function countAudit(sql: Sql, userId: string): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from audit_entries
    where user_id = ${userId}`
  return counted!.total
}
