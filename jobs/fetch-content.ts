// First of the chain: asks the platform what a link is. Many links are asked for at once, since the Data API
// answers for up to fifty videos in one call.
import { ContentJob } from '#jobs/content-job'
import { failContent } from '#jobs/fail-content'
import { understandContent } from '#jobs/understand-content'
import type { Context } from '../src/context.ts'
import { findPending, type PendingContent, writeMetadata } from '../src/library/contents/store.ts'
import type { Fetched } from '../src/library/platforms/platform.ts'
import { PLATFORMS } from '../src/library/platforms/platforms.ts'
import { bumpSavers } from '../src/library/versions/store.ts'
import { defineJob, type Effect } from '../src/queue.ts'

export const fetchContent = defineJob<ContentJob>({
  name: 'fetch-content',
  schema: ContentJob,
  batchSize: 50,

  async run(payloads, context) {
    const pending = await findPending(context.database.sql, payloads)
    const fetched = await fetchAll(pending, context)
    return payloads.map(payload => {
      const result = fetched.get(payload.content_id)
      // A newer run has taken over: nothing to write.
      if (!result) return async () => {}
      if ('metadata' in result) return writeAndGoOn(payload, result.metadata, context)
      return result.permanent ? failContent(payload, result.problem) : new Error(result.problem)
    })
  },

  giveUp: (payload, error) => failContent(payload, error.message),
})

function writeAndGoOn(
  payload: ContentJob,
  metadata: Parameters<typeof writeMetadata>[2],
  { queue }: Context,
): Effect {
  return async tx => {
    if (!(await writeMetadata(tx, payload, metadata))) return
    await bumpSavers(tx, payload.content_id)
    await queue.enqueue(tx, understandContent, payload)
  }
}

/** What the platforms say of each content, by its id. */
async function fetchAll(
  pending: PendingContent[],
  { config, fetcher }: Context,
): Promise<Map<string, Fetched>> {
  const results = new Map<string, Fetched>()
  for (const platform of PLATFORMS) {
    const mine = pending.filter(({ source_platform }) => source_platform === platform.name)
    if (mine.length === 0) continue
    const fetched = await platform.fetchMetadata(mine, { config, fetch: fetcher.page })
    for (const { content_id, external_id } of mine) results.set(content_id, fetched.get(external_id)!)
  }
  return results
}
