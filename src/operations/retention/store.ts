import type { Sql } from '../../ground/database/connection.ts'
import { NOBODY } from '../../ground/http/audit/store.ts'
import { forgetSetter } from '../../ground/settings/store.ts'

/** Takes a user out of what they did as an admin. */
export async function forgetOperator(sql: Sql, userId: string): Promise<void> {
  await forgetSetter(sql, userId)
  await sql`
    update backups
    set created_by = ${NOBODY}
    where created_by = ${userId}`
}
