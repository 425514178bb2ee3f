// First of the chain: asks the platform what a link is. Many links are asked for at once, since the Data API
// answers for up to fifty videos in one call.

import { placeSave } from '../src/clustering/jobs.ts'
import type { Context } from '../src/context.ts'
import type { Sql } from '../src/ground/database/connection.ts'
import { together } from '../src/ground/database/together.ts'
import { emit } from '../src/ground/domain-events.ts'
import { FetchError } from '../src/ground/fetch/fetch.ts'
import type { Effect } from '../src/ground/queue/queue.ts'
import { handle } from '../src/handler.ts'
import { failContent } from '../src/ingestion/fail-content.ts'
import { type FetchJob, fetchContent, understandContent } from '../src/ingestion/jobs.ts'
import { missedRun } from '../src/ingestion/missed-run.ts'
import { guardFetch } from '../src/ingestion/platforms/guard-fetch.ts'
import type { Fetched, FetchProblem, Platform, PlatformContext } from '../src/ingestion/platforms/platform.ts'
import { PLATFORMS } from '../src/ingestion/platforms/platforms.ts'
import { moveContent } from '../src/library/contents/addresses.ts'
import { contentTextOf } from '../src/library/contents/content-text.ts'
import { isShareable } from '../src/library/contents/is-shareable.ts'
import {
  findPending,
  keepMetadata,
  type PendingContent,
  type Written,
  writeMetadata,
  writeNoteOnly,
} from '../src/library/contents/runs/store.ts'
import { findNote } from '../src/library/contents/store.ts'
import { textLanguage } from '../src/library/contents/text-language.ts'
import { contentProgressed, contentReady } from '../src/library/events.ts'
import { normaliseUrl } from '../src/library/links/normalise-url.ts'
import { bumpSavers } from '../src/library/versions/store.ts'

/** A site that is slow, or does not answer right now, is asked so often before people are told. */
const QUICK_TRIES = 3
/** How long they wait for a site that wants to be left alone. */
const PATIENCE_SECONDS = 60
/** Then it is asked again by itself, after so many minutes each time. */
const LATER_MINUTES = [10, 60, 360, 1440]

export default handle(fetchContent, {
  async run(payloads, context, tries = []) {
    const pending = await findPending(context.database.sql, payloads)
    const fetched = await fetchAll(pending, payloads, context)
    return Promise.all(
      payloads.map(async (payload, i) => {
        const result = fetched.get(payload.content_id)
        if (!result) return missedRun(context.database.sql, payload)
        return outcomeOf(payload, result, tries[i] ?? 1, context)
      }),
    )
  },

  giveUp: (payload, error, context) => answer(payload, error.message, context),
})

async function outcomeOf(
  payload: FetchJob,
  result: Fetched,
  tries: number,
  context: Context,
): Promise<Effect | Error> {
  if ('metadata' in result) {
    const { metadata, validators, address } = result
    const language = await textLanguage(contentTextOf(metadata))
    return async tx => {
      const run = address === undefined ? payload : await runAt(tx, payload, address, context)
      if (run) await goOn(tx, run, await writeMetadata(tx, run, metadata, language, validators), context)
    }
  }
  if ('unchanged' in result) return async tx => goOn(tx, payload, await keepMetadata(tx, payload), context)
  return problemOf(payload, result, tries, context)
}

/**
 * The run at the content that `address` is: a link that was only a name of it counts as that content from now on. Undefined
 * when nothing is to be written: what is there has been read or is being read, or a platform of its own reads it.
 */
async function runAt(
  tx: Sql,
  payload: FetchJob,
  address: string,
  context: Context,
): Promise<FetchJob | undefined> {
  const { config, queue } = context
  const link = normaliseUrl(address, config)
  if (!link) return payload
  const there = await moveContent(tx, payload, link, isShareable(link, config))
  if (!there) return undefined
  const { content_id, moved } = there
  if (there.run === 'awaited') {
    await bumpSavers(tx, [content_id])
    return undefined
  }
  if (there.run === 'found') {
    await emit(tx, context, contentReady, { content_id, is_other: false, attempt: payload.attempt })
    for (const save of moved) await queue.enqueue(tx, placeSave, { ...save, content_id })
    return undefined
  }
  const run = { ...payload, content_id }
  if (link.source_platform === 'web') return run
  await queue.enqueue(tx, fetchContent, { ...run, platform: link.source_platform })
  return undefined
}

/**
 * A refusal is an answer. What else may pass is tried again a few times at once; then people are told, and the link is
 * read again later.
 */
function problemOf(payload: FetchJob, result: FetchProblem, tries: number, context: Context): Effect | Error {
  const { problem, permanent, refused = false, error } = result
  if (permanent) return answer(payload, problem, context)
  const mayWait =
    !(error instanceof FetchError) || ageOf(payload) + (error.retry_after ?? 0) <= PATIENCE_SECONDS
  const isNobodyAsked = (error as { retry_after?: number } | undefined)?.retry_after !== undefined
  if (isNobodyAsked ? mayWait : !refused && tries < QUICK_TRIES) return error ?? new Error(problem)
  return async tx => {
    await answer(payload, problem, context)(tx)
    await askLater(tx, payload, context)
  }
}

/**
 * Tells people that there is nothing: where nobody says what a link is, a note of somebody who saved it may; without one
 * the content has failed. They are told once: what is read again by itself can only better it.
 */
function answer(payload: FetchJob, reason: string, context: Context): Effect {
  return async tx => {
    if (payload.later !== undefined) return
    const note = await findNote(tx, payload.content_id)
    const written = note === undefined ? undefined : await writeNoteOnly(tx, payload)
    if (written) return goOn(tx, payload, written, context)
    await failContent(payload, reason, context)(tx)
  }
}

async function askLater(tx: Sql, payload: FetchJob, { queue }: Context): Promise<void> {
  const later = payload.later === undefined ? 0 : payload.later + 1
  const minutes = LATER_MINUTES[later]
  if (minutes === undefined) return
  await queue.enqueue(tx, fetchContent, { ...payload, later }, { delaySeconds: minutes * 60 })
}

/** Seconds since the run was started: its name, a UUIDv7, begins with the milliseconds of that time (RFC 9562, 5.7). */
const ageOf = ({ attempt }: FetchJob) =>
  (Date.now() - Number.parseInt(attempt.replaceAll('-', '').slice(0, 12), 16)) / 1000

async function goOn(tx: Sql, payload: FetchJob, written: Written, context: Context): Promise<void> {
  if (!written) return
  const { content_id, attempt, request_id, user_id } = payload
  const isOther = written === 'other'
  await together(
    emit(tx, context, contentProgressed, {
      content_id,
      attempt,
      is_other: isOther,
      stage: 'understanding',
      progress: 40,
    }),
    context.queue.enqueue(tx, understandContent, {
      content_id,
      attempt,
      request_id,
      user_id,
      is_other: isOther,
    }),
  )
}

/** What the platforms say of each content, by its id. No platform waits for another. */
async function fetchAll(
  pending: PendingContent[],
  payloads: FetchJob[],
  context: Context,
): Promise<Map<string, Fetched>> {
  const results = new Map<string, Fetched>()
  const jobs = new Map(payloads.map(payload => [payload.content_id, payload]))
  const ask = async (platform: Platform) => {
    const mine = pending
      .filter(({ source_platform }) => source_platform === platform.name)
      .map(content => {
        const { user_id, is_whole } = jobs.get(content.content_id)!
        return { ...content, asker: user_id, ...(is_whole ? { validators: undefined } : {}) }
      })
    if (mine.length === 0) return
    const fetched = await platform.fetchMetadata(mine, contextFor(platform, context))
    for (const { content_id, external_id } of mine) results.set(content_id, fetched.get(external_id)!)
  }
  await Promise.all(PLATFORMS.map(ask))
  return results
}

/** The pages of `web` are of strangers to each other: one that is down says nothing about the rest. */
function contextFor(
  { name }: Platform,
  { config, fetcher, reader, breakers, log }: Context,
): PlatformContext {
  const fetch = name === 'web' ? fetcher.page : guardFetch(fetcher.page, breakers, name)
  return { config, log, reader, fetch }
}
