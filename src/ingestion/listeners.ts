import type { Context } from '../context.ts'
import { within } from '../ground/domain-events.ts'
import { contentWanted } from '../library/events.ts'
import { fetchContent } from './jobs.ts'

export const ingestionListeners = [
  within(contentWanted, (tx, run, { queue }: Context) =>
    queue.enqueue(tx, fetchContent, run, { id: run.attempt }),
  ),
]
