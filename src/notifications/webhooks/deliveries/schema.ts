import * as v from 'valibot'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { pagingAnswer, pagingQuery } from '../../../ground/http/paging.ts'
import { Id, Time } from '../../../ground/http/schemas.ts'

/** pending: not tried yet, or to be tried again. delivered: answered with 2xx. failed: given up. */
export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

const whole = v.pipe(v.number(), v.integer())

export const DeliveryAnswer = v.object({
  id: v.pipe(Id, v.description('The `webhook-id` header of every try.')),
  webhook_id: Id,
  event: v.string(),
  data: v.record(v.string(), v.unknown()),
  status: v.picklist(DELIVERY_STATUSES),
  attempts: v.pipe(whole, v.description('How often it was sent.')),
  response_status: v.pipe(
    v.nullable(whole),
    v.description('What the last try was answered; null where nobody answered.'),
  ),
  error_message: v.nullable(v.string()),
  duration_ms: v.nullable(whole),
  next_attempt_at: v.nullable(Time),
  created_at: Time,
  updated_at: Time,
})
export type Delivery = v.InferOutput<typeof DeliveryAnswer>

export const DeliveryQuery = v.object({
  status: v.optional(v.picklist(DELIVERY_STATUSES, `must be one of: ${DELIVERY_STATUSES.join(', ')}`)),
  ...pagingQuery(),
})
export type DeliveryQuery = v.InferOutput<typeof DeliveryQuery>

export const DeliveryListAnswer = v.object({ deliveries: v.array(DeliveryAnswer), ...pagingAnswer })

export const SentDelivery = v.object({ delivery_id: Id })

nameSchemas({ Delivery: DeliveryAnswer, DeliveryPage: DeliveryListAnswer, SentDelivery })
