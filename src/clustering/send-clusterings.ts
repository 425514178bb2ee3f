import type { Context } from '../context.ts'
import type { Sql } from '../ground/database/connection.ts'
import { noteJob } from '../library/jobs/store.ts'
import { findUnclustered } from '../library/versions/store.ts'
import { clusterLibrary } from './jobs.ts'

/** Clustering waits this long after the change that made it due, so that a hundred saves cost one run. */
const SETTLE_SECONDS = 5

/** Sends a clustering for those of these users whose library has changed enough. */
export async function sendDueClusterings(
  tx: Sql,
  { config, queue }: Pick<Context, 'config' | 'queue'>,
  userIds: string[],
): Promise<void> {
  for (const user_id of await findUnclustered(tx, userIds, config.CLUSTER_MIN_ITEMS)) {
    const id = await queue.enqueue(tx, clusterLibrary, { user_id }, { delaySeconds: SETTLE_SECONDS })
    await noteJob(tx, user_id, clusterLibrary.name, id)
  }
}
