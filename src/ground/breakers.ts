// Circuit breakers: after repeated failures a service is not called for a while, whoever asks for it.
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'
import type { Log } from './log/log.ts'

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
   * Asks `what`, unless its breaker is open. Every rejection for which `counts` holds is a failure; the fifth in a
   * row opens the breaker for half a minute, then one call may try. When that fails as well, what it threw carries
   * `retry_after`: it was asked to find out, and is not to blame.
   * @throws {BreakerOpen} or what `ask` threw
   */
  call<T>(what: string, ask: () => Promise<T>, counts?: (error: Error) => boolean): Promise<T>
  /** Each breaker that was used, by name. */
  states(): Record<string, BreakerState>
}

const FAILURES = 5
const OPEN_SECONDS = 30

export interface BreakerOptions {
  /** So many failures in a row open a breaker. */
  failures?: number
  /** For how many seconds it stays open. */
  openSeconds?: number
}

export function createBreakers(
  log: Log,
  { failures = FAILURES, openSeconds = OPEN_SECONDS }: BreakerOptions = {},
): Breakers {
  const made = new Map<string, ReturnType<typeof make>>()

  function make(what: string) {
    const breaker = circuitBreaker(
      handleWhen(error => !(error instanceof Uncounted)),
      { halfOpenAfter: openSeconds * 1000, breaker: new ConsecutiveBreaker(failures) },
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
            throw isTrial ? Object.assign(error, { retry_after: openSeconds }) : error
          })
        })
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw new BreakerOpen(what, openSeconds)
        throw error instanceof Uncounted ? error.reason : error
      }
    },
    states: () => Object.fromEntries([...made].map(([what, { state }]) => [what, nameOf(state)])),
  }
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
