import { v7 as uuidv7 } from 'uuid'
import * as v from 'valibot'
import { atOneMoment } from '../../ground/database/together.ts'
import { Id } from '../../ground/http/schemas.ts'
import { route } from '../../route.ts'
import { deliveryRoutes } from './deliveries/routes.ts'
import { editRoutes } from './edit/routes.ts'
import { NEW_WEBHOOK, ONE_PAGE, SECRET, WEBHOOK } from './examples.ts'
import { MOST_WEBHOOKS, tooManyWebhooks, webhookNotFound } from './problems.ts'
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

/** Each once, in the order in which they were named. */
const eachOnce = <Event>(events: Event[]): Event[] => [...new Set(events)]

const register = route(
  'POST /v1/webhooks/register',
  {
    id: 'registerWebhook',
    tag: 'Webhooks',
    summary: 'Be told what happens',
    description: `From now on every event of these types is sent to the address by POST, as
\`{event, timestamp, data, signature}\`, with the headers of [Standard Webhooks](https://www.standardwebhooks.com):
\`webhook-id\` (the same at every try: drop what you have seen), \`webhook-timestamp\` and \`webhook-signature\`, whose key
is the base64 after \`whsec_\`, or the UTF-8 of a secret without that prefix. The body’s \`signature\` is \`sha256=\` and
the hex of HMAC-SHA256 over its \`timestamp\`, a full stop and the RFC 8785 JSON of \`data\`, keyed by the secret as text.

Any 2xx within 15 seconds is success; redirects are not followed. What fails is tried again over about three days.
410, or five days without a success, disables the webhook.`,
    may: 'write',
    limit: 'webhook_targets',
    once: true,
    body: RegisterWebhookBody,
    example: NEW_WEBHOOK,
    gives: {
      status: 201,
      body: RegisteredWebhook,
      text: 'The webhook and its secret, which is shown this once.',
      example: { id: WEBHOOK.id, ...NEW_WEBHOOK, secret: SECRET },
      location: ({ id }) => `/v1/webhooks/${id}`,
    },
    problems: [tooManyWebhooks],
    audit: { of: 'webhook', actions: ['webhook'] },
  },
  {
    prepare: ({ body, context: { fetcher } }) => refusalOf(fetcher, body.url),
    // What is stored to recognise a repetition, and to answer it, holds no secret either.
    same: ({ body, context: { config } }) => ({
      url: body.url,
      events: eachOnce(body.events),
      secret: body.secret && secretFingerprint(config, body.secret),
    }),
    handle: async ({ tx, audit, body, user, context: { config }, prepared: refusal }) => {
      if (refusal) throw refusal
      if ((await countWebhooksAlone(tx, user.id)) >= MOST_WEBHOOKS) throw tooManyWebhooks()
      const id = uuidv7()
      const { url } = body
      const events = eachOnce(body.events)
      const sealed = sealSecret(config, { user_id: user.id, webhook_id: id }, body.secret ?? makeSecret())
      await insertWebhook(tx, { user_id: user.id, id, url, events, secret_sealed: sealed })
      // Its address is left out, since addresses of hooks often carry a token.
      await audit(id, { change: 'register', events })
      return { id, url, events, sealed }
    },
    finish: ({ sealed, ...webhook }, { user, context: { config } }) => ({
      ...webhook,
      secret: openSecret(config, { user_id: user.id, webhook_id: webhook.id }, sealed),
    }),
  },
)

const list = route(
  'GET /v1/webhooks',
  {
    id: 'listWebhooks',
    tag: 'Webhooks',
    summary: 'Your webhooks, newest first',
    description: 'All of the caller’s webhooks, without their secrets.',
    may: 'read',
    limit: 'default',
    paged: 'text',
    query: WebhookQuery,
    gives: {
      body: WebhookListAnswer,
      text: 'A page of webhooks.',
      example: { webhooks: [WEBHOOK], ...ONE_PAGE },
    },
  },
  async ({ sql, user, page }) => {
    const [found, total] = await atOneMoment(sql, sql => [
      listWebhooks(sql, user.id, page),
      countWebhooks(sql, user.id),
    ])
    const { rows, paging } = page.of(found)
    return { webhooks: rows, total, ...paging }
  },
)

const get = route(
  'GET /v1/webhooks/:id',
  {
    id: 'getWebhook',
    tag: 'Webhooks',
    summary: 'One webhook',
    description: 'How it is set up, and whether it works.',
    may: 'read',
    limit: 'default',
    params: v.object({ id: Id }),
    gives: { body: WebhookAnswer, text: 'The webhook, without its secret.', example: WEBHOOK },
    problems: [webhookNotFound],
  },
  async ({ sql, params, user }) => {
    const webhook = await findWebhook(sql, user.id, params.id)
    if (!webhook) throw webhookNotFound()
    return webhook
  },
)

/** Who is told of what happens in a library, and by which address. */
export const webhookRoutes = [register, list, get, ...editRoutes, ...deliveryRoutes]
