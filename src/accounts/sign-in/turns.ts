import { type Problem, problem } from '../../ground/http/problem.ts'

export const tooBusy = problem(503, 'TOO_BUSY', 'Too many sign-ins at once. Try again shortly.', {
  retry_after: 2,
})

interface Waiting {
  begin(): void
  refuse(problem: Problem): void
}

/**
 * Lets at most `atOnce` run at a time and `waiting` wait for their turn, so that a burst of sign-ins gets 503
 * instead of slowing everything down. Each network has a line of its own, and their turns go round: when there is no
 * place left, the last of the longest line makes room for who stands in a shorter one.
 * @throws {Problem} 503 with `Retry-After` for whom there is no place.
 */
export function takeTurns(
  atOnce: number,
  waiting: number,
): <T>(network: string, work: () => Promise<T>) => Promise<T> {
  /** In the order of their next turns. */
  const lines = new Map<string, Waiting[]>()
  let running = 0
  let placesTaken = 0

  function makeRoom(own: Waiting[]): void {
    const longest = [...lines.values()].reduce((a, b) => (b.length > a.length ? b : a), own)
    if (longest.length <= own.length + 1) throw tooBusy()
    longest.pop()?.refuse(tooBusy())
    placesTaken--
  }

  async function enter(network: string): Promise<void> {
    if (running < atOnce) {
      running++
      return
    }
    const line = lines.get(network) ?? []
    if (placesTaken >= waiting) makeRoom(line)
    placesTaken++
    lines.set(network, line)
    await new Promise<void>((begin, refuse) => line.push({ begin, refuse }))
  }

  /** The first of the next line takes over this turn; his network goes to the end. */
  function leave(): void {
    const [next] = lines
    if (!next) {
      running--
      return
    }
    const [network, line] = next
    lines.delete(network)
    const first = line.shift()
    if (line.length > 0) lines.set(network, line)
    placesTaken--
    first?.begin()
  }

  return async (network, work) => {
    await enter(network)
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
