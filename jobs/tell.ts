// What happened, told to everybody whom it concerns: their streams and their webhooks. Always in the transaction of
// what happened, so that it is told exactly when it is true.
import { planDeliveries } from '#jobs/plan-deliveries'
import {
  addContentEvent,
  addLibraryEvent,
  type Event,
  type LibraryEvent,
} from '../src/channels/events/store.ts'
import type { Context } from '../src/context.ts'
import type { Sql } from '../src/database/connection.ts'

/** What a content has come to: the next step of the chain, or its end. */
const NEWS = {
  understanding: ['job.progress', { stage: 'understanding', progress: 40 }],
  embedding: ['job.progress', { stage: 'embedding', progress: 70 }],
  ready: ['content.ready', {}],
  failed: ['content.failed', {}],
} as const

type Teller = Pick<Context, 'queue'>

/**
 * Tells those who saved a content how far it is, and raises the versions of their libraries.
 * @param isOther whether anything has changed: if not, only those are told who asked for the run
 * @param attempt the run that it is about; the content's current one when left out
 * @returns the events, one for each of them
 */
export async function tellSavers(
  tx: Sql,
  { queue }: Teller,
  contentId: string,
  what: keyof typeof NEWS,
  isOther: boolean,
  attempt?: string,
): Promise<LibraryEvent[]> {
  const [type, more] = NEWS[what]
  const changes = what === 'ready' && isOther ? 1 : 0
  const events = await addContentEvent(tx, contentId, type, more, changes, isOther, attempt)
  await planDeliveries(
    tx,
    queue,
    events.filter(({ has_webhooks }) => has_webhooks),
  )
  return events
}

/** Tells a user that their clusters have been made anew. */
export async function tellClustered(
  tx: Sql,
  { queue }: Teller,
  userId: string,
  counts: { cluster_count: number; item_count: number },
): Promise<void> {
  const events: Event[] = await addLibraryEvent(tx, userId, 'clusters.updated', counts)
  await planDeliveries(tx, queue, events)
}
