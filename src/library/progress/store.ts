import type { Sql } from '../../ground/database/connection.ts'
import type { Wanted } from '../../ground/http/paging.ts'
import { queuedJobs } from '../../ground/queue/tables.ts'
import type { Status } from '../../vocabulary.ts'
import type { JobsQuery } from './schema.ts'

export interface JobRow {
  id: string
  type: string
  /** In the queue; null when the queue has forgotten it, as it does with what was done days ago. */
  state: 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed' | null
  attempts: number | null
  created_at: string
  updated_at: string
  /** Of a job on a content: how far the content is, and the caller's save of it. */
  content_status: Status | null
  /** How far the run is, when it is the content's current one and that was noted. */
  run_stage: 'queued' | 'understanding' | 'embedding' | 'done' | 'failed' | null
  is_understood: boolean
  content_error: string | null
  save_id: string | null
  request_id: string | null
}

const jobColumns = (sql: Sql) => sql`
  j.id, j.type, q.state::text as state, q.retry_count + (q.started_on is not null)::int as attempts, j.created_at,
  greatest(j.created_at, q.started_on, q.completed_on, c.updated_at) as updated_at,
  c.status as content_status, case when c.attempt = j.id then c.run_stage end as run_stage,
  c.topic_main is not null as is_understood, c.error_message as content_error, j.save_id, j.request_id`

/** What a client is told as the job's status, as describe-job.ts words it. */
const statusOf = (sql: Sql) => sql`
  coalesce(case when c.attempt = j.id then case c.run_stage
    when 'queued' then 'PENDING'
    when 'understanding' then 'PROCESSING'
    when 'embedding' then 'PROCESSING'
    when 'done' then 'READY'
    when 'failed' then 'FAILED'
  end end, c.status, case
    when q.state in ('created', 'retry') then 'PENDING'
    when q.state = 'active' then 'PROCESSING'
    when q.state in ('cancelled', 'failed') then 'FAILED'
    else 'READY'
  end)`

const jobTables = (sql: Sql) => sql`
  jobs j
  left join shared_contents c on c.id = j.content_id
  left join ${queuedJobs(sql)} q on q.queue = j.type and q.id = j.id`

/** A job that concerns the user: on their library, or on a content that they saved. */
export async function findJob(sql: Sql, userId: string, jobId: string): Promise<JobRow | undefined> {
  const [job] = await sql<JobRow[]>`
    select ${jobColumns(sql)}
    from ${jobTables(sql)}
    where j.user_id = ${userId} and j.id = ${jobId}`
  return job
}

const filters = (sql: Sql, userId: string, { status, type }: Pick<JobsQuery, 'status' | 'type'>) => sql`
  j.user_id = ${userId}
    ${type ? sql`and j.type = ${type}` : sql``}
    ${status ? sql`and ${statusOf(sql)} = ${status}` : sql``}`

/** A user's jobs, the newest first: ids are UUIDv7, so their order is that of time. */
export async function listJobs(
  sql: Sql,
  userId: string,
  query: Pick<JobsQuery, 'status' | 'type'>,
  { limit, offset, after }: Wanted,
): Promise<JobRow[]> {
  return sql<JobRow[]>`
    select ${jobColumns(sql)}
    from ${jobTables(sql)}
    where ${filters(sql, userId, query)} ${after ? sql`and j.id < ${after.id}` : sql``}
    order by j.id desc
    limit ${limit} offset ${offset}`
}

export async function countJobs(
  sql: Sql,
  userId: string,
  query: Pick<JobsQuery, 'status' | 'type'>,
): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from ${query.status ? jobTables(sql) : sql`jobs j`}
    where ${filters(sql, userId, query)}`
  return counted!.total
}
