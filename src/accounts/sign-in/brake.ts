import { setTimeout as delay } from 'node:timers/promises'
import { rateLimitExceeded } from '../../ground/http/problems.ts'

/**
 * Lets those who ask for one name pass one after the other, each `pauseMs` after the one before, while at most
 * `waiting` wait for it.
 * @throws {Problem} 429 with `Retry-After` when more do.
 */
export function createBrake(pauseMs: number, waiting: number): (name: string) => Promise<void> {
  /** When the last of each name passes, on the clock of `performance.now()`, and how many wait. */
  const lines = new Map<string, { last: number; length: number }>()

  return async name => {
    const now = performance.now()
    const line = lines.get(name) ?? { last: now, length: 0 }
    if (line.length >= waiting) {
      const retry_after = Math.ceil((line.last - now) / 1000)
      throw rateLimitExceeded({
        detail: `Too many sign-ins to one account. Try again in ${retry_after} seconds.`,
        retry_after,
      })
    }
    line.last += pauseMs
    line.length++
    lines.set(name, line)
    await delay(line.last - now)
    if (--line.length === 0) lines.delete(name)
  }
}
