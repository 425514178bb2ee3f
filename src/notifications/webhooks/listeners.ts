import type { Context } from '../../context.ts'
import { within } from '../../ground/domain-events.ts'
import { libraryTold, saversTold } from '../../library/events.ts'
import { planDeliveries } from './deliveries/plan-deliveries.ts'

/** Whatever is told to a user's streams is told to their webhooks. */
export const webhookListeners = [
  within(saversTold, (tx, { events }, { queue }: Context) => {
    const wanted = events.filter(({ has_webhooks }) => has_webhooks)
    return wanted.length > 0 ? planDeliveries(tx, queue, wanted) : undefined
  }),
  within(libraryTold, (tx, { events }, { queue }: Context) => planDeliveries(tx, queue, events)),
]
