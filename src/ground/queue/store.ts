import type { Sql } from '../database/connection.ts'
import { outlivingJobs } from './job.ts'

/** A job that is kept back. */
export interface HeldJob {
  queue: string
  id: string
}

/** Claims a job that this very transaction sends, as pg-boss claims: nobody else ever sees it waiting. */
export async function claimSent(sql: Sql, { queue, id }: HeldJob): Promise<void> {
  await sql`
    update pgboss.job
    set state = 'active', start_after = now(), started_on = now(), heartbeat_on = now()
    where name = ${queue} and id = ${id}`
}

/**
 * Completes a job that is still held, as pg-boss does; its own statement is for many at once, is planned again each time,
 * and took four times as long.
 * @returns whether it was still held
 */
export async function completeHeld(
  sql: Sql,
  queue: string,
  { id, retryCount }: { id: string; retryCount: number },
): Promise<boolean> {
  const completed = await sql`
    update pgboss.job
    set state = 'completed', completed_on = now()
    where name = ${queue} and id = ${id} and state = 'active' and retry_count = ${retryCount}`
  return completed.count === 1
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
    set state = 'retry', retry_limit = retry_limit + 1, start_after = now(), output = null
    where id in ${sql(claims.map(({ id }) => id))}
      and id::text || ' ' || retry_count in ${sql(claims.map(({ id, retryCount }) => `${id} ${retryCount}`))}
      and state = 'active'`
}

/** Counts a try once more. */
export async function countTwice(
  sql: Sql,
  queue: string,
  { id, retryCount }: { id: string; retryCount: number },
): Promise<void> {
  await sql`
    update pgboss.job
    set retry_count = retry_count + 1
    where name = ${queue} and id = ${id} and state = 'active' and retry_count = ${retryCount}`
}

/**
 * From now on these jobs are claimed after those that have not been tried yet, and have a share of their own: a user's
 * links to sites that are down take nothing from what else that user saves.
 */
export async function yieldToFresh(sql: Sql, queue: string, ids: string[]): Promise<void> {
  await sql`
    update pgboss.job
    set priority = -1, group_id = group_id || ' again'
    where name = ${queue} and id in ${sql(ids)} and state = 'active' and priority = 0`
}

/** When these fail, they have failed for good. */
export async function endTries(sql: Sql, queue: string, ids: string[]): Promise<void> {
  await sql`
    update pgboss.job
    set retry_limit = retry_count
    where name = ${queue} and id in ${sql(ids)} and state = 'active'`
}

/** Where tables are spread, has a transaction commit in two phases: Citus sees to that for tables it knows alone. */
export async function commitTogether(sql: Sql): Promise<void> {
  await sql`delete from two_phase where id = 0`
}

/**
 * Takes a user out of the queue. Jobs that others wait for as well go on without them, those under way from
 * their start, since whoever runs one has its payload in hand; all else that names the user is dropped, in whatever state.
 * A run of what was dropped finds its claim lost, and writes nothing.
 * @returns how many were changed or dropped
 */
export async function forgetUser(sql: Sql, userId: string): Promise<number> {
  const unnamed = sql`data = (data - 'user_id' - 'cause') || '{"request_id": "erased"}', group_id = null, group_tier = null`
  const theirs = sql`name in ${sql(outlivingJobs())} and data ->> 'user_id' = ${userId}`
  const begun = await sql`
    update pgboss.job
    set state = 'retry', retry_limit = retry_limit + 1, start_after = now(), output = null, ${unnamed}
    where ${theirs} and state = 'active'`
  const waiting = await sql`
    update pgboss.job
    set output = null, ${unnamed}
    where ${theirs} and state in ('created', 'retry')`
  const dropped = await sql`
    delete from pgboss.job j
    where strpos(j::text, ${userId}) > 0`
  return begun.count + waiting.count + dropped.count
}

/** Drops jobs whose payload has one of these values, in whatever state. */
export async function dropJobsOf(sql: Sql, field: string, values: string[]): Promise<void> {
  if (values.length === 0) return
  await sql`
    delete from pgboss.job
    where data ->> ${field} in ${sql(values)}`
}
