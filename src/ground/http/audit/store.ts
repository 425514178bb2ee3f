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

interface Asked {
  ip_address: string | null
  user_agent: string | null
  request_id: string | null
}

const NO_REQUEST: Asked = { ip_address: null, user_agent: null, request_id: null }

/** Records what was done, also by what is no request: a job, a start. */
export async function addAuditEntry(sql: Sql, entry: AuditEntry, asked: Asked = NO_REQUEST): Promise<void> {
  await sql`
    insert into audit_entries
      (user_id, id, action, resource_type, resource_id, details, ip_address, user_agent, request_id)
    values (
      ${entry.user_id ?? NOBODY}, ${uuidv7()}, ${entry.action}, ${entry.resource_type}, ${entry.resource_id ?? null},
      ${sql.json(entry.details ?? {})}, ${asked.ip_address}, ${asked.user_agent}, ${asked.request_id}
    )`
}

/** Records who did what. Called with the transaction of what it records, so that neither stands alone. */
export const audit = (sql: Sql, request: Request, entry: AuditEntry): Promise<void> =>
  addAuditEntry(sql, entry, {
    ip_address: clientAddress(request) ?? null,
    user_agent: request.headers.get('user-agent')?.slice(0, 500) ?? null,
    request_id: requestId(request),
  })
