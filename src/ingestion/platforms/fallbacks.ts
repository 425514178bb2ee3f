// Which better sources were passed over in a batch, and why: one line of the log for each, not one for each item.
import { FetchError, type FetchedPage } from '../../ground/fetch/fetch.ts'
import type { Log } from '../../ground/log/log.ts'
import type { MetadataSource } from '../../library/contents/metadata.ts'

interface Fall {
  from: MetadataSource
  to: MetadataSource
  reason: string
  items: number
}

export class Fallbacks {
  readonly #falls = new Map<string, Fall>()

  /** Notes that `from` failed for `items` items, which `to` was asked for instead. The first reason is kept. */
  add(from: MetadataSource, to: MetadataSource, reason: string, items = 1): void {
    const key = `${from} ${to}`
    const fall = this.#falls.get(key)
    if (fall) fall.items += items
    else this.#falls.set(key, { from, to, reason, items })
  }

  /** Writes a warning for each pair of sources. No address and no key: a reason is a status or a kind of failure. */
  report(log: Log): void {
    for (const fall of this.#falls.values()) {
      log.warn('A poorer source of metadata was used', { ...fall })
    }
  }
}

/** What was wrong with an answer, in a word or two. */
export function reasonOf(answer: FetchedPage | Error): string {
  if (answer instanceof FetchError) return answer.reason
  if (answer instanceof Error) return answer.name
  return answer.status === 200 ? 'an answer that could not be read' : `status ${answer.status}`
}
