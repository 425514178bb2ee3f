// What is told to streams: every event of a library, in the transaction of what happened, so that it is told exactly when
// it is true.

import { clustersUpdated } from '../../clustering/events.ts'
import type { Context } from '../../context.ts'
import { type DomainEvent, emit, within } from '../../ground/domain-events.ts'
import {
  type ContentNews,
  contentFailed,
  contentProgressed,
  contentReady,
  libraryTold,
  saversTold,
} from '../../library/events.ts'
import { addContentEvent, addLibraryEvent } from './store.ts'

/** Tells those who saved a content what happened to it, and raises the versions of their libraries. */
const tellSavers = <News extends ContentNews>(event: DomainEvent<News>) =>
  within(event, async (tx, { content_id, is_other, attempt, ...more }: News, context: Context) => {
    const type = event.name
    const changes = event === contentReady && is_other ? 1 : 0
    const events = await addContentEvent(tx, { content_id, attempt }, type, more, changes, is_other)
    await emit(tx, context, saversTold, { type, content_id, is_other, events })
  })

export const eventListeners = [
  tellSavers(contentProgressed),
  tellSavers(contentReady),
  tellSavers(contentFailed),
  within(clustersUpdated, async (tx, { user_id, ...counts }, context: Context) => {
    const events = await addLibraryEvent(tx, user_id, clustersUpdated.name, counts)
    await emit(tx, context, libraryTold, { events })
  }),
]
