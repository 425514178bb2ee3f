import type { Context } from '../context.ts'
import { emit } from '../ground/domain-events.ts'
import type { Effect } from '../ground/queue/queue.ts'
import { markFailed } from '../library/contents/runs/store.ts'
import { contentFailed } from '../library/events.ts'
import type { ContentJob } from './jobs.ts'

/** Ends the chain of a content with a reason that the people who saved it can read. */
export function failContent(of: ContentJob, reason: string, context: Context): Effect {
  return async tx => {
    const written = await markFailed(tx, of, reason)
    if (!written) return
    const { content_id, attempt } = of
    await emit(tx, context, contentFailed, { content_id, attempt, is_other: written === 'other' })
  }
}
