import { Problem } from '../errors.ts'

/**
 * Lets at most `atOnce` run at a time and `waiting` wait for their turn, so that a storm is refused at the door
 * instead of slowing everything down.
 * @throws {Problem} 503 with `Retry-After` when the line is full.
 */
export function takeTurns(atOnce: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  const line: (() => void)[] = []
  let running = 0
  return async work => {
    if (running < atOnce) running++
    else if (line.length < waiting) await new Promise<void>(resolve => line.push(resolve))
    else
      throw new Problem(503, 'TOO_BUSY', 'Too many sign-ins at once. Try again shortly.', { retry_after: 2 })
    try {
      return await work()
    } finally {
      // The next in line takes over this turn.
      const next = line.shift()
      if (next) next()
      else running--
    }
  }
}
