// Events are numbered without a gap in each library, in the order in which they were committed: the number is
// raised under the lock of the library's row. So a reader who has seen one number has missed none before it.
import type { Sql } from '../../ground/database/connection.ts'
import { together } from '../../ground/database/together.ts'
import type { Attempt } from '../../library/contents/store.ts'
import type { LibraryEvent, SaversEvent } from '../../library/events.ts'

/** The channel of NOTIFY. Its payloads are ids of users, separated by commas. */
export const EVENT_CHANNEL = 'trove_events'
/** A payload of NOTIFY holds less than 8,000 bytes. */
const USERS_A_NOTICE = 200

/**
 * Records what happened to a content for those who saved it, each with their own `save_id`, raises the versions
 * of their libraries, and wakes their streams when the transaction commits. The facts are the content's as this transaction
 * leaves it; `job_id` is null for whom the run is not a job of theirs.
 * @param changes how many READY saves this adds to what is not clustered yet
 * @param isForAll false: only for those whose job the run is, since for the others nothing has changed
 */
export async function addContentEvent(
  sql: Sql,
  of: Attempt,
  type: string,
  more: object = {},
  changes = 0,
  isForAll = true,
): Promise<SaversEvent[]> {
  const [[facts], savers] = await together(findFacts(sql, of.content_id), findSavers(sql, of, isForAll))
  const added = savers.map(({ user_id, save_id, job_id, own_title }) => {
    const shown = { ...facts, ...(own_title === null ? {} : { title: own_title }) }
    return addSaversEvent(sql, user_id, type, { ...shown, ...more, save_id, job_id }, changes)
  })
  const told = savers.map(({ user_id }) => user_id)
  const [events] = await together(together(...added), notify(sql, told))
  return events.flat()
}

const findFacts = (sql: Sql, contentId: string) => sql<Record<string, unknown>[]>`
  select id as content_id, url, title, status, error_message
  from shared_contents
  where id = ${contentId}`

interface Saver {
  user_id: string
  save_id: string
  job_id: string | null
  own_title: string | null
}

/** In the order in which their libraries are locked. */
const findSavers = (sql: Sql, { content_id, attempt }: Attempt, isForAll: boolean) => sql<Saver[]>`
  select s.user_id, s.id as save_id, j.id as job_id, s.own_title
  from user_content_saves s
  left join jobs j on j.user_id = s.user_id and j.id = ${attempt}
  where s.shared_content_id = ${content_id} and (${isForAll} or j.id is not null)
  order by s.user_id`

async function addSaversEvent(
  sql: Sql,
  userId: string,
  type: string,
  data: Record<string, unknown>,
  changes: number,
): Promise<SaversEvent[]> {
  const numbered = await sql<Omit<SaversEvent, 'type' | 'data'>[]>`
    with numbered as (
      update libraries
      set event_seq = event_seq + 1, version = version + 1,
        changes_since_clustering = changes_since_clustering + ${changes}
      where user_id = ${userId}
      returning user_id, event_seq, changes_since_clustering
    ), added as (
      insert into events (user_id, seq, type, data)
      select user_id, event_seq, ${type}, ${sql.json(data as never)}
      from numbered
    )
    select user_id, event_seq as seq, changes_since_clustering,
      exists (select from webhooks where user_id = ${userId} and is_active) as has_webhooks
    from numbered`
  return numbered.map(event => ({ ...event, type, data }))
}

/** Wakes the streams of these users when the transaction commits. */
async function notify(sql: Sql, users: string[]): Promise<void> {
  for (let from = 0; from < users.length; from += USERS_A_NOTICE) {
    const notice = users.slice(from, from + USERS_A_NOTICE).join(',')
    await sql`select pg_notify(${EVENT_CHANNEL}, ${notice})`
  }
}

/** Records what happened to one library as a whole. */
export async function addLibraryEvent(
  sql: Sql,
  userId: string,
  type: string,
  data: Record<string, string | number>,
): Promise<LibraryEvent[]> {
  const events = await sql<LibraryEvent[]>`
    with numbered as (
      update libraries
      set event_seq = event_seq + 1
      where user_id = ${userId}
      returning user_id, event_seq
    )
    insert into events (user_id, seq, type, data)
    select user_id, event_seq, ${type}, ${sql.json(data)}
    from numbered
    returning user_id, seq, type, data`
  await notify(sql, [userId])
  return events
}

/** The number of a library's newest event, and of the oldest that is still kept (0 when none is). */
export async function findBounds(sql: Sql, userId: string): Promise<{ newest: number; oldest: number }> {
  const [bounds] = await sql<{ newest: number; oldest: number }[]>`
    select event_seq as newest,
      coalesce((select min(seq) from events where user_id = ${userId}), 0)::bigint as oldest
    from libraries
    where user_id = ${userId}`
  return bounds!
}

/** What happened after number `after`, in order. */
export async function findEvents(
  sql: Sql,
  userId: string,
  after: number,
  most: number,
): Promise<LibraryEvent[]> {
  return sql<LibraryEvent[]>`
    select user_id, seq, type, data
    from events
    where user_id = ${userId} and seq > ${after}
    order by seq
    limit ${most}`
}
