// Events are numbered without a gap in each library, in the order in which they were committed: the number is
// raised under the lock of the library's row. So a reader who has seen one number has missed none before it.
import type { Sql } from '../../database/connection.ts'
import type { EventType } from './schema.ts'

export interface Event {
  user_id: string
  seq: number
  type: EventType
  data: Record<string, unknown>
}

/** The channel of NOTIFY. Its payloads are ids of users, separated by commas. */
export const EVENT_CHANNEL = 'trove_events'
/** A payload of NOTIFY holds less than 8,000 bytes. */
const USERS_A_NOTICE = 200

/**
 * Records what happened to a content for everybody who saved it, each with their own `save_id`, and wakes their
 * streams when the transaction commits. The facts are the content's as this transaction leaves it.
 */
export async function addContentEvent(
  sql: Sql,
  contentId: string,
  type: EventType,
  more: Record<string, string | number> = {},
): Promise<Event[]> {
  const events = await sql<Event[]>`
    with concerned as (
      select l.user_id, jsonb_build_object('save_id', s.id, 'content_id', c.id, 'job_id', c.attempt, 'url', c.url,
        'title', c.title, 'status', c.status, 'error_message', c.error_message) as facts
      from user_content_saves s
      join shared_contents c on c.id = s.shared_content_id
      join libraries l on l.user_id = s.user_id
      where s.shared_content_id = ${contentId}
      order by l.user_id
      for no key update of l
    ), numbered as (
      update libraries l
      set event_seq = l.event_seq + 1
      from concerned
      where l.user_id = concerned.user_id
      returning l.user_id, l.event_seq, concerned.facts
    )
    insert into events (user_id, seq, type, data)
    select user_id, event_seq, ${type}, facts || ${sql.json(more)}::jsonb
    from numbered
    returning user_id, seq, type, data`
  await wake(sql, events)
  return events
}

/** Records what happened to one library as a whole. */
export async function addLibraryEvent(
  sql: Sql,
  userId: string,
  type: EventType,
  data: Record<string, string | number>,
): Promise<Event[]> {
  const events = await sql<Event[]>`
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
  await wake(sql, events)
  return events
}

async function wake(sql: Sql, events: Event[]): Promise<void> {
  for (let from = 0; from < events.length; from += USERS_A_NOTICE) {
    const users = events.slice(from, from + USERS_A_NOTICE).map(({ user_id }) => user_id)
    await sql`select pg_notify(${EVENT_CHANNEL}, ${users.join()})`
  }
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
export async function findEvents(sql: Sql, userId: string, after: number, most: number): Promise<Event[]> {
  return sql<Event[]>`
    select user_id, seq, type, data
    from events
    where user_id = ${userId} and seq > ${after}
    order by seq
    limit ${most}`
}
