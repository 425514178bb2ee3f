// Rate limits that hold over several processes: counted in Postgres, in fixed windows. Each process caches two things to
// save queries: that a window is full, and a few requests that it has reserved in advance.
import type { Ground } from '../../ground.ts'
import { perContext } from '../../per-context.ts'
import { rateLimitExceeded } from '../problems.ts'
import type { Answering } from '../route.ts'
import { limitNow } from './default-limit.ts'
import { type Limit, type LimitName, reservedOf } from './limits.ts'
import { countHits, countWhole, dropOldWindows, uncountHit } from './store.ts'

/** What this process knows of one key's window. */
interface Known extends Limit {
  /** Reserved here and not used yet. */
  left: number
  /** Not reserved by any process, as far as is known. */
  unreserved: number
  resets_at: number
  /** When it ends, on the clock of `performance.now()`. */
  ends: number
  /** When the database was asked last, on the same clock. */
  asked: number
  /** One question at a time, or many requests at once would reserve more than they use. */
  asking: Promise<unknown> | undefined
}

/** A full window is asked about again, since another process may have given back what it counted. */
const FULL_MS = 5000
const SWEEP_EVERY = 1000
const SWEPT_AT_ONCE = 2000
const REMEMBERED_MOST = 20_000

/** Takes back what was counted, as if nobody had asked; with `set` the answer's headers say so. */
export type GiveBack = (set?: Answering) => Promise<void>

export interface RateLimiter {
  /**
   * Counts one request of `who`, or all `hits` at once, and sets the answer's headers.
   * @throws {Problem} 429 when they do not fit into the window; then nothing is counted.
   */
  count(name: LimitName, who: string, set: Answering, hits?: number): Promise<GiveBack>
  /** Counts one request, refusing nothing. @returns undefined when it does not fit. */
  tryCount(name: LimitName, who: string): Promise<GiveBack | undefined>
}

/** The limiter of this process. */
export const rateLimiter = perContext((ground: Ground): RateLimiter => {
  const { config, database, log } = ground
  const nothing = async () => {}
  if (!config.RATE_LIMIT_ENABLED) return { count: async () => nothing, tryCount: async () => nothing }
  const { sql } = database
  const known = new Map<string, Known>()
  const longest = Math.max(...Object.values(config.RATE_LIMITS).map(({ seconds }) => seconds))
  let questions = 0

  function find(key: string, { quota, seconds }: Limit): Known {
    const found = known.get(key)
    // What is known of a window says nothing once the limit is another.
    if (found?.quota === quota && found.seconds === seconds) return found
    if (known.size >= REMEMBERED_MOST) known.clear()
    const state = {
      ...{ quota, seconds, left: 0, unreserved: 0, resets_at: 0, ends: 0, asked: 0 },
      asking: undefined,
    }
    known.set(key, state)
    return state
  }

  /** Reserves up to `hits`, or takes them all or none. */
  async function ask(
    state: Known,
    key: string,
    limit: Limit,
    hits: number,
    isWhole: boolean,
  ): Promise<boolean> {
    if (++questions % SWEEP_EVERY === 0) {
      const kept = Math.max(longest, limitNow(ground, 'default').seconds)
      dropOldWindows(sql, kept, SWEPT_AT_ONCE).catch(error =>
        log.warn('Old rate limit windows were not dropped', { error }),
      )
    }
    const { quota, seconds } = limit
    const window = isWhole
      ? await countWhole(sql, key, limit, hits)
      : { ...(await countHits(sql, key, seconds, hits)), fits: true }
    const granted = isWhole ? 0 : Math.max(0, Math.min(hits, quota - (window.hits - hits)))
    state.left = granted + (window.resets_at === state.resets_at ? state.left : 0)
    state.unreserved = Math.max(0, quota - window.hits)
    state.resets_at = window.resets_at
    state.asked = performance.now()
    state.ends = state.asked + window.resets_in
    return window.fits
  }

  /** Takes one hit of those that are reserved; false when the window is full. */
  async function takeReserved(state: Known, key: string, limit: Limit, reserved: number): Promise<boolean> {
    for (;;) {
      const isCurrent = performance.now() < state.ends
      if (isCurrent && state.left > 0) {
        state.left--
        return true
      }
      if (isCurrent && state.unreserved === 0) return false
      await (state.asking ?? holding(state, ask(state, key, limit, reserved, false)))
    }
  }

  /** Takes all hits, or none. */
  async function takeWhole(state: Known, key: string, limit: Limit, hits: number): Promise<boolean> {
    if (hits > limit.quota) return false
    for (;;) {
      const now = performance.now()
      if (now < state.ends && state.unreserved < hits && now < state.asked + FULL_MS) return false
      if (!state.asking) return holding(state, ask(state, key, limit, hits, true))
      await state.asking
    }
  }

  /** @returns the hits' window, and what takes them back if they fitted. */
  async function take(name: LimitName, who: string, hits: number) {
    const limit = limitNow(ground, name)
    const key = `${name}:${who}`
    const state = find(key, limit)
    const reserved = Math.min(reservedOf(name), Math.floor(limit.quota / 10))
    const isTaken =
      hits === 1 && reserved > 1
        ? await takeReserved(state, key, limit, reserved)
        : await takeWhole(state, key, limit, hits)
    const { resets_at } = state
    const giveBack: GiveBack = async set => {
      await uncountHit(sql, key, limit.seconds, resets_at)
      if (state.resets_at === resets_at) state.unreserved++
      if (set) Object.assign(set.headers, headersOf(name, limit, state))
    }
    return { limit, state, giveBack: isTaken ? giveBack : undefined }
  }

  return {
    tryCount: async (name, who) => (await take(name, who, 1)).giveBack,
    count: async (name, who, set, hits = 1) => {
      const { limit, state, giveBack } = await take(name, who, hits)
      Object.assign(set.headers, headersOf(name, limit, state))
      if (giveBack) return giveBack
      throw hits > limit.quota ? neverFits(limit) : exceeded(secondsLeft(state))
    },
  }
})

/** Whole seconds until the window ends. */
const secondsLeft = ({ ends }: Known) => Math.max(1, Math.ceil((ends - performance.now()) / 1000))

const exceeded = (wait: number) =>
  rateLimitExceeded({
    detail: `Rate limit exceeded. Try again in ${wait} seconds.`,
    retry_after: wait,
  })

const neverFits = ({ quota, seconds }: Limit) =>
  rateLimitExceeded({ detail: `Rate limit exceeded. Send no more than ${quota} in ${seconds} seconds.` })

/** Keeps a question as the one that others wait for, until it is answered. */
function holding<T>(state: Known, question: Promise<T>): Promise<T> {
  const asking = question.finally(() => {
    state.asking = undefined
  })
  state.asking = asking
  return asking
}

/** The seed's own headers, and those of draft-ietf-httpapi-ratelimit-headers. */
function headersOf(name: LimitName, { quota, seconds }: Limit, state: Known) {
  const remaining = state.left + state.unreserved
  return {
    'x-ratelimit-limit': String(quota),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(state.resets_at),
    'ratelimit-policy': `"${name}";q=${quota};w=${seconds}`,
    ratelimit: `"${name}";r=${remaining};t=${secondsLeft(state)}`,
  }
}
