import { v7 as uuidv7 } from 'uuid'
import type { Sql } from '../../../ground/database/connection.ts'
import type { Queue } from '../../../ground/queue/queue.ts'
import { deliverWebhook } from '../jobs.ts'
import { findListeners, insertDeliveries, type NewDelivery } from './store.ts'

/** Something that happened in a user's library. */
export interface UserEvent {
  user_id: string
  type: string
  data: Record<string, unknown>
}

/**
 * Plans one delivery of each event to each active webhook of its user that asked for its type, in the transaction
 * of what happened. What is too much for a user is written and not sent.
 * @param events in the order of their users, which is that of locks
 */
export async function planDeliveries(tx: Sql, queue: Queue, events: UserEvent[]): Promise<void> {
  for (const [userId, own] of Map.groupBy(events, ({ user_id }) => user_id)) {
    const listeners = await findListeners(tx, userId)
    const planned = own.flatMap(event =>
      listeners
        .filter(({ events: types }) => types.includes(event.type))
        .map(({ id, url }) => ({ url, delivery: newDelivery(event, id) })),
    )
    if (planned.length > 0) await planAll(tx, queue, userId, planned)
  }
}

/** Plans a delivery to one webhook, whatever it asked for. */
export async function planDelivery(
  tx: Sql,
  queue: Queue,
  webhook: { id: string; url: string },
  event: UserEvent,
): Promise<string> {
  const delivery = newDelivery(event, webhook.id)
  await planAll(tx, queue, event.user_id, [{ url: webhook.url, delivery }])
  return delivery.id
}

const newDelivery = ({ type, data }: UserEvent, webhook_id: string): NewDelivery => {
  return { id: uuidv7(), webhook_id, event: type, data }
}

async function planAll(
  tx: Sql,
  queue: Queue,
  user_id: string,
  planned: { url: string; delivery: NewDelivery }[],
): Promise<void> {
  const waiting = await insertDeliveries(
    tx,
    user_id,
    planned.map(({ delivery }) => delivery),
  )
  for (const { url, delivery } of planned) {
    if (!waiting.has(delivery.id)) continue
    const { webhook_id, id: delivery_id } = delivery
    const payload = { user_id, webhook_id, delivery_id, host: new URL(url).host, attempts: 0, failed: 0 }
    await queue.enqueue(tx, deliverWebhook, payload)
  }
}
