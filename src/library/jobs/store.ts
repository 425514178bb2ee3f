// Which jobs concern whom. Written where a job is sent; how far it is stands with its content or in the queue.
import type { Sql } from '../../ground/database/connection.ts'
import { queuedJobs } from '../../ground/queue/tables.ts'

/** Who asked for a job, and how they named their request. */
export interface Asker {
  user_id: string
  request_id: string
}

/**
 * Notes a run of the worker chain for who asked for it, or for all who saved its content by now. A run that was noted
 * before stays noted. How the asker named the request is theirs to read, and nobody else's.
 * @param asker undefined when nobody did
 */
export async function noteChain(
  sql: Sql,
  of: { content_id: string; attempt: string },
  asker: Asker | undefined,
  { isForAll }: { isForAll: boolean },
): Promise<void> {
  const user_id = asker?.user_id ?? null
  await sql`
    insert into jobs (user_id, id, type, content_id, save_id, request_id)
    select user_id, ${of.attempt}, 'fetch-content', shared_content_id, id,
      case when user_id = ${user_id}::uuid then ${asker?.request_id ?? null} end
    from user_content_saves
    where shared_content_id = ${of.content_id} and (${isForAll} or user_id = ${user_id}::uuid)
    on conflict (user_id, id) do nothing`
}

/** Notes a clustering of a user's library. */
export async function noteClustering(sql: Sql, userId: string, jobId: string): Promise<void> {
  await sql`
    insert into jobs (user_id, id, type)
    values (${userId}, ${jobId}, 'cluster-library')
    on conflict (user_id, id) do nothing`
}

/** A job is between two transactions for moments only; this is far more than a moment. */
const QUIET = '10 minutes'

/** Contents that are not READY, have been quiet for ten minutes, and have no job that will go on with them. */
export async function findStranded(sql: Sql, most: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select c.id
    from shared_contents c
    where c.status in ('PENDING', 'PROCESSING')
      and c.updated_at < now() - ${QUIET}::interval
      and not exists (
        select
        from ${queuedJobs(sql)} j
        where j.queue in ('fetch-content', 'understand-content', 'embed-content')
          and j.state in ('created', 'retry', 'active')
          and j.data ->> 'attempt' = c.attempt::text
      )
    order by c.updated_at
    limit ${most}`
  return rows.map(({ id }) => id)
}
