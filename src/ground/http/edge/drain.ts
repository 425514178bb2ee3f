// A stop that nobody notices: whoever spreads requests over processes learns from /ready that this one goes, while it
// still answers; each answer says that its connection ends; only then nobody is let in any more.
import { setTimeout as delay } from 'node:timers/promises'
import { PROBES, pathOf } from '../request.ts'

/** Longer than most balancers take between two looks at /ready. */
const LEAST_MS = 2000
/** Without a request for this long, nobody sends any more. */
const QUIET_MS = 1000
const LOOK_MS = 50

type Handler = (request: Request) => Response | Promise<Response>

export interface Drain {
  /** Answers as `handler` does; from `begin` on with `Connection: close`. */
  around(handler: Handler): Handler
  /**
   * Tells clients from now on to go elsewhere. Resolves when it is time to let nobody in: two seconds later, or when
   * nobody has asked for a second, but after `mostMs` in any case.
   */
  begin(mostMs: number): Promise<void>
}

export function createDrain(): Drain {
  let isDraining = false
  let lastRequest = Number.NEGATIVE_INFINITY
  return {
    around: handler => async request => {
      if (isDraining && !PROBES.has(pathOf(request))) lastRequest = performance.now()
      const answer = await handler(request)
      if (!isDraining) return answer
      const last = new Response(answer.body, answer)
      last.headers.set('connection', 'close')
      return last
    },
    begin: async mostMs => {
      isDraining = true
      const begun = performance.now()
      const isOver = (now: number) =>
        now - begun >= mostMs || (now - begun >= LEAST_MS && now - lastRequest >= QUIET_MS)
      while (!isOver(performance.now())) await delay(LOOK_MS)
    },
  }
}
