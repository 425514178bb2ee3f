import type { Sql } from '../../ground/database/connection.ts'
import { NOBODY } from '../../ground/http/audit/store.ts'

/** Takes a user out of what they did as an admin. */
export async function forgetOperator(sql: Sql, userId: string): Promise<void> {
  await sql`
    update settings
    set updated_by = null
    where updated_by = ${userId}`
  await sql`
    update backups
    set created_by = ${NOBODY}
    where created_by = ${userId}`
}
