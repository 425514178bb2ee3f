// What clustering does when something has happened elsewhere.
import type { Context } from '../context.ts'
import { vectorsMoved } from '../discovery/events.ts'
import { later, within } from '../ground/domain-events.ts'
import { contentReady, readySaved, saversTold } from '../library/events.ts'
import { joinNearest } from './clusters/store.ts'
import { clusterDue, placeSave } from './jobs.ts'
import { sendDueClusterings } from './send-clusterings.ts'

export const clusterListeners = [
  later(readySaved, placeSave, save => save),
  // What was near by the old vectors need not be near by the new ones.
  later(vectorsMoved, clusterDue, () => ({})),
  within(contentReady, (tx, content, { models }: Context) => joinNearest(tx, content, models.embeddingModel)),
  // Libraries that have changed too little are not looked at.
  within(saversTold, (tx, { type, is_other, events }, context: Context) => {
    const { CLUSTER_MIN_ITEMS } = context.config
    const changed = events.filter(event => event.changes_since_clustering >= CLUSTER_MIN_ITEMS)
    if (type !== contentReady.name || !is_other || changed.length === 0) return undefined
    return sendDueClusterings(
      tx,
      context,
      changed.map(({ user_id }) => user_id),
    )
  }),
]
