import type { ContentJob } from '#jobs/content-job'
import { tellSavers } from '#jobs/tell'
import type { Context } from '../src/context.ts'
import { markFailed } from '../src/library/contents/store.ts'
import type { Effect } from '../src/queue.ts'

/** Ends the chain of a content with a reason that the people who saved it can read. */
export function failContent(of: ContentJob, reason: string, context: Context): Effect {
  return async tx => {
    if (!(await markFailed(tx, of, reason))) return
    await tellSavers(tx, context, of.content_id, 'failed')
  }
}
