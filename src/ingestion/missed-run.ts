import type { Sql } from '../ground/database/connection.ts'
import { type Effect, Unseen } from '../ground/queue/queue.ts'
import type { ContentJob } from './jobs.ts'
import { isTakenOver } from './store.ts'

/** What a job comes to that does not find its run: nothing where a newer one has taken over. */
export async function missedRun(sql: Sql, of: ContentJob): Promise<Effect | Unseen> {
  return (await isTakenOver(sql, of)) ? async () => {} : new Unseen()
}
