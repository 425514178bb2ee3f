import type { ContentJob } from '#jobs/content-job'
import { tellSavers } from '#jobs/tell'
import type { Context } from '../src/context.ts'
import { markFailed } from '../src/library/contents/runs/store.ts'
import type { Effect } from '../src/queue.ts'

/** Ends the chain of a content with a reason that the people who saved it can read. */
export function failContent(of: ContentJob, reason: string, context: Context): Effect {
  return async tx => {
    const written = await markFailed(tx, of, reason)
    if (written) await tellSavers(tx, context, of.content_id, 'failed', written === 'other')
  }
}
