import type { Sql } from '../../ground/database/connection.ts'
import { queuedJobs } from '../../ground/queue/tables.ts'
import type { JobFacts } from './schema.ts'

/** Not with its payload: a job on a library names its user. */
const jobColumns = (sql: Sql) => sql`
  j.id, j.queue, j.state::text as state, j.tries, j.error_message,
  coalesce(j.data ->> 'request_id', j.data -> 'cause' ->> 'request_id') as request_id, j.created_on as created_at,
  j.source_queue, j.source_job_id,
  case when c.id is not null then jsonb_build_object(
    'id', c.id, 'title', c.title, 'url', c.url, 'status', c.status, 'error_message', c.error_message
  ) end as content`

/** A payload may hold anything: that is why some jobs die. */
const contentOf = (sql: Sql) => sql`
  left join shared_contents c on c.id = case
    when j.data ->> 'content_id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (j.data ->> 'content_id')::uuid
  end`

/** What failed for good and was not sent back, the newest first. */
export async function listDeadLetters(sql: Sql, deadLetter: string, limit: number): Promise<JobFacts[]> {
  return sql<JobFacts[]>`
    select ${jobColumns(sql)}
    from ${queuedJobs(sql)} j
    ${contentOf(sql)}
    where j.queue = ${deadLetter} and j.state < 'active'
    order by j.created_on desc, j.id
    limit ${limit}`
}

/** How many there are in all. */
export async function countDeadLetters(sql: Sql, deadLetter: string): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from ${queuedJobs(sql)} j
    where queue = ${deadLetter} and state < 'active'`
  return counted!.total
}

/**
 * The jobs that belong together, the newest first: all on the content that `id` is of, or that a job of this id is
 * about; else that job alone; or those which one request caused. Reads the whole queue, once.
 */
export async function findRelatedJobs(sql: Sql, id: string, limit: number): Promise<JobFacts[]> {
  return sql<JobFacts[]>`
    with named as (
      select data ->> 'content_id' as content_id
      from ${queuedJobs(sql)} j
      where id::text = ${id} or source_job_id::text = ${id}
      union
      select content_id::text
      from jobs
      where id::text = ${id}
    )
    select ${jobColumns(sql)}
    from ${queuedJobs(sql)} j
    ${contentOf(sql)}
    where j.id::text = ${id} or j.source_job_id::text = ${id}
      or j.data ->> 'content_id' = ${id} or j.data ->> 'content_id' in (select content_id from named)
      or j.data ->> 'request_id' = ${id} or j.data -> 'cause' ->> 'request_id' = ${id}
    order by j.created_on desc, j.id
    limit ${limit}`
}
