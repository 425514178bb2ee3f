import type { OperationText } from '../text.ts'
import { SAVE, USER } from './things.ts'

const NOT_YOURS: [string, string] = ['NOT_FOUND', 'Webhook not found or does not belong to you']
const DISABLED: [string, string] = ['WEBHOOK_DISABLED', 'The webhook is disabled. Switch it on first.']

const URL = 'https://hooks.example.com/trove'
const EVENTS = ['content.ready', 'content.failed']
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwKQ9r8GKYqrQ='
const LATER = '2026-01-16T09:20:00.000Z'

const WEBHOOK = {
  id: '019a5c44-0b12-7f6e-9d01-7a5c3e2b4f68',
  url: URL,
  events: EVENTS,
  is_active: true,
  disabled_reason: null,
  failing_since: null,
  previous_secret_until: null,
  created_at: USER.created_at,
  updated_at: USER.created_at,
}

const DELIVERY = {
  id: '019a5c45-2c34-7a90-8b12-0d9e8f7a6b5c',
  webhook_id: WEBHOOK.id,
  event: 'content.ready',
  data: { save_id: SAVE.id, content_id: SAVE.shared_content_id, status: 'READY', title: 'Five brunch cafes' },
  status: 'delivered',
  attempts: 1,
  response_status: 204,
  error_message: null,
  duration_ms: 84,
  next_attempt_at: null,
  created_at: '2026-01-15T09:14:03.870Z',
  updated_at: '2026-01-15T09:14:03.990Z',
}

const ONE_PAGE = { total: 1, limit: 20, offset: 0, has_more: false, next_cursor: null }

export const WEBHOOK_TEXTS: Record<string, OperationText> = {
  registerWebhook: {
    description: `From now on every event of these types is sent to the address by POST, as
\`{event, timestamp, data, signature}\`, with the headers of [Standard Webhooks](https://www.standardwebhooks.com):
\`webhook-id\` (the same at every try: drop what you have seen), \`webhook-timestamp\` and \`webhook-signature\`, whose key
is the base64 after \`whsec_\`, or the UTF-8 of a secret without that prefix. The body’s \`signature\` is \`sha256=\` and
the hex of HMAC-SHA256 over its \`timestamp\`, a full stop and the RFC 8785 JSON of \`data\`, keyed by the secret as text.

Any 2xx within 15 seconds is success; redirects are not followed. What fails is tried again over about three days.
410, or five days without a success, disables the webhook.`,
    answer: 'The webhook and its secret, which is shown this once.',
    hasLocation: true,
    body: { url: URL, events: EVENTS },
    example: { id: WEBHOOK.id, url: URL, events: EVENTS, secret: SECRET },
    problems: {
      409: ['TOO_MANY_WEBHOOKS', 'You have 20 webhooks, which is the most there can be. Delete one first.'],
    },
  },
  listWebhooks: {
    description: 'All of the caller’s webhooks, without their secrets.',
    answer: 'A page of webhooks.',
    example: { webhooks: [WEBHOOK], ...ONE_PAGE },
  },
  getWebhook: {
    description: 'How it is set up, and whether it works.',
    answer: 'The webhook, without its secret.',
    example: WEBHOOK,
    problems: { 404: NOT_YOURS },
  },
  editWebhook: {
    description:
      'Switching it off gives up what still waits to be sent. Switching it on, or another address, begins with a clean record.',
    answer: 'The webhook as it is now.',
    body: { is_active: true },
    example: WEBHOOK,
    problems: { 404: NOT_YOURS },
  },
  deleteWebhook: {
    description: 'What still waits to be sent is not sent any more.',
    answer: 'It is gone.',
    problems: { 404: NOT_YOURS },
  },
  rotateWebhookSecret: {
    description:
      'For 24 hours both secrets sign `webhook-signature`, so that a receiver can change over; the body’s `signature` is made with the new one at once. Without a `secret` one is made.',
    answer: 'The new secret, which is shown this once.',
    body: {},
    example: { id: WEBHOOK.id, secret: SECRET, previous_secret_until: LATER },
    problems: { 404: NOT_YOURS },
  },
  testWebhook: {
    description: 'Sends an event of the type `webhook.test`, whatever the webhook asked for.',
    answer: 'The delivery that was planned.',
    example: { delivery_id: DELIVERY.id },
    problems: { 404: NOT_YOURS, 409: DISABLED },
  },
  listDeliveries: {
    description: 'Each delivery with all its tries: what the last was answered, and when the next is due.',
    answer: 'A page of deliveries.',
    example: { deliveries: [DELIVERY], ...ONE_PAGE },
    problems: { 404: NOT_YOURS },
  },
  redeliver: {
    description: 'Sends it now, whatever became of it, under the same `webhook-id`.',
    answer: 'The delivery.',
    example: { delivery_id: DELIVERY.id },
    problems: { 404: ['NOT_FOUND', 'Delivery not found or does not belong to you'], 409: DISABLED },
  },
}
