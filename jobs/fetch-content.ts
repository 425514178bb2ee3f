// First of the chain: asks the platform what a link is. Many links are asked for at once, since the Data API
// answers for up to fifty videos in one call.
import { ContentJob } from '#jobs/content-job'
import { failContent } from '#jobs/fail-content'
import { tellSavers } from '#jobs/tell'
import { understandContent } from '#jobs/understand-content'
import type { Context } from '../src/context.ts'
import type { Sql } from '../src/database/connection.ts'
import { together } from '../src/database/together.ts'
import {
  findNote,
  findPending,
  keepMetadata,
  type PendingContent,
  writeMetadata,
  writeNoteOnly,
} from '../src/library/contents/store.ts'
import { guardFetch } from '../src/library/platforms/guard-fetch.ts'
import type { Fetched, Platform, PlatformContext } from '../src/library/platforms/platform.ts'
import { PLATFORMS } from '../src/library/platforms/platforms.ts'
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
      return result ? outcomeOf(payload, result, context) : async () => {}
    })
  },

  giveUp: (payload, error, context) => useNoteOrFail(payload, error.message, context),
})

function outcomeOf(payload: ContentJob, result: Fetched, context: Context): Effect | Error {
  if ('metadata' in result) {
    const { metadata, validators } = result
    return async tx => {
      if (await writeMetadata(tx, payload, metadata, validators)) await goOn(tx, payload, context)
    }
  }
  if ('unchanged' in result) {
    return async tx => {
      if (await keepMetadata(tx, payload)) await goOn(tx, payload, context)
    }
  }
  if (result.permanent) return useNoteOrFail(payload, result.problem, context)
  return result.error ?? new Error(result.problem)
}

/** Where nobody says what a link is, a note of somebody who saved it may; without one the content has failed. */
function useNoteOrFail(payload: ContentJob, reason: string, context: Context): Effect {
  return async tx => {
    const note = await findNote(tx, payload.content_id)
    if (note !== undefined && (await writeNoteOnly(tx, payload))) return goOn(tx, payload, context)
    await failContent(payload, reason, context)(tx)
  }
}

async function goOn(tx: Sql, payload: ContentJob, context: Context): Promise<void> {
  await together(
    tellSavers(tx, context, payload.content_id, 'understanding'),
    context.queue.enqueue(tx, understandContent, payload),
  )
}

/** What the platforms say of each content, by its id. No platform waits for another. */
async function fetchAll(pending: PendingContent[], context: Context): Promise<Map<string, Fetched>> {
  const results = new Map<string, Fetched>()
  const ask = async (platform: Platform) => {
    const mine = pending.filter(({ source_platform }) => source_platform === platform.name)
    if (mine.length === 0) return
    const fetched = await platform.fetchMetadata(mine, contextFor(platform, context))
    for (const { content_id, external_id } of mine) results.set(content_id, fetched.get(external_id)!)
  }
  await Promise.all(PLATFORMS.map(ask))
  return results
}

/** The pages of `web` are of strangers to each other: one that is down says nothing about the rest. */
function contextFor({ name }: Platform, { config, fetcher, breakers, log }: Context): PlatformContext {
  return { config, log, fetch: name === 'web' ? fetcher.page : guardFetch(fetcher.page, breakers, name) }
}
