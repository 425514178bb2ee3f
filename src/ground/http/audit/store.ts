import { v7 as uuidv7 } from 'uuid'
import type { Sql } from '../../database/connection.ts'
import { clientAddress } from '../edge/client-address.ts'
import { requestId } from '../request.ts'

const NOBODY = '00000000-0000-0000-0000-000000000000'

export interface AuditEntry {
  /** Left out for an attempt that names no user. */
  user_id: string | undefined
  action: string
  resource_type: string
  resource_id?: string | undefined
  /** What was done to it; never a secret, never a note. */
  details?: Record<string, string | string[] | number>
}

/** Records who did what. Called with the transaction of what it records, so that neither stands alone. */
export async function audit(sql: Sql, request: Request, entry: AuditEntry): Promise<void> {
  await sql`
    insert into audit_entries
      (user_id, id, action, resource_type, resource_id, details, ip_address, user_agent, request_id)
    values (
      ${entry.user_id ?? NOBODY}, ${uuidv7()}, ${entry.action}, ${entry.resource_type}, ${entry.resource_id ?? null},
      ${sql.json(entry.details ?? {})},
      ${clientAddress(request) ?? null}, ${request.headers.get('user-agent')?.slice(0, 500) ?? null}, ${requestId(request)}
    )`
}
