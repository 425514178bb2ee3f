import type { Words } from '../ground/http/openapi/words.ts'

/** What the room's parameters and fields mean. */
export const words: Words = {
  fields: {
    webhooks: 'The webhooks of this page.',
    'NewWebhook.url': 'Where to send to, over http or https, at an address that anybody can reach.',
    'WebhookChange.url': 'Where to send to, over http or https, at an address that anybody can reach.',
    'RegisteredWebhook.url': 'Where it sends to.',
    'Webhook.url': 'Where it sends to.',
    events: 'Of what it tells.',
    is_active: 'Whether it sends. Switching it on again starts it afresh.',
    disabled_reason: 'Why it was switched off, where Trove did that.',
    deliveries: 'The deliveries of this page, the newest first.',
    delivery_id: 'The id of the delivery.',
    webhook_id: 'The webhook that it belongs to.',
    event: 'What it tells of.',
    data: 'The facts, as they are sent.',
    'Delivery.status':
      '`pending`: it waits, for its first try or the next. `delivered`: it was taken. `failed`: it will not be tried again.',
    'Delivery.error_message': 'What went wrong at the last try.',
    duration_ms: 'How long the last try took, in milliseconds.',
    next_attempt_at: 'When it is tried again; null where it is not.',
  },
  parameters: {
    delivery_id: { text: 'The id of a delivery.', example: '019a5c45-2c34-7a90-8b12-0d9e8f7a6b5c' },
  },
}
