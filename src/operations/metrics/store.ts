import type { Sql } from '../../database/connection.ts'

/** How much is in each queue. The counts are those that the queue's own monitor took, at most seconds ago. */
export async function findQueueDepths(
  sql: Sql,
): Promise<{ queue: string; queued: number; active: number; failed: number }[]> {
  return sql<{ queue: string; queued: number; active: number; failed: number }[]>`
    select name as queue, queued_count as queued, active_count as active, failed_count as failed
    from pgboss.queue
    order by name`
}

/** For how many seconds the oldest job of each queue has waited that could have started; 0 when none waits. */
export async function findWaits(sql: Sql): Promise<{ queue: string; seconds: number }[]> {
  return sql<{ queue: string; seconds: number }[]>`
    select q.name as queue,
      coalesce(extract(epoch from now() - (
        select min(j.start_after)
        from pgboss.job j
        where j.name = q.name and j.state < 'active' and j.start_after <= now()
      )), 0)::float8 as seconds
    from pgboss.queue q
    order by q.name`
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

/** What each model was asked since midnight UTC, and what it cost in US dollars. */
export async function findUsage(
  sql: Sql,
): Promise<{ model: string; tokens_in: number; tokens_out: number; cost_usd: number }[]> {
  return sql<{ model: string; tokens_in: number; tokens_out: number; cost_usd: number }[]>`
    select model, tokens_in, tokens_out, cost_usd::float8
    from model_usage
    where day = (now() at time zone 'utc')::date
    order by model`
}
