import type { Sql } from '../ground/database/connection.ts'
import type { Attempt } from '../library/contents/store.ts'

/** Whether a content has a newer run than this: attempts are UUIDv7, so their order is that of time. */
export async function isTakenOver(sql: Sql, { content_id, attempt }: Attempt): Promise<boolean> {
  const newer = await sql`
    select
    from shared_contents
    where id = ${content_id} and attempt > ${attempt}`
  return newer.length > 0
}
