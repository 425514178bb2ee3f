import { Elysia } from 'elysia'
import * as v from 'valibot'
import { deliverWebhook } from '#jobs/deliver-webhook'
import { planDelivery } from '#jobs/plan-deliveries'
import { auth } from '../../../accounts/auth.ts'
import type { Context } from '../../../context.ts'
import type { Sql } from '../../../database/connection.ts'
import { notFound, Problem } from '../../../errors.ts'
import { idempotent, setOutcome } from '../../../http/idempotency.ts'
import { answers } from '../../../http/openapi.ts'
import { decodeCursor, toPage } from '../../../http/paging.ts'
import { Id } from '../../../http/schemas.ts'
import { auditWebhook } from '../audit-webhook.ts'
import { findWebhook, lockWebhook } from '../store.ts'
import { DeliveryListAnswer, DeliveryQuery, SentDelivery } from './schema.ts'
import { countDeliveries, countPending, listDeliveries, MOST_PENDING, reopenDelivery } from './store.ts'

const missing = () => notFound('Webhook not found or does not belong to you')

/** The webhook, held; nothing is sent to a disabled one, nor when too much waits. */
async function lockActive(tx: Sql, userId: string, id: string): Promise<{ url: string }> {
  const webhook = await lockWebhook(tx, userId, id)
  if (!webhook) throw missing()
  if (!webhook.is_active) {
    throw new Problem(409, 'WEBHOOK_DISABLED', 'The webhook is disabled. Switch it on first.')
  }
  if ((await countPending(tx, userId)) >= MOST_PENDING) {
    throw new Problem(
      409,
      'TOO_MANY_DELIVERIES',
      `${MOST_PENDING} deliveries wait to be sent, which is the most there can be. Try again when there are fewer.`,
    )
  }
  return webhook
}

/** What was sent to a webhook and how it went; sending a test, and sending anew. */
export function deliveryRoutes(context: Context) {
  const { database, queue } = context
  const { sql } = database

  return new Elysia({ tags: ['Webhooks'] })
    .use(auth(context))
    .post(
      '/:id/test',
      async ({ params: { id }, user, request, set, status }) => {
        const asked = { request, user, route: `POST /v1/webhooks/${id}/test`, body: null }
        const outcome = await idempotent(context, asked, async tx => {
          const { url } = await lockActive(tx, user.id, id)
          const event = { user_id: user.id, type: 'webhook.test', data: { webhook_id: id } }
          const delivery_id = await planDelivery(tx, queue, { id, url }, event)
          await auditWebhook(
            tx,
            request,
            { user_id: user.id, webhook_id: id },
            { change: 'test', delivery_id },
          )
          return { status: 202, body: { delivery_id } }
        })
        setOutcome(set, outcome)
        return status(202, outcome.body)
      },
      {
        auth: 'webhook_tests',
        params: v.object({ id: Id }),
        response: answers({ 202: SentDelivery }, [401, 404, 409, 422]),
        detail: { operationId: 'testWebhook', summary: 'Send a test' },
      },
    )
    .get(
      '/:id/deliveries',
      async ({ params: { id }, query, user, request, set }) => {
        if (!(await findWebhook(sql, user.id, id))) throw missing()
        const { status, limit, cursor } = query
        const list = ['deliveries', user.id, id, status]
        const after = cursor === undefined ? undefined : decodeCursor(cursor, 'time', list)
        const [found, total] = await Promise.all([
          listDeliveries(sql, user.id, id, { ...query, limit: limit + 1 }, after),
          countDeliveries(sql, user.id, id, query),
        ])
        const { rows, paging } = toPage(found, query, list, { request, set }, row => row.created_at)
        return { deliveries: rows, total, ...paging }
      },
      {
        auth: 'default',
        params: v.object({ id: Id }),
        query: DeliveryQuery,
        response: answers({ 200: DeliveryListAnswer }, [400, 401, 404, 422]),
        detail: { operationId: 'listDeliveries', summary: 'What was sent, newest first' },
      },
    )
    .post(
      '/:id/deliveries/:delivery_id/redeliver',
      async ({ params: { id, delivery_id }, user, request, set, status }) => {
        const route = `POST /v1/webhooks/${id}/deliveries/${delivery_id}/redeliver`
        const asked = { request, user, route, body: null }
        const outcome = await idempotent(context, asked, async tx => {
          const { url } = await lockActive(tx, user.id, id)
          const delivery = await reopenDelivery(tx, user.id, id, delivery_id)
          if (!delivery) throw notFound('Delivery not found or does not belong to you')
          const owner = { user_id: user.id, webhook_id: id }
          const { host } = new URL(url)
          const next = { ...owner, delivery_id, host, attempts: delivery.attempts, failed: 0 }
          await queue.enqueue(tx, deliverWebhook, next)
          await auditWebhook(tx, request, owner, { change: 'redeliver', delivery_id })
          return { status: 202, body: { delivery_id } }
        })
        setOutcome(set, outcome)
        return status(202, outcome.body)
      },
      {
        auth: 'webhook_redeliveries',
        params: v.object({ id: Id, delivery_id: Id }),
        response: answers({ 202: SentDelivery }, [401, 404, 409, 422]),
        detail: { operationId: 'redeliver', summary: 'Send a delivery anew' },
      },
    )
}
