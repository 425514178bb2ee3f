import { Elysia } from 'elysia'
import * as v from 'valibot'
import { auth } from '../../../accounts/auth.ts'
import type { Context } from '../../../context.ts'
import { notFound } from '../../../errors.ts'
import { idempotent, setOutcome } from '../../../http/idempotency.ts'
import { answers } from '../../../http/openapi.ts'
import { Id } from '../../../http/schemas.ts'
import { auditWebhook } from '../audit-webhook.ts'
import { failPending } from '../deliveries/store.ts'
import { EditWebhookBody, RotateBody, RotatedSecret, WebhookAnswer } from '../schema.ts'
import { openSecret, sealSecret, secretFingerprint } from '../seal-secret.ts'
import { makeSecret } from '../sign-delivery.ts'
import { deleteWebhook, editWebhook, rotateSecret } from '../store.ts'
import { refusalOf } from '../vet-target.ts'

const missing = () => notFound('Webhook not found or does not belong to you')
const params = v.object({ id: Id })

/** Changing and removing a webhook, and changing its secret. */
export function editRoutes(context: Context) {
  const { config, database, fetcher } = context

  return new Elysia({ tags: ['Webhooks'] })
    .use(auth(context))
    .patch(
      '/:id',
      async ({ params: { id }, body, user, request }) => {
        const change = { ...body, ...(body.events ? { events: [...new Set(body.events)] } : {}) }
        const refusal = body.url === undefined ? undefined : await refusalOf(fetcher, body.url)
        return database.sql.begin(async tx => {
          const webhook = await editWebhook(tx, user.id, id, change)
          if (!webhook) throw missing()
          if (refusal) throw refusal
          if (body.is_active === false) await failPending(tx, user.id, id, 'The webhook is disabled')
          const owner = { user_id: user.id, webhook_id: id }
          await auditWebhook(tx, request, owner, { change: 'edit', fields: Object.keys(body) })
          return webhook
        })
      },
      {
        auth: 'webhook_targets',
        params,
        body: EditWebhookBody,
        response: answers({ 200: WebhookAnswer }, [401, 404, 422]),
        detail: { operationId: 'editWebhook', summary: 'Change a webhook, or switch it on or off' },
      },
    )
    .delete(
      '/:id',
      async ({ params: { id }, user, request }) => {
        await database.sql.begin(async tx => {
          if (!(await deleteWebhook(tx, user.id, id))) throw missing()
          await auditWebhook(tx, request, { user_id: user.id, webhook_id: id }, { change: 'delete' })
        })
        return new Response(null, { status: 204 })
      },
      {
        auth: 'writes',
        params,
        response: answers({ 204: v.void() }, [401, 404, 422]),
        detail: { operationId: 'deleteWebhook', summary: 'Remove a webhook and its deliveries' },
      },
    )
    .post(
      '/:id/rotate',
      async ({ params: { id }, body, user, request, set, status }) => {
        const given = body?.secret
        const fingerprint = given && secretFingerprint(config, given)
        const asked = { request, user, route: `POST /v1/webhooks/${id}/rotate`, body: { fingerprint } }
        const owner = { user_id: user.id, webhook_id: id }
        const outcome = await idempotent(context, asked, async tx => {
          const sealed = sealSecret(config, owner, given ?? makeSecret())
          const rotated = await rotateSecret(tx, user.id, id, sealed)
          if (!rotated) throw missing()
          await auditWebhook(tx, request, owner, { change: 'rotate' })
          return { status: 200, body: { id, sealed, ...rotated } }
        })
        setOutcome(set, outcome)
        const { sealed, ...rotated } = outcome.body
        return status(200, { ...rotated, secret: openSecret(config, owner, sealed) })
      },
      {
        auth: 'writes',
        params,
        body: RotateBody,
        response: answers({ 200: RotatedSecret }, [401, 404, 409, 422]),
        detail: { operationId: 'rotateWebhookSecret', summary: 'Change a webhook’s secret' },
      },
    )
}
