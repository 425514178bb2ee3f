// Circuit breakers: after repeated failures a service is not called for a while, whoever asks for it.
import {
  BrokenCircuitError,
  CircuitState,
  circuitBreaker,
  handleWhen,
  type IBackoff,
  type IBreaker,
} from 'cockatiel'
import type { Log } from './log/log.ts'
import { defineSetting, settingNumber } from './settings/settings.ts'

export type BreakerState = 'closed' | 'open' | 'half_open'

/** Thrown in place of an answer while a breaker is open: nobody was asked. */
export class BreakerOpen extends Error {
  override readonly name = 'BreakerOpen'
  /** Seconds after which it makes sense to ask again. */
  readonly retry_after: number
  constructor(what: string, seconds: number) {
    super(`${what} has failed repeatedly and is left alone for a while`)
    this.retry_after = seconds
  }
}

export interface Breakers {
  /**
   * Asks `what`, unless its breaker is open. Every rejection for which `counts` holds is a failure; as
   * many in a row as an admin has set, by default five, open the breaker for as long as is set, by default half a minute;
   * then one call may try. When that fails as well, what it threw carries
   * `retry_after`: it was asked to find out, and is not to blame.
   * @throws {BreakerOpen} or what `ask` threw
   */
  call<T>(what: string, ask: () => Promise<T>, counts?: (error: Error) => boolean): Promise<T>
  /** Each breaker that was used, by name. */
  states(): Record<string, BreakerState>
}

export interface BreakerOptions {
  /** So many failures in a row open a breaker. */
  failures: number
  /** For how many seconds it stays open. */
  openSeconds: number
}

const DEFAULTS: BreakerOptions = { failures: 5, openSeconds: 30 }

export const breakerThreshold = defineSetting('circuit_breaker_failure_threshold', settingNumber(1, 100))
/** In seconds. */
export const breakerTimeout = defineSetting('circuit_breaker_timeout', settingNumber(1, 3600))

/** What holds for breakers where these settings are in force. */
export const breakerOptions = (values: Record<string, unknown>): BreakerOptions => ({
  failures: breakerThreshold.of(values) ?? DEFAULTS.failures,
  openSeconds: breakerTimeout.of(values) ?? DEFAULTS.openSeconds,
})

/** @param now what holds, asked whenever it matters: it may change while breakers are open */
export function createBreakers(log: Log, now: () => BreakerOptions = () => DEFAULTS): Breakers {
  const made = new Map<string, ReturnType<typeof make>>()
  const pause: IBackoff<unknown> = {
    get duration() {
      return now().openSeconds * 1000
    },
    next: () => pause,
  }

  function make(what: string) {
    const breaker = circuitBreaker(
      handleWhen(error => !(error instanceof Uncounted)),
      { halfOpenAfter: pause, breaker: failuresInARow(now) },
    )
    breaker.onBreak(() => log.warn('A breaker opened', { breaker: what }))
    breaker.onReset(() => log.info('A breaker closed', { breaker: what }))
    return breaker
  }

  return {
    async call(what, ask, counts = () => true) {
      const breaker = made.get(what) ?? make(what)
      made.set(what, breaker)
      try {
        return await breaker.execute(() => {
          const isTrial = breaker.state !== CircuitState.Closed
          return ask().catch(error => {
            if (!counts(error)) throw new Uncounted(error)
            throw isTrial ? Object.assign(error, { retry_after: now().openSeconds }) : error
          })
        })
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw new BreakerOpen(what, now().openSeconds)
        throw error instanceof Uncounted ? error.reason : error
      }
    },
    states: () => Object.fromEntries([...made].map(([what, { state }]) => [what, nameOf(state)])),
  }
}

/** Opens a breaker after as many failures as are enough by then. */
function failuresInARow(now: () => BreakerOptions): IBreaker {
  const breaker = {
    state: 0,
    success: () => {
      breaker.state = 0
    },
    failure: () => ++breaker.state >= now().failures,
  }
  return breaker
}

/** Carries an error past the breaker that says nothing about the other side's health. */
class Uncounted {
  readonly reason: Error
  constructor(reason: Error) {
    this.reason = reason
  }
}

function nameOf(state: CircuitState): BreakerState {
  if (state === CircuitState.Closed) return 'closed'
  return state === CircuitState.HalfOpen ? 'half_open' : 'open'
}
