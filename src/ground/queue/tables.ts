// What others read of the queue. pg-boss' tables are named in this folder alone; these are views of them, as parts of a
// statement, so that no migration has to wait until pg-boss has made its schema.
import type { Sql } from '../database/connection.ts'

/** Each job: `tries` counts those that have begun, `error_message` says why the last one failed. */
export const queuedJobs = (sql: Sql) => sql`(
  select id, name as queue, state, retry_count, coalesce(source_retry_count, retry_count)
      + (source_id is not null or started_on is not null)::int as tries, data,
    coalesce(source_output, output) ->> 'message' as error_message, start_after, started_on, completed_on,
    created_on, source_name as source_queue, source_id as source_job_id
  from pgboss.job
)`

/** Each queue, with the counts that its monitor took, at most seconds ago. */
export const queues = (sql: Sql) => sql`(
  select name as queue, ready_count, deferred_count, active_count, failed_count, created_on
  from pgboss.queue
)`

/** Whether the queue's tables are there. */
export const hasQueue = (sql: Sql) => sql`to_regclass('pgboss.job') is not null`

/** The tables whose rows are the queue's: what pg-boss notes about itself is not among them. */
export const QUEUE_TABLES = [
  'pgboss.queue',
  'pgboss.schedule',
  'pgboss.subscription',
  'pgboss.job',
  'pgboss.job_dependency',
]
