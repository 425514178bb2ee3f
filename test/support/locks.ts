import type { Sql } from '../../src/ground/database/connection.ts'

/** Resolves when a statement with these words waits for a lock: of the real PostgreSQL, which has several sessions. */
export async function untilLocked(sql: Sql, words: string): Promise<void> {
  for (;;) {
    const waiting = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like ${`%${words}%`}`
    if (waiting.length > 0) return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
