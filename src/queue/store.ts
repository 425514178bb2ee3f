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

/**
 * Gives up jobs whose runs have not ended: another worker may begin them at once. The interrupted try is made up for by
 * one more, since nothing has failed. A run that ends after all finds its claim lost.
 */
export async function handBack(sql: Sql, claims: { id: string; retryCount: number }[]): Promise<void> {
  if (claims.length === 0) return
  await sql`
    update pgboss.job
    set state = 'retry', retry_limit = retry_limit + 1, start_after = now()
    where id in ${sql(claims.map(({ id }) => id))}
      and id::text || ' ' || retry_count in ${sql(claims.map(({ id, retryCount }) => `${id} ${retryCount}`))}
      and state = 'active'`
}
