import type { Sql } from '../../ground/database/connection.ts'
import { queuedJobs } from '../../ground/queue/tables.ts'
import type { JobFacts } from './schema.ts'

type QueuedFacts = Omit<JobFacts, 'content'> & { content_id: string | null }

/** Not with its payload: a job on a library names its user. A payload may hold anything: that is why some jobs die. */
const jobColumns = (sql: Sql) => sql`
  j.id, j.queue, j.state::text as state, j.tries, j.error_message,
  coalesce(j.data ->> 'request_id', j.data -> 'cause' ->> 'request_id') as request_id, j.created_on as created_at,
  j.source_queue, j.source_job_id,
  case when j.data ->> 'content_id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    then lower(j.data ->> 'content_id') end as content_id`

/** Each with its content: the queue is asked by itself, since it may stand elsewhere than contents do. */
async function withContents(sql: Sql, jobs: QueuedFacts[]): Promise<JobFacts[]> {
  const ids = jobs.flatMap(({ content_id }) => content_id ?? [])
  if (ids.length === 0) return jobs.map(({ content_id: _, ...job }) => ({ ...job, content: null }))
  const contents = await sql<NonNullable<JobFacts['content']>[]>`
    select id, title, url, status, error_message
    from shared_contents
    where id in ${sql(ids)}`
  const byId = new Map(contents.map(content => [content.id, content]))
  return jobs.map(({ content_id, ...job }) => ({ ...job, content: byId.get(content_id ?? '') ?? null }))
}

/** What failed for good and was not sent back, the newest first. */
export async function listDeadLetters(sql: Sql, deadLetter: string, limit: number): Promise<JobFacts[]> {
  const jobs = await sql<QueuedFacts[]>`
    select ${jobColumns(sql)}
    from ${queuedJobs(sql)} j
    where j.queue = ${deadLetter} and j.state < 'active'
    order by j.created_on desc, j.id
    limit ${limit}`
  return withContents(sql, jobs)
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
  const own = await sql<{ content_id: string | null }[]>`
    select content_id
    from jobs
    where id::text = ${id}`
  const jobs = await sql<QueuedFacts[]>`
    with named as (
      select data ->> 'content_id' as content_id
      from ${queuedJobs(sql)} j
      where id::text = ${id} or source_job_id::text = ${id}
    )
    select ${jobColumns(sql)}
    from ${queuedJobs(sql)} j
    where j.id::text = ${id} or j.source_job_id::text = ${id}
      or j.data ->> 'content_id' in (
        select content_id from named
        union
        select jsonb_array_elements_text(${sql.json([id, ...own.flatMap(({ content_id }) => content_id ?? [])])})
      )
      or j.data ->> 'request_id' = ${id} or j.data -> 'cause' ->> 'request_id' = ${id}
    order by j.created_on desc, j.id
    limit ${limit}`
  return withContents(sql, jobs)
}
