import type { Sql } from '../../../ground/database/connection.ts'
import type { Wanted } from '../../../ground/http/paging.ts'
import type { Delivery, DeliveryQuery, DeliveryStatus } from './schema.ts'

/** The most that may wait for a user; of what comes at one moment there may be a few more. */
export const MOST_PENDING = 1000
export const TOO_MANY_PENDING = `Not sent: ${MOST_PENDING} deliveries were waiting already. Have it sent when they are gone.`

export interface NewDelivery {
  id: string
  webhook_id: string
  event: string
  data: Record<string, unknown>
}

/** A delivery that may be sent now, with all that it takes. Secrets are sealed. */
export interface PendingDelivery extends Pick<Delivery, 'id' | 'event' | 'data' | 'created_at'> {
  url: string
  is_active: boolean
  secret_sealed: string
  /** Null when the rotation is over. */
  previous_secret_sealed: string | null
}

/** Which try of a delivery: a job acts only while the delivery waits after exactly so many. */
export interface Try {
  user_id: string
  delivery_id: string
  attempts: number
}

export interface TryResult {
  status: DeliveryStatus
  response_status: number | null
  error_message: string | null
  duration_ms: number
  /** Seconds; only when it stays pending. */
  next_seconds?: number | undefined
}

/** A user's active webhooks, held so that none is removed before its delivery is written. */
export async function findListeners(
  sql: Sql,
  userId: string,
): Promise<{ id: string; url: string; events: string[] }[]> {
  return sql<{ id: string; url: string; events: string[] }[]>`
    select id, url, events
    from webhooks
    where user_id = ${userId} and is_active
    order by id
    for key share`
}

/**
 * Writes deliveries of a user that wait to be sent. Those past the most that may wait for a user are written as failed, so
 * that their owner finds them and can have them sent later.
 * @returns the ids of those that wait.
 */
export async function insertDeliveries(
  sql: Sql,
  userId: string,
  deliveries: NewDelivery[],
): Promise<Set<string>> {
  const rows = await sql<{ id: string; status: DeliveryStatus }[]>`
    with waiting as (
      select count(*) as total
      from webhook_deliveries
      where user_id = ${userId} and status = 'pending'
    ), judged as (
      select x.id, x.webhook_id, x.event, x.data,
        row_number() over (order by x.id) + waiting.total <= ${MOST_PENDING} as fits
      from jsonb_to_recordset(${sql.json(deliveries as never)})
        as x (id uuid, webhook_id uuid, event text, data jsonb)
      cross join waiting
    )
    insert into webhook_deliveries (user_id, id, webhook_id, event, data, status, error_message)
    select ${userId}, id, webhook_id, event, data,
      case when fits then 'pending' else 'failed' end,
      case when fits then null else ${TOO_MANY_PENDING} end
    from judged
    returning id, status`
  return new Set(rows.filter(({ status }) => status === 'pending').map(({ id }) => id))
}

/** How many deliveries wait to be sent or sent again, to all webhooks of a user. */
export async function countPending(sql: Sql, userId: string): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from webhook_deliveries
    where user_id = ${userId} and status = 'pending'`
  return counted!.total
}

/** The deliveries of a webhook, the newest first. One more than `limit` tells whether there are more. */
export async function listDeliveries(
  sql: Sql,
  userId: string,
  webhookId: string,
  { status }: Pick<DeliveryQuery, 'status'>,
  { limit, offset, after }: Wanted,
): Promise<Delivery[]> {
  return sql<Delivery[]>`
    select id, webhook_id, event, data, status, attempts, response_status, error_message, duration_ms,
      next_attempt_at, created_at, updated_at
    from webhook_deliveries
    where user_id = ${userId} and webhook_id = ${webhookId}
      ${status ? sql`and status = ${status}` : sql``}
      ${after ? sql`and (created_at, id) < (${after.key}::timestamptz, ${after.id}::uuid)` : sql``}
    order by created_at desc, id desc
    limit ${limit} offset ${offset}`
}

export async function countDeliveries(
  sql: Sql,
  userId: string,
  webhookId: string,
  { status }: Pick<DeliveryQuery, 'status'>,
): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from webhook_deliveries
    where user_id = ${userId} and webhook_id = ${webhookId} ${status ? sql`and status = ${status}` : sql``}`
  return counted!.total
}

/** What a try sends; undefined when it was sent, given up or removed meanwhile. */
export async function findPending(sql: Sql, of: Try): Promise<PendingDelivery | undefined> {
  const [delivery] = await sql<PendingDelivery[]>`
    select d.id, d.event, d.data, d.created_at, w.url, w.is_active, w.secret_sealed,
      case when w.previous_secret_until > now() then w.previous_secret_sealed end as previous_secret_sealed
    from webhook_deliveries d
    join webhooks w on w.user_id = d.user_id and w.id = d.webhook_id
    where d.user_id = ${of.user_id} and d.id = ${of.delivery_id}
      and d.status = 'pending' and d.attempts = ${of.attempts}`
  return delivery
}

/** Whether a try has been made, or is not to be made any more. */
export async function isOver(sql: Sql, of: Try): Promise<boolean> {
  const over = await sql`
    select
    from webhook_deliveries
    where user_id = ${of.user_id} and id = ${of.delivery_id}
      and (attempts > ${of.attempts} or (attempts = ${of.attempts} and status <> 'pending'))`
  return over.length > 0
}

/** Writes how a try ended, once: false when the delivery is no longer where the try found it. */
export async function recordTry(sql: Sql, of: Try, result: TryResult): Promise<boolean> {
  const { count } = await sql`
    update webhook_deliveries
    set status = ${result.status}, attempts = attempts + 1, response_status = ${result.response_status},
      error_message = ${result.error_message}, duration_ms = ${result.duration_ms},
      next_attempt_at = now() + make_interval(secs => ${result.next_seconds ?? null}), updated_at = now()
    where user_id = ${of.user_id} and id = ${of.delivery_id}
      and status = 'pending' and attempts = ${of.attempts}`
  return count > 0
}

/** Gives up all that still waits for a webhook. */
export async function failPending(
  sql: Sql,
  userId: string,
  webhookId: string,
  reason: string,
): Promise<void> {
  await sql`
    update webhook_deliveries
    set status = 'failed', error_message = ${reason}, next_attempt_at = null, updated_at = now()
    where user_id = ${userId} and webhook_id = ${webhookId} and status = 'pending'`
}

/** Makes a delivery wait again, whatever became of it; its id and its count of tries stay. */
export async function reopenDelivery(
  sql: Sql,
  userId: string,
  webhookId: string,
  id: string,
): Promise<{ attempts: number } | undefined> {
  const [delivery] = await sql<{ attempts: number }[]>`
    update webhook_deliveries
    set status = 'pending', next_attempt_at = now(), updated_at = now()
    where user_id = ${userId} and webhook_id = ${webhookId} and id = ${id}
    returning attempts`
  return delivery
}
