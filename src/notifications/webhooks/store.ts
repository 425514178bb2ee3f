// Every function that changes a webhook and its deliveries locks the webhook first, so that none waits in a circle.
import type { Sql } from '../../ground/database/connection.ts'
import type { Wanted } from '../../ground/http/paging.ts'
import type { Webhook, WebhookChange } from './schema.ts'

/** How long the secret before signs as well. */
const ROTATION_HOURS = 24

const columns = (sql: Sql) => sql`
  id, url, events, is_active, disabled_reason, failing_since,
  case when previous_secret_until > now() then previous_secret_until end as previous_secret_until,
  created_at, updated_at`

/** How many webhooks a user has; until the transaction ends nobody else can count theirs. */
export async function countWebhooksAlone(sql: Sql, userId: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`webhooks of ${userId}`}, 0))`
  return countWebhooks(sql, userId)
}

export async function countWebhooks(sql: Sql, userId: string): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from webhooks
    where user_id = ${userId}`
  return counted!.total
}

export async function insertWebhook(
  sql: Sql,
  webhook: { user_id: string; id: string; url: string; events: string[]; secret_sealed: string },
): Promise<void> {
  const { user_id, id, url, events, secret_sealed } = webhook
  await sql`
    insert into webhooks (user_id, id, url, events, secret_sealed)
    values (${user_id}, ${id}, ${url}, ${sql.json(events)}, ${secret_sealed})`
}

/** A user's webhooks, the newest first: ids are UUIDv7, so their order is that of time. */
export async function listWebhooks(
  sql: Sql,
  userId: string,
  { limit, offset, after }: Wanted,
): Promise<Webhook[]> {
  return sql<Webhook[]>`
    select ${columns(sql)}
    from webhooks
    where user_id = ${userId} ${after ? sql`and id < ${after.id}` : sql``}
    order by id desc
    limit ${limit} offset ${offset}`
}

export async function findWebhook(sql: Sql, userId: string, id: string): Promise<Webhook | undefined> {
  const [webhook] = await sql<Webhook[]>`
    select ${columns(sql)}
    from webhooks
    where user_id = ${userId} and id = ${id}`
  return webhook
}

/**
 * Holds a webhook until the transaction ends; new deliveries can be planned meanwhile.
 * @returns `is_due_for_disabling`: nothing has reached it for five days
 */
export async function lockWebhook(
  sql: Sql,
  userId: string,
  id: string,
): Promise<{ url: string; is_active: boolean; is_due_for_disabling: boolean } | undefined> {
  const [webhook] = await sql<{ url: string; is_active: boolean; is_due_for_disabling: boolean }[]>`
    select url, is_active, coalesce(failing_since <= now() - interval '5 days', false) as is_due_for_disabling
    from webhooks
    where user_id = ${userId} and id = ${id}
    for no key update`
  return webhook
}

/** Changes the named fields. Another address, and being switched on, begin with a clean record. */
export async function editWebhook(
  sql: Sql,
  userId: string,
  id: string,
  { url, events, is_active }: WebhookChange,
): Promise<Webhook | undefined> {
  const isFresh = url !== undefined || is_active === true
  await sql`
    update webhooks
    set url = coalesce(${url ?? null}, url),
      events = coalesce(${events ? sql.json(events) : null}, events),
      is_active = coalesce(${is_active ?? null}, is_active),
      disabled_reason = case when ${is_active === true} then null else disabled_reason end,
      failing_since = case when ${isFresh} then null else failing_since end,
      updated_at = now()
    where user_id = ${userId} and id = ${id}`
  return findWebhook(sql, userId, id)
}

/** Removes a webhook with its deliveries; false when there is none. */
export async function deleteWebhook(sql: Sql, userId: string, id: string): Promise<boolean> {
  const { count } = await sql`delete from webhooks where user_id = ${userId} and id = ${id}`
  return count > 0
}

/** A new secret signs from now on, the present one as well for a day; the one before that no more. */
export async function rotateSecret(
  sql: Sql,
  userId: string,
  id: string,
  sealed: string,
): Promise<{ previous_secret_until: string } | undefined> {
  const [rotated] = await sql<{ previous_secret_until: string }[]>`
    update webhooks
    set secret_sealed = ${sealed}, previous_secret_sealed = secret_sealed,
      previous_secret_until = now() + make_interval(hours => ${ROTATION_HOURS}), updated_at = now()
    where user_id = ${userId} and id = ${id}
    returning previous_secret_until`
  return rotated
}

/** Keeps how a try ended: a success ends a row of failures, a failure begins one or goes on with it. */
export async function markHealth(sql: Sql, userId: string, id: string, isWell: boolean): Promise<void> {
  await sql`
    update webhooks
    set failing_since = ${isWell ? null : sql`now()`}
    where user_id = ${userId} and id = ${id}
      and (failing_since is null) <> ${isWell}`
}

/** Switches a webhook off for a reason that its owner can read. */
export async function disableWebhook(sql: Sql, userId: string, id: string, reason: string): Promise<void> {
  await sql`
    update webhooks
    set is_active = false, disabled_reason = ${reason}, updated_at = now()
    where user_id = ${userId} and id = ${id}`
}

interface SealedSecrets {
  secret_sealed: string | null
  previous_secret_sealed: string | null
}

/** The sealed secrets of all webhooks. */
export async function listSealedSecrets(
  sql: Sql,
): Promise<(SealedSecrets & { user_id: string; id: string })[]> {
  return sql<(SealedSecrets & { user_id: string; id: string })[]>`
    select user_id, id, secret_sealed, previous_secret_sealed
    from webhooks`
}

/** Puts the same secrets, sealed anew, where they are still those of before. */
export async function putSealedSecrets(
  sql: Sql,
  { user_id, id }: { user_id: string; id: string },
  before: SealedSecrets,
  now: SealedSecrets,
): Promise<void> {
  await sql`
    update webhooks
    set secret_sealed = ${now.secret_sealed}, previous_secret_sealed = ${now.previous_secret_sealed}
    where user_id = ${user_id} and id = ${id} and secret_sealed = ${before.secret_sealed}`
}
