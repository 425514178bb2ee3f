// One try of one delivery. The job itself always ends well: a failed try plans the next one in the transaction that
// records it, so the queue's own retries are left for crashes of ours. A crash between the POST and its record sends
// twice, under the same webhook-id.

import type { Context } from '../src/context.ts'
import type { Sql } from '../src/ground/database/connection.ts'
import { type Effect, type Queue, Unseen } from '../src/ground/queue/queue.ts'
import { handle } from '../src/handler.ts'
import { secondsToNextTry } from '../src/notifications/webhooks/deliveries/next-try.ts'
import { type Sent, sendDelivery } from '../src/notifications/webhooks/deliveries/send-delivery.ts'
import {
  failPending,
  findPending,
  isOver,
  recordTry,
} from '../src/notifications/webhooks/deliveries/store.ts'
import { type DeliveryJob, deliverWebhook } from '../src/notifications/webhooks/jobs.ts'
import { disableWebhook, lockWebhook, markHealth } from '../src/notifications/webhooks/store.ts'

const GONE = 'The receiver answered 410 Gone'
const NOTHING_DELIVERED = 'Nothing was delivered for five days'
const SWITCHED_OFF = 'The webhook is disabled'

export default handle(deliverWebhook, {
  run: (payloads, context) => Promise.all(payloads.map(payload => deliver(payload, context))),

  giveUp: job => async tx => {
    const facts = { response_status: null, error_message: 'It could not be sent', duration_ms: 0 }
    await recordTry(tx, job, { ...facts, status: 'failed' })
  },
})

async function deliver(job: DeliveryJob, context: Context): Promise<Effect | Unseen> {
  const { config, database, fetcher, metrics, queue } = context
  const delivery = await findPending(database.sql, job)
  if (!delivery) return (await isOver(database.sql, job)) ? async () => {} : new Unseen()
  if (!delivery.is_active) return tx => giveUpAll(tx, job)
  const sent = await sendDelivery({ config, fetcher }, job, delivery)
  metrics.deliveries.inc({ outcome: sent.outcome })
  return tx => settle(tx, queue, job, sent)
}

/** Nothing is sent to a webhook that is switched off, unless it was switched on again meanwhile. */
async function giveUpAll(tx: Sql, { user_id, webhook_id }: DeliveryJob): Promise<void> {
  const webhook = await lockWebhook(tx, user_id, webhook_id)
  if (webhook && !webhook.is_active) await failPending(tx, user_id, webhook_id, SWITCHED_OFF)
}

/** Records a try, and what follows from it: the next try, or the end of the webhook. */
async function settle(tx: Sql, queue: Queue, job: DeliveryJob, sent: Sent): Promise<void> {
  const { user_id, webhook_id } = job
  const webhook = await lockWebhook(tx, user_id, webhook_id)
  if (!webhook) return
  const { outcome, retry_after, ...facts } = sent
  const isWell = outcome === 'success'
  const failed = job.failed + 1
  const next_seconds = outcome === 'failure' ? secondsToNextTry(failed, retry_after) : undefined
  const status = isWell ? 'delivered' : next_seconds ? 'pending' : 'failed'
  if (!(await recordTry(tx, job, { ...facts, status, next_seconds }))) return
  await markHealth(tx, user_id, webhook_id, isWell)
  if (isWell) return

  const end = outcome === 'gone' ? GONE : webhook.is_due_for_disabling ? NOTHING_DELIVERED : undefined
  if (end) {
    await disableWebhook(tx, user_id, webhook_id, end)
    await failPending(tx, user_id, webhook_id, SWITCHED_OFF)
  } else if (next_seconds) {
    const next = { ...job, attempts: job.attempts + 1, failed }
    await queue.enqueue(tx, deliverWebhook, next, { delaySeconds: next_seconds })
  }
}
