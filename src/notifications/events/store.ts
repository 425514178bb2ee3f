// Events are numbered without a gap in each library, in the order in which they were committed: the number is
// raised under the lock of the library's row. So a reader who has seen one number has missed none before it.
import type { Sql } from '../../ground/database/connection.ts'
import type { LibraryEvent, SaversEvent } from '../../library/events.ts'

/** The channel of NOTIFY. Its payloads are ids of users, separated by commas. */
export const EVENT_CHANNEL = 'trove_events'
/** A payload of NOTIFY holds less than 8,000 bytes. */
const USERS_A_NOTICE = 200

/**
 * Records what happened to a content for those who saved it, each with their own `save_id`, raises the versions
 * of their libraries, and wakes their streams when the transaction commits. One statement, since it stands in every
 * step of the chain. The facts are the content's as this transaction leaves it; `job_id` is null for whom the run is not
 * a job of theirs.
 * @param changes how many READY saves this adds to what is not clustered yet
 * @param isForAll false: only for those whose job the run is, since for the others nothing has changed
 * @param attempt the run; the content's current one when left out
 */
export async function addContentEvent(
  sql: Sql,
  contentId: string,
  type: string,
  more: object = {},
  changes = 0,
  isForAll = true,
  attempt?: string,
): Promise<SaversEvent[]> {
  return sql<SaversEvent[]>`
    with concerned as (
      select l.user_id, jsonb_build_object('save_id', s.id, 'content_id', c.id, 'job_id', j.id, 'url', c.url,
        'title', c.title, 'status', c.status, 'error_message', c.error_message) as facts
      from user_content_saves s
      join shared_contents c on c.id = s.shared_content_id
      join libraries l on l.user_id = s.user_id
      left join jobs j on j.user_id = s.user_id and j.id = coalesce(${attempt ?? null}::uuid, c.attempt)
      where s.shared_content_id = ${contentId} and (${isForAll} or j.id is not null)
      order by l.user_id
      for no key update of l
    ), numbered as (
      update libraries l
      set event_seq = l.event_seq + 1, version = l.version + 1,
        changes_since_clustering = l.changes_since_clustering + ${changes}
      from concerned
      where l.user_id = concerned.user_id
      returning l.user_id, l.event_seq, l.changes_since_clustering, concerned.facts
    ), added as (
      insert into events (user_id, seq, type, data)
      select user_id, event_seq, ${type}, facts || ${sql.json(more as never)}::jsonb
      from numbered
      returning user_id, seq, type, data
    ), notices as (
      select pg_notify(${EVENT_CHANNEL}, string_agg(user_id::text, ','))
      from (select user_id, (row_number() over () - 1) / ${USERS_A_NOTICE} as notice from added) told
      group by notice
    )
    select a.user_id, a.seq, a.type, a.data, n.changes_since_clustering,
      exists (select from webhooks w where w.user_id = a.user_id and w.is_active) as has_webhooks
    from added a
    join numbered n on n.user_id = a.user_id
    -- For what it does: a part of a query that nobody reads is not run.
    where (select count(*) from notices) > 0`
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
  await sql`select pg_notify(${EVENT_CHANNEL}, ${userId})`
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
