import { problem } from '../../ground/http/problem.ts'
import { notFound } from '../../ground/http/problems.ts'
import { MOST_PENDING } from './deliveries/store.ts'

export const MOST_WEBHOOKS = 20

export const webhookNotFound = notFound('Webhook not found or does not belong to you')
export const deliveryNotFound = notFound('Delivery not found or does not belong to you')
export const tooManyWebhooks = problem(
  409,
  'TOO_MANY_WEBHOOKS',
  `You have ${MOST_WEBHOOKS} webhooks, which is the most there can be. Delete one first.`,
)
export const webhookDisabled = problem(
  409,
  'WEBHOOK_DISABLED',
  'The webhook is disabled. Switch it on first.',
)
export const tooManyDeliveries = problem(
  409,
  'TOO_MANY_DELIVERIES',
  `${MOST_PENDING} deliveries wait to be sent, which is the most there can be. Try again when there are fewer.`,
)
