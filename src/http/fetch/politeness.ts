import { FetchError } from './fetch-error.ts'
import type { FetchLimits } from './limits.ts'

/** How many hosts that want to be left alone are remembered; the oldest is forgotten first. */
const MAX_RESTING_HOSTS = 10_000

/** What a caller is told to wait when the queue for a host is full. */
const QUEUE_SECONDS = 15

const TRY_LATER = new Set([429, 503])

/** Keeps this process from being a burden to any one host. */
export interface Politeness {
  /**
   * Waits for a turn at `url`'s host, and gives the function that ends it.
   * @throws {FetchError} `busy` with `retry_after`: the host wants to be left alone, too many wait, or `signal` aborted.
   */
  enter(url: URL, signal: AbortSignal): Promise<() => void>
  /** Remembers the `Retry-After` of an answer that asks for patience (RFC 9110, 10.2.3). */
  heed(url: URL, status: number, headers: Headers): void
}

interface Turns {
  active: number
  waiting: Set<() => void>
}

export function createPoliteness(
  limits: Pick<FetchLimits, 'host_requests' | 'host_waiting' | 'max_retry_after_seconds'>,
  now = Date.now,
): Politeness {
  const hosts = new Map<string, Turns>()
  const resting = new Map<string, number>()

  function refuseWhileResting(url: URL) {
    const seconds = Math.ceil(((resting.get(url.host) ?? 0) - now()) / 1000)
    if (seconds > 0) throw busy(url, seconds)
    resting.delete(url.host)
  }

  function leave(host: string, turns: Turns) {
    const [next] = turns.waiting
    if (next) {
      turns.waiting.delete(next)
      next()
    } else if (--turns.active === 0) hosts.delete(host)
  }

  return {
    async enter(url, signal) {
      const { host } = url
      refuseWhileResting(url)
      const turns = hosts.get(host) ?? { active: 0, waiting: new Set() }
      hosts.set(host, turns)
      if (turns.active < limits.host_requests) turns.active++
      else if (turns.waiting.size >= limits.host_waiting) throw busy(url, QUEUE_SECONDS)
      else await takeTurn(turns, signal, url)
      let over = false
      const end = () => {
        if (!over) leave(host, turns)
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
      const seconds = Math.min(readRetryAfter(asked, now()), limits.max_retry_after_seconds)
      if (!(seconds > 0)) return
      resting.delete(url.host)
      resting.set(url.host, now() + seconds * 1000)
      const [oldest] = resting.keys()
      if (resting.size > MAX_RESTING_HOSTS && oldest) resting.delete(oldest)
    },
  }
}

/** Seconds, from a number of them or from a date; NaN when it is neither. */
function readRetryAfter(value: string, now: number): number {
  return /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000
}

function takeTurn(turns: Turns, signal: AbortSignal, url: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const begin = () => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    }
    const giveUp = () => {
      turns.waiting.delete(begin)
      reject(busy(url, QUEUE_SECONDS))
    }
    signal.addEventListener('abort', giveUp, { once: true })
    turns.waiting.add(begin)
  })
}

function busy(url: URL, seconds: number): FetchError {
  return new FetchError('busy', url, 'wants to be left alone for a while', seconds)
}
