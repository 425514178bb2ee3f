import { BreakerOpen } from '../../ground/breakers.ts'
import { FetchError } from '../../ground/fetch/fetch.ts'
import { UnreadablePage } from './pages/page-reader.ts'
import type { Fetched, FetchProblem, ItemId } from './platform.ts'

const AT_ONCE = 4

/**
 * Fetches items one by one, a few at a time, for sources that have no batch call.
 * An item whose fetch fails becomes a problem that may pass; it never fails the others.
 */
export async function fetchEach(
  ids: ItemId[],
  fetchOne: (id: ItemId) => Promise<Fetched>,
  atOnce = AT_ONCE,
): Promise<Map<string, Fetched>> {
  const results = new Map<string, Fetched>()
  const waiting = ids.values()
  const work = async () => {
    for (const id of waiting) {
      results.set(id.external_id, await fetchOne(id).catch(problemOf))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return results
}

/** A sentence for an error. Only our own errors speak, since others may quote an address with a key in it. */
export function problemOf(error: unknown): FetchProblem {
  if (error instanceof FetchError || error instanceof BreakerOpen) {
    return { problem: error.message, permanent: false, error }
  }
  if (error instanceof UnreadablePage) return { problem: error.message, permanent: error.permanent }
  const name = error instanceof Error ? error.name : typeof error
  return { problem: `The answer could not be read (${name}).`, permanent: false }
}

/** What came of asking a source that may stay silent: errors of ours are told as such, others are thrown. */
export function unanswered(error: unknown): FetchError | BreakerOpen {
  if (error instanceof FetchError || error instanceof BreakerOpen) return error
  throw error
}

/** The same of reading what it said. */
export function unread(error: unknown): UnreadablePage {
  if (error instanceof UnreadablePage) return error
  throw error
}
