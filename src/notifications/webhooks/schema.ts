import * as v from 'valibot'
import { toldEvents } from '../../ground/domain-events.ts'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { pagingAnswer, pagingQuery } from '../../ground/http/paging.ts'
import { atMost, declaredName, Id, list, StorableText, Time } from '../../ground/http/schemas.ts'
import { isWellFormed } from './sign-delivery.ts'

const WebhookUrl = v.pipe(
  StorableText,
  v.trim(),
  v.regex(/^https?:\/\//i, 'must be an http:// or https:// address'),
  atMost(2000),
)

const Events = list(declaredName(toldEvents), 1, 20)

const Secret = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]{16,256}$/, 'must be 16 to 256 visible ASCII characters'),
  v.check(isWellFormed, 'must be base64 after whsec_'),
  v.description('`whsec_` and base64, whose bytes are the key; or any text, whose UTF-8 is.'),
)

export const RegisterWebhookBody = v.object({
  url: WebhookUrl,
  events: Events,
  secret: v.optional(Secret),
})

export const RegisteredWebhook = v.object({
  id: Id,
  url: v.string(),
  events: v.array(v.string()),
  secret: v.pipe(v.string(), v.description('Shown this once.')),
})

export const EditWebhookBody = v.pipe(
  v.object({
    url: v.optional(WebhookUrl),
    events: v.optional(Events),
    is_active: v.optional(v.boolean()),
  }),
  v.check(body => Object.keys(body).length > 0, 'must name at least one field to change'),
)
export type WebhookChange = v.InferOutput<typeof EditWebhookBody>

export const RotateBody = v.nullable(v.object({ secret: v.optional(Secret) }))

export const RotatedSecret = v.object({
  id: Id,
  secret: v.pipe(v.string(), v.description('Shown this once.')),
  previous_secret_until: v.pipe(Time, v.description('Until then the one before signs as well.')),
})

export const WebhookAnswer = v.object({
  id: Id,
  url: v.string(),
  events: v.array(v.string()),
  is_active: v.boolean(),
  disabled_reason: v.nullable(v.string()),
  failing_since: v.pipe(v.nullable(Time), v.description('When the current streak of failures began.')),
  previous_secret_until: v.pipe(v.nullable(Time), v.description('Until when two secrets sign.')),
  created_at: Time,
  updated_at: Time,
})
export type Webhook = v.InferOutput<typeof WebhookAnswer>

export const WebhookQuery = v.object(pagingQuery())

export const WebhookListAnswer = v.object({ webhooks: v.array(WebhookAnswer), ...pagingAnswer })

nameSchemas({
  Webhook: WebhookAnswer,
  WebhookPage: WebhookListAnswer,
  NewWebhook: RegisterWebhookBody,
  RegisteredWebhook,
  WebhookChange: EditWebhookBody,
  RotatedSecret,
})
