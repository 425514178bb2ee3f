import * as v from 'valibot'
import { Id } from '../../../ground/http/schemas.ts'
import { route } from '../../../route.ts'
import { failPending } from '../deliveries/store.ts'
import { SECRET, WEBHOOK } from '../examples.ts'
import { webhookNotFound } from '../problems.ts'
import { EditWebhookBody, RotateBody, RotatedSecret, WebhookAnswer } from '../schema.ts'
import { openSecret, sealSecret, secretFingerprint } from '../seal-secret.ts'
import { makeSecret } from '../sign-delivery.ts'
import { deleteWebhook, editWebhook, rotateSecret } from '../store.ts'
import { refusalOf } from '../vet-target.ts'

const params = v.object({ id: Id })

const edit = route(
  'PATCH /v1/webhooks/:id',
  {
    id: 'editWebhook',
    tag: 'Webhooks',
    summary: 'Change a webhook, or switch it on or off',
    description:
      'Switching it off gives up what still waits to be sent. Switching it on, or another address, begins with a clean record.',
    may: 'write',
    limit: 'webhook_targets',
    params,
    body: EditWebhookBody,
    example: { is_active: true },
    gives: { body: WebhookAnswer, text: 'The webhook as it is now.', example: WEBHOOK },
    problems: [webhookNotFound],
    audit: { of: 'webhook', actions: ['webhook'] },
  },
  {
    prepare: async ({ body, context: { fetcher } }) =>
      body.url === undefined ? undefined : refusalOf(fetcher, body.url),
    handle: async ({ tx, audit, params: { id }, body, user, prepared: refusal }) => {
      const change = { ...body, ...(body.events ? { events: [...new Set(body.events)] } : {}) }
      const webhook = await editWebhook(tx, user.id, id, change)
      if (!webhook) throw webhookNotFound()
      if (refusal) throw refusal
      if (body.is_active === false) await failPending(tx, user.id, id, 'The webhook is disabled')
      await audit(id, { change: 'edit', fields: Object.keys(body) })
      return webhook
    },
  },
)

const remove = route(
  'DELETE /v1/webhooks/:id',
  {
    id: 'deleteWebhook',
    tag: 'Webhooks',
    summary: 'Remove a webhook and its deliveries',
    description: 'What still waits to be sent is not sent any more.',
    may: 'write',
    limit: 'writes',
    params,
    gives: { text: 'It is gone.' },
    problems: [webhookNotFound],
    audit: { of: 'webhook', actions: ['webhook'] },
  },
  async ({ tx, audit, params: { id }, user }) => {
    if (!(await deleteWebhook(tx, user.id, id))) throw webhookNotFound()
    await audit(id, { change: 'delete' })
  },
)

const rotate = route(
  'POST /v1/webhooks/:id/rotate',
  {
    id: 'rotateWebhookSecret',
    tag: 'Webhooks',
    summary: 'Change a webhook’s secret',
    description:
      'For 24 hours both secrets sign `webhook-signature`, so that a receiver can change over; the body’s `signature` is made with the new one at once. Without a `secret` one is made.',
    may: 'write',
    limit: 'writes',
    once: true,
    params,
    body: RotateBody,
    example: {},
    gives: {
      body: RotatedSecret,
      text: 'The new secret, which is shown this once.',
      example: { id: WEBHOOK.id, secret: SECRET, previous_secret_until: '2026-01-16T09:20:00.000Z' },
    },
    problems: [webhookNotFound],
    audit: { of: 'webhook', actions: ['webhook'] },
  },
  {
    same: ({ body, context: { config } }) => ({
      fingerprint: body?.secret && secretFingerprint(config, body.secret),
    }),
    handle: async ({ tx, audit, params: { id }, body, user, context: { config } }) => {
      const owner = { user_id: user.id, webhook_id: id }
      const sealed = sealSecret(config, owner, body?.secret ?? makeSecret())
      const rotated = await rotateSecret(tx, user.id, id, sealed)
      if (!rotated) throw webhookNotFound()
      await audit(id, { change: 'rotate' })
      return { id, sealed, ...rotated }
    },
    finish: ({ id, sealed, previous_secret_until }, { user, context: { config } }) => ({
      id,
      secret: openSecret(config, { user_id: user.id, webhook_id: id }, sealed),
      previous_secret_until,
    }),
  },
)

/** Changing and removing a webhook, and changing its secret. */
export const editRoutes = [edit, remove, rotate]
