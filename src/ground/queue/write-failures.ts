import type { PgBoss } from 'pg-boss'
import type { Sql } from '../database/connection.ts'
import type { Failure } from './running/runner.ts'
import { endTries, yieldToFresh } from './store.ts'

/**
 * Writes which tries failed. What has tries left waits for its next one, and is then claimed after what has not been
 * tried yet; what is final goes to the dead-letter queue.
 */
export async function writeFailures(
  { boss, sql }: { boss: Pick<PgBoss, 'fail'>; sql: Sql },
  queue: string,
  failures: Failure[],
): Promise<void> {
  const idsOf = (isFinal: boolean) =>
    failures.filter(failure => failure.isFinal === isFinal).map(({ claim }) => claim.id)
  const [final, again] = [idsOf(true), idsOf(false)]
  if (final.length > 0) await endTries(sql, queue, final)
  if (again.length > 0) await yieldToFresh(sql, queue, again)
  for (const [message, same] of Map.groupBy(failures, ({ reason }) => reason)) {
    await boss.fail(
      queue,
      same.map(({ claim }) => claim),
      { message },
    )
  }
}
