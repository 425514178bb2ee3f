// Limits that hold over several processes: counted in Postgres, in fixed windows. What a process remembers
// itself only spares questions: that a window is full, and a few reads that it has reserved in advance.
import type { Context } from '../context.ts'
import { Problem } from '../errors.ts'
import type { Limit, LimitName } from './limits/limits.ts'
import { countHits, dropOldWindows } from './limits/store.ts'

/** The part of Elysia's `set` that is written here. */
export interface Answer {
  headers: Record<string, string | number>
}

/** What this process knows of one key's window. */
interface Known {
  /** Reserved here and not used yet. */
  left: number
  /** Not reserved by any process, as far as is known. */
  unreserved: number
  resets_at: number
  /** When it ends, on the clock of `performance.now()`. */
  ends: number
  /** One question at a time, or many requests at once would reserve more than they use. */
  asking: Promise<void> | undefined
}

/** How many hits a process reserves at once. Writes and logins, which are not named, are counted one by one. */
const RESERVED: Partial<Record<LimitName, number>> = { items_read: 10, clusters_read: 10 }
const SWEEP_EVERY = 1000
const SWEPT_AT_ONCE = 2000
const REMEMBERED_MOST = 20_000

export interface RateLimiter {
  /**
   * Counts one request of `who` and sets the answer's headers.
   * @throws {Problem} 429 when the window is full.
   */
  count(name: LimitName, who: string, set: Answer): Promise<void>
}

const made = new WeakMap<Context, RateLimiter>()

/** The limiter of this process. */
export function rateLimiter(context: Context): RateLimiter {
  const limiter = made.get(context) ?? createRateLimiter(context)
  made.set(context, limiter)
  return limiter
}

function createRateLimiter({ config, database, log }: Context): RateLimiter {
  if (!config.RATE_LIMIT_ENABLED) return { count: async () => {} }
  const known = new Map<string, Known>()
  const longest = Math.max(...Object.values(config.RATE_LIMITS).map(({ seconds }) => seconds))
  let questions = 0

  async function ask(state: Known, key: string, { quota, seconds }: Limit, hits: number): Promise<void> {
    if (++questions % SWEEP_EVERY === 0) {
      dropOldWindows(database.sql, longest, SWEPT_AT_ONCE).catch(error =>
        log.warn('Old rate limit windows were not dropped', { error }),
      )
    }
    const window = await countHits(database.sql, key, seconds, hits)
    const granted = Math.max(0, Math.min(hits, quota - (window.hits - hits)))
    state.left = granted + (window.resets_at === state.resets_at ? state.left : 0)
    state.unreserved = Math.max(0, quota - window.hits)
    state.resets_at = window.resets_at
    state.ends = performance.now() + window.resets_in
  }

  /** Takes one hit; false when the window is full. */
  async function take(state: Known, key: string, limit: Limit, hits: number): Promise<boolean> {
    for (;;) {
      const isCurrent = performance.now() < state.ends
      if (isCurrent && state.left > 0) {
        state.left--
        return true
      }
      if (isCurrent && state.unreserved === 0) return false
      state.asking ??= ask(state, key, limit, hits).finally(() => {
        state.asking = undefined
      })
      await state.asking
    }
  }

  return {
    count: async (name, who, set) => {
      const limit = config.RATE_LIMITS[name]
      const key = `${name}:${who}`
      if (known.size >= REMEMBERED_MOST) known.clear()
      const state = known.get(key) ?? { left: 0, unreserved: 0, resets_at: 0, ends: 0, asking: undefined }
      known.set(key, state)
      const hits = Math.max(1, Math.min(RESERVED[name] ?? 1, Math.floor(limit.quota / 10)))
      const isTaken = await take(state, key, limit, hits)
      const wait = Math.max(1, Math.ceil((state.ends - performance.now()) / 1000))
      Object.assign(set.headers, headersOf(name, limit, state, wait))
      if (isTaken) return
      throw new Problem(429, 'RATE_LIMIT_EXCEEDED', `Rate limit exceeded. Try again in ${wait} seconds.`, {
        retry_after: wait,
      })
    },
  }
}

/** The seed's own headers, and those of draft-ietf-httpapi-ratelimit-headers. */
function headersOf(
  name: LimitName,
  { quota, seconds }: Limit,
  { left, unreserved, resets_at }: Known,
  wait: number,
) {
  const remaining = left + unreserved
  return {
    'x-ratelimit-limit': String(quota),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(resets_at),
    'ratelimit-policy': `"${name}";q=${quota};w=${seconds}`,
    ratelimit: `"${name}";r=${remaining};t=${wait}`,
  }
}
