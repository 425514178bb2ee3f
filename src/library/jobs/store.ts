// Which jobs concern whom. Written where a job is sent; how far it is stands with its content or in the queue.
import type { Sql } from '../../ground/database/connection.ts'
import { overUsers } from '../../ground/database/row-security.ts'
import { dropJobsOf } from '../../ground/queue/store.ts'
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
export const noteChain = (
  sql: Sql,
  of: { content_id: string; attempt: string },
  asker: Asker | undefined,
  { isForAll }: { isForAll: boolean },
): Promise<void> =>
  isForAll ? overUsers(sql, () => note(sql, of, asker, true)) : note(sql, of, asker, false)

async function note(
  sql: Sql,
  of: { content_id: string; attempt: string },
  asker: Asker | undefined,
  isForAll: boolean,
): Promise<void> {
  const user_id = asker?.user_id ?? null
  const concerned = isForAll ? sql`` : sql`and user_id = ${user_id}`
  await sql`
    insert into jobs (user_id, id, type, content_id, save_id, request_id)
    select user_id, ${of.attempt}, 'fetch-content', shared_content_id, id,
      case when user_id = ${user_id}::uuid then ${asker?.request_id ?? null} end
    from user_content_saves
    where shared_content_id = ${of.content_id} ${concerned}
    on conflict (user_id, id) do nothing`
}

/** Notes a job that is about no content for who asked for it. @param type its name */
export async function noteJob(sql: Sql, userId: string, type: string, jobId: string): Promise<void> {
  await sql`
    insert into jobs (user_id, id, type)
    values (${userId}, ${jobId}, ${type})
    on conflict (user_id, id) do nothing`
}

/** A job is between two transactions for moments only; this is far more than a moment. */
const QUIET = '10 minutes'

/** So many contents are looked at by one statement. */
const LOOKED_AT = 1000

/** Contents that are not READY, have been quiet for ten minutes, and have no job that will go on with them. */
export async function findStranded(sql: Sql, most: number): Promise<string[]> {
  const stranded: string[] = []
  let last: { id: string; updated_at: string } | undefined
  do {
    const quiet = await sql<{ id: string; attempt: string; updated_at: string }[]>`
      select id, attempt, updated_at
      from shared_contents
      where status in ('PENDING', 'PROCESSING') and updated_at < now() - ${QUIET}::interval
        ${last ? sql`and (updated_at, id) > (${last.updated_at}, ${last.id})` : sql``}
      order by updated_at, id
      limit ${LOOKED_AT}`
    const carried = await findCarried(
      sql,
      quiet.map(({ attempt }) => attempt),
    )
    stranded.push(...quiet.filter(({ attempt }) => !carried.has(attempt)).map(({ id }) => id))
    last = quiet.length === LOOKED_AT ? quiet.at(-1) : undefined
  } while (last && stranded.length < most)
  return stranded.slice(0, most)
}

/** Those of these runs of the worker chain that a job will go on with. */
async function findCarried(sql: Sql, attempts: string[]): Promise<Set<string>> {
  if (attempts.length === 0) return new Set()
  const jobs = await sql<{ attempt: string }[]>`
    select j.data ->> 'attempt' as attempt
    from ${queuedJobs(sql)} j
    where j.queue in ('fetch-content', 'understand-content', 'embed-content')
      and j.state in ('created', 'retry', 'active')
      and j.data ->> 'attempt' in ${sql(attempts)}`
  return new Set(jobs.map(({ attempt }) => attempt))
}

/** Drops jobs on contents that are no more, those that have ended too: why one failed may name its address. */
export async function dropJobsOfGone(sql: Sql): Promise<void> {
  const jobs = await sql<{ content_id: string }[]>`
    select distinct lower(j.data ->> 'content_id') as content_id
    from ${queuedJobs(sql)} j
    where j.data ->> 'content_id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`
  for (let from = 0; from < jobs.length; from += LOOKED_AT) {
    const ids = jobs.slice(from, from + LOOKED_AT).map(({ content_id }) => content_id)
    const there = await sql<{ id: string }[]>`
      select id
      from shared_contents
      where id in ${sql(ids)}`
    const known = new Set(there.map(({ id }) => id))
    await dropJobsOf(
      sql,
      'content_id',
      ids.filter(id => !known.has(id)),
    )
  }
}
