// Where a commit spans machines, a job can be seen before the data that was written with it. It waits: a moment in its
// run, then in the queue, and no try is used up. After a minute the data will not come: a save that was removed, say.
import { setTimeout as delay } from 'node:timers/promises'
import type { Bound, Effect } from '../job.ts'
import type { Claim } from './try.ts'

const LOOK_AGAIN_MS = [20, 50, 100, 200]
const LATER_SECONDS = 4
const WAITED_MS = 60_000

/** What a handler gives for a payload whose data is not there, or older than the payload. */
export class Unseen extends Error {
  readonly retry_after = LATER_SECONDS

  constructor() {
    super('What the job was sent with cannot be seen yet')
  }
}

/** Runs payloads, and those again a few times whose data cannot be seen. Costs nothing where all can. */
export async function runSeen(
  { run }: Bound,
  payloads: object[],
  tries: number[],
): Promise<(Effect | Error)[]> {
  const outcomes = await run(payloads, tries)
  for (const ms of LOOK_AGAIN_MS) {
    const unseen = [...outcomes.keys()].filter(i => outcomes[i] instanceof Unseen)
    if (unseen.length === 0) break
    await delay(ms)
    const again = await run(
      unseen.map(i => payloads[i]!),
      unseen.map(i => tries[i]!),
    ).catch((error: Error) => unseen.map(() => error))
    for (const [at, i] of unseen.entries()) outcomes[i] = again[at]!
  }
  return outcomes
}

/** Since when a job has waited for its data, in milliseconds since 1970; it stands beside the payload. */
const sinceOf = ({ data }: Claim) => (data as { unseen_since?: number }).unseen_since ?? Date.now()

/** What a job that waits is sent with again. */
export const waiting = (claim: Claim, payload: object) => ({ ...payload, unseen_since: sinceOf(claim) })

export const hasWaited = (claim: Claim): boolean => Date.now() - sinceOf(claim) >= WAITED_MS
