import type { Sql } from '../../ground/database/connection.ts'
import { queuedJobs, queues } from '../../ground/queue/tables.ts'

/** Answers when a connection of the pool is free and the database is there. */
export async function ask(sql: Sql): Promise<void> {
  await sql`select 1`
}

export interface QueueDepth {
  queue: string
  /** Could start now. */
  queued: number
  /** Waits for its time, as a retry does. */
  deferred: number
  active: number
  failed: number
}

/** How much is in each queue. The counts are those that the queue's own monitor took, at most seconds ago. */
export async function findQueueDepths(sql: Sql): Promise<QueueDepth[]> {
  return sql<QueueDepth[]>`
    select queue, ready_count as queued, deferred_count as deferred, active_count as active, failed_count as failed
    from ${queues(sql)} q
    order by queue`
}

/** For how many seconds the oldest job of each queue has waited that could have started; 0 when none waits. */
export async function findWaits(sql: Sql): Promise<{ queue: string; seconds: number }[]> {
  return sql<{ queue: string; seconds: number }[]>`
    select q.queue,
      coalesce(extract(epoch from now() - (
        select min(j.start_after)
        from ${queuedJobs(sql)} j
        where j.queue = q.queue and j.state < 'active' and j.start_after <= now()
      )), 0)::float8 as seconds
    from ${queues(sql)} q
    order by q.queue`
}

/** How many jobs of each queue failed for good and lie in the dead-letter queue, counted now. */
export async function countDeadLetters(
  sql: Sql,
  deadLetter: string,
): Promise<{ queue: string; jobs: number }[]> {
  return sql<{ queue: string; jobs: number }[]>`
    select q.queue, count(j.id) as jobs
    from ${queues(sql)} q
    left join ${queuedJobs(sql)} j on j.queue = ${deadLetter} and j.state < 'active' and j.source_queue = q.queue
    where q.queue <> ${deadLetter}
    group by q.queue
    order by q.queue`
}

/**
 * When a job of each of these queues was last done, in seconds since 1970; where none was, or the queue has
 * forgotten it, when the queue was made. The queues must be short: all their jobs are looked at.
 */
export async function findLastDone(sql: Sql, names: string[]): Promise<{ queue: string; at: number }[]> {
  return sql<{ queue: string; at: number }[]>`
    select q.queue,
      extract(epoch from coalesce(
        (select max(j.completed_on) from ${queuedJobs(sql)} j where j.queue = q.queue and j.state = 'completed'),
        q.created_on
      ))::float8 as at
    from ${queues(sql)} q
    where q.queue in ${sql(names)}
    order by q.queue`
}

/** Connections of ours to this database, by what they are for and what they are doing. */
export async function findConnections(
  sql: Sql,
): Promise<{ application: string; state: string; connections: number }[]> {
  return sql<{ application: string; state: string; connections: number }[]>`
    select application_name as application, coalesce(state, 'unknown') as state, count(*) as connections
    from pg_stat_activity
    where datname = current_database() and application_name like 'trove%'
    group by 1, 2
    order by 1, 2`
}

/** Of the whole database on its server's disk, in bytes. */
export async function findSize(sql: Sql): Promise<number> {
  const [found] = await sql<{ bytes: number }[]>`
    select pg_database_size(current_database()) as bytes`
  return found!.bytes
}
