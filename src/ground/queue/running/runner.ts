// Runs claimed jobs: their work, then for each one a transaction of its effect with its completion.
import * as v from 'valibot'
import type { Sql } from '../../database/connection.ts'
import { actingAs } from '../../database/row-security.ts'
import { together } from '../../database/together.ts'
import type { Log } from '../../log/log.ts'
import type { AnyJob, Bound, Effect } from '../job.ts'
import type { Onward } from '../onward.ts'
import { completeHeld } from '../store.ts'
import { type Claim, factsOf, inBatch, inTry, startTry, type Try } from './try.ts'
import { hasWaited, runSeen, Unseen, waiting } from './unseen.ts'

/** Thrown inside an effect's transaction when another worker has the job by now. */
class ClaimLost extends Error {}

/** A try that failed. */
export interface Failure {
  claim: Claim
  reason: string
  /** Whether no other try may help. */
  isFinal: boolean
}

export interface RunnerDeps {
  log: Log
  /** A transaction that adds to `sent` what it sends on. */
  begin<T>(sent: Onward, work: (tx: Sql) => Promise<T>): Promise<T>
  /** Lets that begin. */
  letGo(sent: Onward): Promise<void>
  /** The same job again, in so many seconds. */
  putOff(tx: Sql, job: AnyJob, payload: object, seconds: number): Promise<void>
}

export class Runner {
  readonly #deps: RunnerDeps

  constructor(deps: RunnerDeps) {
    this.#deps = deps
  }

  /** @returns what failed; the rest is completed, or another worker's by now */
  async run(handler: Bound, claimed: Claim[]): Promise<Failure[]> {
    const { job, metrics } = handler
    const failures: Failure[] = []
    const readable: Try[] = []
    for (const claim of claimed) {
      const parsed = v.safeParse(job.schema, claim.data)
      const one = startTry(job.name, claim, parsed.output as object)
      if (parsed.success) readable.push(one)
      else failures.push(this.#refuse(handler, one))
    }
    const payloads = readable.map(({ payload }) => payload)
    const tries = readable.map(({ claim }) => claim.retryCount + 1)
    const stopTimer = metrics.jobSeconds.startTimer({ queue: job.name })
    const outcomes = await inBatch(job.name, readable, () => runSeen(handler, payloads, tries)).catch(
      (error: Error) => payloads.map(() => error),
    )
    const sent: Onward = { isAlone: readable.length === 1, held: [], taken: [] }
    for (const [i, one] of readable.entries()) {
      const settle = () => this.#settle(handler, one, outcomes[i]!, sent)
      const failed = await inTry(one, settle).finally(() => one.span.end())
      if (failed) failures.push(failed)
    }
    await this.#deps.letGo(sent)
    stopTimer()
    return failures
  }

  /** Gives up a job that is not to be run again, although it may have tries left. */
  async abandon(handler: Bound, claim: Claim, reason: string): Promise<Failure> {
    const { job, metrics } = handler
    const parsed = v.safeParse(job.schema, claim.data)
    const one = startTry(job.name, claim, parsed.output as object)
    if (!parsed.success) return this.#refuse(handler, one)
    metrics.jobs.inc({ queue: job.name, outcome: 'dead' })
    const sent: Onward = { isAlone: true, held: [], taken: [] }
    const failed = await inTry(one, () => this.#fail(handler, one, new Error(reason), true, sent)).finally(
      () => one.span.end(),
    )
    await this.#deps.letGo(sent)
    return failed
  }

  /** Nobody can read it, so it goes to the dead-letter queue at once. */
  #refuse({ job, metrics }: Bound, one: Try): Failure {
    const reason = 'The payload does not fit its schema'
    metrics.jobs.inc({ queue: job.name, outcome: 'dead' })
    this.#deps.log.error('Job failed for good', { ...factsOf(job.name, one), reason })
    one.span.fail({ code: 'unreadable_payload' })
    one.span.end()
    return { claim: one.claim, reason, isFinal: true }
  }

  async #settle(handler: Bound, one: Try, given: Effect | Error, sent: Onward): Promise<Failure | undefined> {
    const { log, begin } = this.#deps
    const { job, metrics } = handler
    const { claim } = one
    const isDropped = given instanceof Unseen && hasWaited(claim)
    if (isDropped) log.info('Job dropped: what it was sent with did not come', factsOf(job.name, one))
    const outcome = isDropped ? async () => {} : given
    const payload = outcome instanceof Unseen ? waiting(claim, one.payload) : one.payload
    const count = (outcome: string) => metrics.jobs.inc({ queue: job.name, outcome })
    try {
      const seconds = secondsToWait(outcome)
      if (outcome instanceof Error && seconds === undefined) throw outcome
      const end = async (tx: Sql) => {
        const effect = outcome instanceof Error ? this.#putOff(tx, job, payload, seconds!) : outcome(tx)
        const [, isDone] = await together(effect, completeHeld(tx, job.name, claim))
        if (!isDone) throw new ClaimLost()
      }
      await begin(sent, asItsUser(job, payload, end))
      count(outcome instanceof Error ? 'put_off' : 'done')
      log.info(outcome instanceof Error ? 'Job put off' : 'Job done', factsOf(job.name, one))
    } catch (error) {
      if (!(error instanceof ClaimLost)) {
        const isLast = claim.retryCount >= claim.retryLimit || isFinal(error)
        count(isLast ? 'dead' : 'retried')
        return this.#fail(handler, one, error as Error, isLast, sent)
      }
      count('lost')
      log.warn('Job dropped: another worker has it by now', factsOf(job.name, one))
    }
    return undefined
  }

  /** Nobody was asked, so no try is used up: the same job again, when it makes sense. However long that takes. */
  async #putOff(tx: Sql, job: AnyJob, payload: object, seconds: number): Promise<void> {
    // Spread, so that what waited for one breaker does not come back as one.
    await this.#deps.putOff(tx, job, payload, Math.ceil(seconds * (1 + Math.random())))
  }

  async #fail(
    { job, giveUp }: Bound,
    one: Try,
    error: Error,
    isLast: boolean,
    sent: Onward,
  ): Promise<Failure> {
    const { log, begin } = this.#deps
    const { claim, payload, span } = one
    const facts = { ...factsOf(job.name, one), reason: error.message }
    span.fail(error)
    if (isLast) log.error('Job failed for good', facts)
    else log.warn('Job failed and will be tried again', facts)
    if (isLast && giveUp) await begin(sent, asItsUser(job, payload, giveUp(payload, error)))
    return { claim, reason: error.message, isFinal: isLast }
  }
}

/** An error may know that another try would end alike. */
const isFinal = (error: unknown): boolean => (error as { is_final?: boolean }).is_final === true

const asItsUser = (job: AnyJob, payload: object, work: Effect): Effect => {
  const userId = job.actsAs?.(payload)
  return userId === undefined ? work : tx => actingAs(tx, userId, () => work(tx))
}

/** An error that names a time says that nobody was asked: a breaker is open, or a host wants to be left alone. */
const secondsToWait = (outcome: Effect | Error): number | undefined =>
  outcome instanceof Error ? (outcome as { retry_after?: number }).retry_after : undefined
