import { FetchError } from './fetch-error.ts'
import type { FetchLimits } from './limits.ts'
import { readRetryAfter } from './retry-after.ts'

/** How many hosts that want to be left alone are remembered; the oldest is forgotten first. */
const MAX_RESTING_HOSTS = 10_000

/** What a caller is told to wait when the queue for a host is full. */
const QUEUE_SECONDS = 15

const TRY_LATER = new Set([429, 503])

/** Keeps this process from being a burden to any one host, and any one asker from keeping the others from it. */
export interface Politeness {
  /**
   * Waits for a turn at `url`'s host, and gives the function that ends it.
   * @param asker for whom; of one asker there are fewer turns at once than a host has
   * @throws {FetchError} `busy` with `retry_after`: the host wants to be left alone, too many wait, or `signal` aborted.
   */
  enter(url: URL, signal: AbortSignal, asker?: string): Promise<() => void>
  /** Remembers the `Retry-After` of an answer that asks for patience (RFC 9110, 10.2.3). */
  heed(url: URL, status: number, headers: Headers): void
}

interface Waiting {
  asker: string
  begin(): void
}

interface Turns {
  /** Who has a turn, once for each. */
  active: string[]
  waiting: Set<Waiting>
}

export function createPoliteness(
  limits: Pick<
    FetchLimits,
    'host_requests' | 'host_requests_each' | 'host_waiting' | 'max_retry_after_seconds'
  >,
  now = Date.now,
): Politeness {
  const hosts = new Map<string, Turns>()
  const resting = new Map<string, number>()

  function refuseWhileResting(url: URL) {
    const seconds = Math.ceil(((resting.get(url.host) ?? 0) - now()) / 1000)
    if (seconds > 0) throw busy(url, seconds)
    resting.delete(url.host)
  }

  const mayBegin = ({ active }: Turns, asker: string) =>
    active.length < limits.host_requests &&
    active.filter(each => each === asker).length < limits.host_requests_each

  function leave(host: string, turns: Turns, asker: string) {
    turns.active.splice(turns.active.indexOf(asker), 1)
    const next = [...turns.waiting].find(waiting => mayBegin(turns, waiting.asker))
    if (next) {
      turns.waiting.delete(next)
      turns.active.push(next.asker)
      next.begin()
    } else if (turns.active.length === 0) hosts.delete(host)
  }

  return {
    async enter(url, signal, asker = '') {
      const { host } = url
      refuseWhileResting(url)
      const turns = hosts.get(host) ?? { active: [], waiting: new Set() }
      hosts.set(host, turns)
      if (mayBegin(turns, asker)) turns.active.push(asker)
      else if (turns.waiting.size >= limits.host_waiting) throw busy(url, QUEUE_SECONDS)
      else await takeTurn(turns, asker, signal, url)
      let over = false
      const end = () => {
        if (!over) leave(host, turns, asker)
        over = true
      }
      try {
        // An answer that came while this one waited may have asked for patience.
        refuseWhileResting(url)
      } catch (error) {
        end()
        throw error
      }
      return end
    },

    heed(url, status, headers) {
      const asked = headers.get('retry-after')
      if (!TRY_LATER.has(status) || asked === null) return
      const seconds = Math.min(readRetryAfter(asked, now()) ?? 0, limits.max_retry_after_seconds)
      if (!(seconds > 0)) return
      resting.delete(url.host)
      resting.set(url.host, now() + seconds * 1000)
      const [oldest] = resting.keys()
      if (resting.size > MAX_RESTING_HOSTS && oldest) resting.delete(oldest)
    },
  }
}

function takeTurn(turns: Turns, asker: string, signal: AbortSignal, url: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiting = {
      asker,
      begin() {
        signal.removeEventListener('abort', giveUp)
        resolve()
      },
    }
    const giveUp = () => {
      turns.waiting.delete(waiting)
      reject(busy(url, QUEUE_SECONDS))
    }
    signal.addEventListener('abort', giveUp, { once: true })
    turns.waiting.add(waiting)
  })
}

function busy(url: URL, seconds: number): FetchError {
  return new FetchError('busy', url, 'asked us to wait before trying again', seconds)
}
