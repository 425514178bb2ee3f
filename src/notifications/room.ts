import type { Room } from '../room.ts'
import { eventListeners } from './events/listeners.ts'
import { eventStreams, streamEvents } from './events/routes.ts'
import { webhookGauges } from './webhooks/gauges.ts'
import { deliverWebhook } from './webhooks/jobs.ts'
import { webhookListeners } from './webhooks/listeners.ts'
import { resealWebhooks } from './webhooks/reseal.ts'
import { webhookRoutes } from './webhooks/routes.ts'
import { words } from './words.ts'

/** Telling people and programs what happens: streams and webhooks. */
export const notifications: Room = {
  name: 'notifications',
  words,
  tags: {
    Webhooks: 'Telling other programs what happened.',
    Events: 'What happens in your library, as it happens.',
  },
  routes: [streamEvents, ...webhookRoutes],
  jobs: [deliverWebhook],
  listeners: [...eventListeners, ...webhookListeners],
  tables: {
    events: { of: 'user', keeps: 7, exported: true },
    webhooks: {
      of: 'user',
      keeps: 'until it is removed',
      exported: true,
      withheld: {
        secret_sealed: 'a secret',
        previous_secret_sealed: 'a secret',
        previous_secret_until: 'it is about a secret',
      },
    },
    webhook_deliveries: { of: 'user', keeps: 30, exported: true },
  },
  starts: resealWebhooks,
  gauges: webhookGauges,
  ends: context => eventStreams(context).end(),
}
