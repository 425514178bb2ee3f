import type { Sql } from '../../database/connection.ts'
import type { Status } from '../../vocabulary.ts'

export interface JobRow {
  id: string
  type: string
  state: 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed'
  attempts: number
  created_at: string
  updated_at: string
  /** Of a job on a content: how far the content is, and the caller's save of it. */
  content_status: Status | null
  is_understood: boolean
  content_error: string | null
  save_id: string | null
}

/** A job that concerns the user: on their library, or on a content that they saved. */
export async function findJob(sql: Sql, userId: string, jobId: string): Promise<JobRow | undefined> {
  const [job] = await sql<JobRow[]>`
    select j.id, j.name as type, j.state::text as state, j.retry_count + (j.started_on is not null)::int as attempts,
      j.created_on as created_at,
      greatest(j.created_on, j.started_on, j.completed_on, c.updated_at) as updated_at,
      c.status as content_status, c.topic_main is not null as is_understood, c.error_message as content_error,
      s.id as save_id
    from pgboss.job j
    left join user_content_saves s
      on s.user_id = ${userId} and s.shared_content_id = (j.data ->> 'content_id')::uuid
    left join shared_contents c on c.id = s.shared_content_id
    where j.id = ${jobId} and (s.id is not null or j.data ->> 'user_id' = ${userId})`
  return job
}
