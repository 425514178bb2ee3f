import * as v from 'valibot'
import type { Sql } from '../../../ground/database/connection.ts'
import { atOneMoment } from '../../../ground/database/together.ts'
import { Id } from '../../../ground/http/schemas.ts'
import { route } from '../../../route.ts'
import { DELIVERY, ONE_PAGE } from '../examples.ts'
import { deliverWebhook } from '../jobs.ts'
import { deliveryNotFound, tooManyDeliveries, webhookDisabled, webhookNotFound } from '../problems.ts'
import { findWebhook, lockWebhook } from '../store.ts'
import { planDelivery } from './plan-deliveries.ts'
import { DeliveryListAnswer, DeliveryQuery, SentDelivery } from './schema.ts'
import { countDeliveries, countPending, listDeliveries, MOST_PENDING, reopenDelivery } from './store.ts'

/** The webhook, held; nothing is sent to a disabled one, nor when too much waits. */
async function lockActive(tx: Sql, userId: string, id: string): Promise<{ url: string }> {
  const webhook = await lockWebhook(tx, userId, id)
  if (!webhook) throw webhookNotFound()
  if (!webhook.is_active) throw webhookDisabled()
  if ((await countPending(tx, userId)) >= MOST_PENDING) throw tooManyDeliveries()
  return webhook
}

const SENDING = [webhookNotFound, webhookDisabled, tooManyDeliveries]

const test = route(
  'POST /v1/webhooks/:id/test',
  {
    id: 'testWebhook',
    tag: 'Webhooks',
    summary: 'Send a test',
    description: 'Sends an event of the type `webhook.test`, whatever the webhook asked for.',
    may: 'write',
    limit: 'webhook_tests',
    once: true,
    params: v.object({ id: Id }),
    gives: {
      status: 202,
      body: SentDelivery,
      text: 'The delivery that was planned.',
      example: { delivery_id: DELIVERY.id },
    },
    problems: SENDING,
    audit: { of: 'webhook', actions: ['webhook'] },
  },
  async ({ tx, audit, params: { id }, user, context: { queue } }) => {
    const { url } = await lockActive(tx, user.id, id)
    const event = { user_id: user.id, type: 'webhook.test', data: { webhook_id: id } }
    const delivery_id = await planDelivery(tx, queue, { id, url }, event)
    await audit(id, { change: 'test', delivery_id })
    return { delivery_id }
  },
)

const list = route(
  'GET /v1/webhooks/:id/deliveries',
  {
    id: 'listDeliveries',
    tag: 'Webhooks',
    summary: 'What was sent, newest first',
    description: 'Each delivery with all its tries: what the last was answered, and when the next is due.',
    may: 'read',
    limit: 'default',
    paged: 'time',
    params: v.object({ id: Id }),
    query: DeliveryQuery,
    gives: {
      body: DeliveryListAnswer,
      text: 'A page of deliveries.',
      example: { deliveries: [DELIVERY], ...ONE_PAGE },
    },
    problems: [webhookNotFound],
  },
  async ({ sql, params: { id }, query, user, page }) => {
    if (!(await findWebhook(sql, user.id, id))) throw webhookNotFound()
    const [found, total] = await atOneMoment(sql, sql => [
      listDeliveries(sql, user.id, id, query, page),
      countDeliveries(sql, user.id, id, query),
    ])
    const { rows, paging } = page.of(found, row => row.created_at)
    return { deliveries: rows, total, ...paging }
  },
)

const redeliver = route(
  'POST /v1/webhooks/:id/deliveries/:delivery_id/redeliver',
  {
    id: 'redeliver',
    tag: 'Webhooks',
    summary: 'Send a delivery again',
    description: 'Sends it now, whatever became of it, under the same `webhook-id`.',
    may: 'write',
    limit: 'webhook_redeliveries',
    once: true,
    params: v.object({ id: Id, delivery_id: Id }),
    gives: {
      status: 202,
      body: SentDelivery,
      text: 'The delivery.',
      example: { delivery_id: DELIVERY.id },
    },
    problems: [deliveryNotFound, ...SENDING],
    audit: { of: 'webhook', actions: ['webhook'] },
  },
  async ({ tx, audit, params: { id, delivery_id }, user, context: { queue } }) => {
    const { url } = await lockActive(tx, user.id, id)
    const delivery = await reopenDelivery(tx, user.id, id, delivery_id)
    if (!delivery) throw deliveryNotFound()
    const { host } = new URL(url)
    const owner = { user_id: user.id, webhook_id: id }
    const next = { ...owner, delivery_id, host, attempts: delivery.attempts, failed: 0 }
    await queue.enqueue(tx, deliverWebhook, next)
    await audit(id, { change: 'redeliver', delivery_id })
    return { delivery_id }
  },
)

/** What was sent to a webhook and how it went; sending a test, and sending again. */
export const deliveryRoutes = [test, list, redeliver]
