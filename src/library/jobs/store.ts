// Which jobs concern whom. Written where a job is sent; how far it is stands with its content or in the queue.
import type { Sql } from '../../database/connection.ts'

/**
 * Notes a run of the worker chain for those who saved its content by now. A run that was noted before stays noted.
 * @param userId for this user alone: the others know of the run already
 */
export async function noteChain(
  sql: Sql,
  of: { content_id: string; attempt: string },
  userId?: string,
): Promise<void> {
  await sql`
    insert into jobs (user_id, id, type, content_id, save_id)
    select user_id, ${of.attempt}, 'fetch-content', shared_content_id, id
    from user_content_saves
    where shared_content_id = ${of.content_id} ${userId ? sql`and user_id = ${userId}` : sql``}
    on conflict (user_id, id) do nothing`
}

/** Notes a clustering of a user's library. */
export async function noteClustering(sql: Sql, userId: string, jobId: string): Promise<void> {
  await sql`
    insert into jobs (user_id, id, type)
    values (${userId}, ${jobId}, 'cluster-library')
    on conflict (user_id, id) do nothing`
}
