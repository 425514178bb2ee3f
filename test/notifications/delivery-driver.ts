// Drives deliveries by hand: what waits in the queue is run at once, whenever it is due. No worker runs beside it.
import deliverWebhook from '#jobs/deliver-webhook'
import { Unseen } from '../../src/ground/queue/queue.ts'
import { planDeliveries } from '../../src/notifications/webhooks/deliveries/plan-deliveries.ts'
import type { DeliveryJob } from '../../src/notifications/webhooks/jobs.ts'
import type { Trove, User } from '../support/app.ts'

export interface Registered {
  id: string
  secret: string
}

export interface QueuedTry {
  payload: DeliveryJob
  /** Until it is due, as it was planned. */
  delay_seconds: number
  group_id: string
}

export async function register(user: User, url: string, more: object = {}): Promise<Registered> {
  const { status, body } = await user.post('/v1/webhooks/register', {
    url,
    events: ['content.ready'],
    ...more,
  })
  if (status !== 201) throw new Error(`register answered ${status}: ${JSON.stringify(body)}`)
  return body
}

/** Something happens in the user's library. */
export const happen = (
  trove: Trove,
  user: User,
  type = 'content.ready',
  data: Record<string, unknown> = {},
) =>
  trove.database.sql.begin(tx => planDeliveries(tx, trove.context.queue, [{ user_id: user.id, type, data }]))

/** The newest planned try of each delivery to a webhook. */
export async function queuedTries(trove: Trove, webhookId: string): Promise<QueuedTry[]> {
  return trove.database.sql<QueuedTry[]>`
    select distinct on (data ->> 'delivery_id') data as payload, group_id,
      extract(epoch from start_after - created_on)::float8 as delay_seconds
    from pgboss.job
    where name = 'deliver-webhook' and data ->> 'webhook_id' = ${webhookId}
    order by data ->> 'delivery_id', id desc`
}

/** One try as a worker does it: the work, then its effect in a transaction. */
export async function runTry(trove: Trove, payload: DeliveryJob): Promise<void> {
  const [effect] = await deliverWebhook.run([payload], trove.context)
  if (effect instanceof Unseen) return
  if (effect instanceof Error) throw effect
  await trove.database.sql.begin(tx => effect!(tx))
}

/** Runs the newest planned try of each delivery to a webhook. */
export async function runQueued(trove: Trove, webhookId: string): Promise<void> {
  for (const { payload } of await queuedTries(trove, webhookId)) await runTry(trove, payload)
}

export const deliveriesOf = async (user: User, webhookId: string, query = '') =>
  (await user.get(`/v1/webhooks/${webhookId}/deliveries${query}`)).body
