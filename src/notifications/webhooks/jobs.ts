import * as v from 'valibot'
import { defineJob } from '../../ground/queue/queue.ts'

const Uuid = v.pipe(v.string(), v.uuid())
const Count = v.pipe(v.number(), v.integer(), v.minValue(0))

const DeliveryJob = v.object({
  user_id: Uuid,
  webhook_id: Uuid,
  delivery_id: Uuid,
  /** Where it goes: webhooks of one host share its slowness. */
  host: v.string(),
  /** How many tries the delivery had when this one was planned; with another number it is void. */
  attempts: Count,
  /** How many of them were of this round: a redelivery begins a new one. */
  failed: Count,
})
export type DeliveryJob = v.InferOutput<typeof DeliveryJob>

/** One try of one delivery. */
export const deliverWebhook = defineJob<DeliveryJob>({
  name: 'deliver-webhook',
  schema: DeliveryJob,
  // They wait for others, mostly: many at once, but of one user to one host no more than two.
  batchSize: 20,
  handOff: true,
  concurrency: 200,
  lane: ({ delivery_id }) => delivery_id,
  actsAs: ({ user_id }) => user_id,
  group: { of: ({ user_id, host }) => `${user_id} ${host}`, most: 2 },
})
