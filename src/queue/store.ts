import type { Sql } from '../database/connection.ts'

/** A job that was sent by one job of a batch, and waits for the others. */
export interface HeldJob {
  queue: string
  id: string
}

/** Makes them due now; those which began already are left alone. */
export async function releaseJobs(sql: Sql, held: HeldJob[]): Promise<void> {
  await sql`
    update pgboss.job
    set start_after = now()
    where name in ${sql([...new Set(held.map(({ queue }) => queue))])}
      and id in ${sql(held.map(({ id }) => id))}
      and state = 'created'`
}
