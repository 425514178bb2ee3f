import { Elysia } from 'elysia'
import { v7 as uuidv7 } from 'uuid'
import * as v from 'valibot'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { notFound, Problem } from '../../errors.ts'
import { idempotent, setOutcome } from '../../http/idempotency.ts'
import { answers } from '../../http/openapi.ts'
import { decodeCursor, toPage } from '../../http/paging.ts'
import { Id } from '../../http/schemas.ts'
import { auditWebhook } from './audit-webhook.ts'
import { deliveryRoutes } from './deliveries/routes.ts'
import { editRoutes } from './edit/routes.ts'
import {
  RegisteredWebhook,
  RegisterWebhookBody,
  WebhookAnswer,
  WebhookListAnswer,
  WebhookQuery,
} from './schema.ts'
import { openSecret, sealSecret, secretFingerprint } from './seal-secret.ts'
import { makeSecret } from './sign-delivery.ts'
import { countWebhooks, countWebhooksAlone, findWebhook, insertWebhook, listWebhooks } from './store.ts'
import { refusalOf } from './vet-target.ts'

const MOST_WEBHOOKS = 20

const tooMany = () =>
  new Problem(
    409,
    'TOO_MANY_WEBHOOKS',
    `You have ${MOST_WEBHOOKS} webhooks, which is the most there can be. Delete one first.`,
  )

/** Who is told of what happens in a library, and by which address. */
export function webhookRoutes(context: Context) {
  const { config, database, fetcher } = context
  const { sql } = database

  return new Elysia({ prefix: '/v1/webhooks', tags: ['Webhooks'] })
    .use(auth(context))
    .post(
      '/register',
      async ({ body, user, request, set, status }) => {
        const { url } = body
        const events = [...new Set(body.events)]
        // What is stored to recognise a repetition, and to answer it, holds no secret either.
        const secret = body.secret && secretFingerprint(config, body.secret)
        const asked = { request, user, route: 'POST /v1/webhooks/register', body: { url, events, secret } }
        const refusal = await refusalOf(fetcher, url)
        const outcome = await idempotent(context, asked, async tx => {
          if (refusal) throw refusal
          if ((await countWebhooksAlone(tx, user.id)) >= MOST_WEBHOOKS) throw tooMany()
          const id = uuidv7()
          const owner = { user_id: user.id, webhook_id: id }
          const sealed = sealSecret(config, owner, body.secret ?? makeSecret())
          await insertWebhook(tx, { user_id: user.id, id, url, events, secret_sealed: sealed })
          await auditWebhook(tx, request, owner, { change: 'register', events })
          return { status: 201, body: { id, url, events, sealed }, location: `/v1/webhooks/${id}` }
        })
        setOutcome(set, outcome)
        const { sealed, ...webhook } = outcome.body
        const owner = { user_id: user.id, webhook_id: webhook.id }
        return status(201, { ...webhook, secret: openSecret(config, owner, sealed) })
      },
      {
        auth: 'webhook_targets',
        body: RegisterWebhookBody,
        response: answers({ 201: RegisteredWebhook }, [401, 409, 422]),
        detail: { operationId: 'registerWebhook', summary: 'Be told what happens' },
      },
    )
    .get(
      '',
      async ({ query, user, request, set }) => {
        const list = ['webhooks', user.id]
        const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, 'text', list).id
        const [found, total] = await Promise.all([
          listWebhooks(sql, user.id, { ...query, limit: query.limit + 1 }, after),
          countWebhooks(sql, user.id),
        ])
        const { rows, paging } = toPage(found, query, list, { request, set })
        return { webhooks: rows, total, ...paging }
      },
      {
        auth: 'default',
        query: WebhookQuery,
        response: answers({ 200: WebhookListAnswer }, [400, 401, 422]),
        detail: { operationId: 'listWebhooks', summary: 'Your webhooks, newest first' },
      },
    )
    .get(
      '/:id',
      async ({ params: { id }, user }) => {
        const webhook = await findWebhook(sql, user.id, id)
        if (!webhook) throw notFound('Webhook not found or does not belong to you')
        return webhook
      },
      {
        auth: 'default',
        params: v.object({ id: Id }),
        response: answers({ 200: WebhookAnswer }, [401, 404, 422]),
        detail: { operationId: 'getWebhook', summary: 'One webhook' },
      },
    )
    .use(editRoutes(context))
    .use(deliveryRoutes(context))
}
