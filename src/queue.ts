// Jobs: defined in jobs/, kept in the same Postgres (pg-boss), sent inside the transaction that writes their data.
// Delivery is at least once; effects are exactly once, since a job's writes and its completion are one transaction
// that counts only while this worker still holds the job.
import { type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss'
import { v7 as uuidv7 } from 'uuid'
import * as v from 'valibot'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import type { Database, Sql } from './database/connection.ts'
import { together } from './database/together.ts'
import type { Log } from './log.ts'
import { inTransaction } from './queue/in-transaction.ts'
import type { AnyJob, Effect, JobDefinition } from './queue/job.ts'
import { type HeldJob, handBack, releaseJobs } from './queue/store.ts'
import { throttle } from './queue/throttle.ts'
import { factsOf, inBatch, inTry, startTry, type Try, withCause } from './queue/try.ts'

export { type AnyJob, defineJob, type Effect, type JobDefinition } from './queue/job.ts'

export const DEAD_LETTER = 'dead-letter'

const LOOK_AGAIN_MS = 100
const HAND_BACK_MS = 1000
/** How long a held job waits for its batch, should the process die in between. */
const HELD_SECONDS = 5

/** Thrown inside an effect's transaction when another worker has the job by now. */
class ClaimLost extends Error {}

const QUEUE_OPTIONS = {
  notify: true,
  retryLimit: 8,
  retryDelay: 2,
  retryDelayMax: 600,
  retryBackoff: true,
  // A worker that is silent for this long has lost its jobs; the monitor below looks every five seconds.
  heartbeatSeconds: 20,
  expireInSeconds: 900,
  deadLetter: DEAD_LETTER,
}

export class Queue {
  readonly #boss: PgBoss
  readonly #log: Log
  readonly #sql: Database['sql']
  /** The worker sets of each queue in this process. */
  readonly #workers = new Map<string, string[]>()
  /** What this process has in hand. */
  readonly #running = new Set<JobWithMetadata<object>>()
  /** What the jobs of a batch have sent on, by the transaction that sends it. */
  readonly #held = new WeakMap<Sql, HeldJob[]>()

  constructor({ url, sql }: Database, config: Config, log: Log) {
    const works = config.ROLE !== 'api'
    this.#log = log
    this.#sql = sql
    this.#boss = new PgBoss({
      connectionString: url,
      application_name: 'trove-queue',
      max: works ? 6 : 2,
      // A claim that a crash of the server forgets is a job that is claimed again; what has an effect commits on a
      // connection of ours, which waits for the disk.
      options: '-c synchronous_commit=off',
      useListenNotify: works,
      supervise: works,
      schedule: false,
      monitorIntervalSeconds: 5,
      superviseIntervalSeconds: 5,
    })
    this.#boss.on('error', error => log.error('The queue had an error', { error }))
    this.#boss.on('warning', ({ message }) => log.warn('The queue warns', { warning: message }))
  }

  /** Makes the queue's own schema and a queue for each job. Safe with any number of processes at once. */
  async start(jobs: AnyJob[]): Promise<void> {
    await this.#boss.start()
    await this.#boss.createQueue(DEAD_LETTER, { retryLimit: 0 })
    for (const { name, onceFor } of jobs) {
      await this.#boss.createQueue(name, { ...QUEUE_OPTIONS, policy: onceFor ? 'stately' : 'standard' })
      // pg-boss reads a queue's options on first use, by a connection of its own. Let that be now: inside a
      // transaction it would wait for the embedded database, which waits for the transaction.
      await this.#boss.findJobs(name, { key: '' })
    }
  }

  /**
   * Sends a job inside the caller's transaction: it exists exactly when the transaction's data does.
   * @returns the job's id; where one job waits at a time (`onceFor`), that of the one which waits already.
   */
  async enqueue<Payload extends object>(
    tx: Sql,
    job: JobDefinition<Payload>,
    payload: Payload,
    { delaySeconds = 0, id = uuidv7() } = {},
  ): Promise<string> {
    const db = inTransaction(tx)
    const key = job.onceFor?.(payload)
    const group = job.group && { id: job.group.of(payload) }
    const held = delaySeconds === 0 && (job.batchSize ?? 1) > 1 ? this.#held.get(tx) : undefined
    held?.push({ queue: job.name, id })
    const options = {
      db,
      startAfter: held ? HELD_SECONDS : delaySeconds,
      ...(key ? { singletonKey: key } : {}),
      ...(group ? { group } : {}),
    }
    for (;;) {
      const sent = await this.#boss.send(job.name, withCause(payload), { ...options, id })
      if (sent) return sent
      const [waiting] = await this.#boss.findJobs(job.name, { db, key: key!, queued: true })
      if (waiting) return waiting.id
      // It began between the two statements, so there is room for another now.
    }
  }

  /** Sends a job that exists once, whoever sends it: a second one of the same id is not sent. */
  async enqueueOnce<Payload extends object>(
    job: JobDefinition<Payload>,
    payload: Payload,
    id: string,
  ): Promise<void> {
    await this.#boss.send(job.name, payload, { id })
  }

  /** Starts working on `jobs`; each is woken by NOTIFY, and looks by itself every few seconds. */
  async work(jobs: AnyJob[], context: Context): Promise<void> {
    for (const job of jobs) await this.#startWorkers(job, context)
  }

  async #startWorkers(job: AnyJob, context: Context): Promise<void> {
    const { batchSize = 1, concurrency = 1, group } = job
    // pg-boss wants at least as many workers in a set as one group may have.
    const setSize = group?.most ?? 1
    const options = {
      batchSize,
      burstWhenBatchFull: true,
      notifyPollingIntervalSeconds: 5,
      includeMetadata: true,
      perJobResults: true,
      localConcurrency: setSize,
      ...(group ? { localGroupConcurrency: group.most } : {}),
    } as const
    const sets: string[] = []
    this.#workers.set(job.name, sets)
    // A worker that takes one job at a time, or that had to hand one back because its group had enough, would look
    // again in five seconds; a moment after each job all of them do.
    const lookAgain = throttle(LOOK_AGAIN_MS, () => this.#wake(job.name))
    for (let workers = 0; workers < concurrency; workers += setSize) {
      const set = await this.#boss.work<object, void, typeof options>(job.name, options, async claimed => {
        if (concurrency > 1) lookAgain()
        const failures = await this.#holding(claimed, () => this.#runBatch(job, claimed, context))
        if (concurrency > 1) lookAgain()
        // The others were completed with their effects. pg-boss would complete all that it finds here, once more: a
        // tenth of the time from a save to READY (bench/RESULTS.md).
        const failed = new Set(failures.map(({ id }) => id))
        claimed.splice(0, claimed.length, ...claimed.filter(({ id }) => failed.has(id)))
        return failures
      })
      sets.push(set)
    }
  }

  /**
   * Sends jobs that failed for good back to where they came from, oldest first.
   * @param ids of the dead letters; without them all of them, not the thousand that pg-boss stops at
   * @returns how many were sent.
   */
  async redrive(ids?: string[]): Promise<number> {
    return this.#boss.redrive(DEAD_LETTER, { limit: 2 ** 31 - 1, ...(ids ? { ids } : {}) })
  }

  /** Takes no more jobs. Lets running ones finish for `seconds`, then hands the rest back; no try is used up. */
  async stop(seconds: number): Promise<void> {
    const timer = setTimeout(() => {
      const handed = handBack(this.#sql, [...this.#running])
      handed.catch(error => this.#log.warn('Running jobs were not handed back', { error }))
    }, seconds * 1000)
    // Left to itself pg-boss fails what still runs, and for a job at its last try that is for good.
    const stopped = this.#boss.stop({ graceful: true, timeout: seconds * 1000 + HAND_BACK_MS })
    await stopped.finally(() => clearTimeout(timer))
  }

  async #holding<T>(claimed: JobWithMetadata<object>[], work: () => Promise<T>): Promise<T> {
    const held = [...claimed]
    for (const claim of held) this.#running.add(claim)
    return work().finally(() => {
      for (const claim of held) this.#running.delete(claim)
    })
  }

  /** @returns what failed; the rest is completed, or another worker's by now */
  async #runBatch(job: AnyJob, claimed: JobWithMetadata<object>[], context: Context): Promise<JobResult[]> {
    const failures: JobResult[] = []
    const readable: Try[] = []
    for (const claim of claimed) {
      const parsed = v.safeParse(job.schema, claim.data)
      const one = startTry(job.name, claim, parsed.output as object)
      if (parsed.success) readable.push(one)
      else failures.push(this.#refuse(job, one, context))
    }
    const payloads = readable.map(({ payload }) => payload)
    const stopTimer = context.metrics.jobSeconds.startTimer({ queue: job.name })
    const outcomes = await inBatch(job.name, readable, () => job.run(payloads, context)).catch(
      (error: Error) => payloads.map(() => error),
    )
    // What goes on together arrives together, so that the next step, too, asks its provider once for many.
    const held: HeldJob[] | undefined = readable.length > 1 ? [] : undefined
    for (const [i, one] of readable.entries()) {
      const settle = () => this.#settle(job, one, outcomes[i]!, context, held)
      const failed = await inTry(one, settle).finally(() => one.span.end())
      if (failed) failures.push(failed)
    }
    if (held?.length) await this.#release(held)
    stopTimer()
    return failures
  }

  /** Nobody can read it, so it goes to the dead-letter queue at once. */
  #refuse(job: AnyJob, one: Try, context: Context): JobResult {
    const reason = 'The payload does not fit its schema'
    context.metrics.jobs.inc({ queue: job.name, outcome: 'dead' })
    this.#log.error('Job failed for good', { ...factsOf(job.name, one), reason })
    one.span.fail({ code: 'unreadable_payload' })
    one.span.end()
    return failure(one.claim, new Error(reason), true)
  }

  /** Lets held jobs start now. Should this fail, they start by themselves a little later. */
  async #release(held: HeldJob[]): Promise<void> {
    try {
      await releaseJobs(this.#sql, held)
      for (const queue of new Set(held.map(({ queue }) => queue))) this.#wake(queue)
    } catch (error) {
      this.#log.warn('Held jobs were not released', { error })
    }
  }

  #wake(queue: string): void {
    for (const set of this.#workers.get(queue) ?? []) this.#boss.notifyWorker(set)
  }

  async #settle(
    job: AnyJob,
    one: Try,
    outcome: Effect | Error,
    context: Context,
    held: HeldJob[] | undefined,
  ): Promise<JobResult | undefined> {
    const { claim, payload } = one
    const count = (outcome: string) => context.metrics.jobs.inc({ queue: job.name, outcome })
    try {
      const seconds = secondsToWait(outcome)
      if (outcome instanceof Error && seconds === undefined) throw outcome
      await this.#sql.begin(async tx => {
        if (held) this.#held.set(tx, held)
        const effect = outcome instanceof Error ? this.#putOff(tx, job, payload, seconds!) : outcome(tx)
        const completion = this.#boss.complete(job.name, [claim], undefined, { db: inTransaction(tx) })
        const [, done] = await together(effect, completion)
        // The count is part of the answer, and missing from its published type.
        if ((done as { affected: number }).affected !== 1) throw new ClaimLost()
      })
      count(outcome instanceof Error ? 'put_off' : 'done')
      this.#log.info(outcome instanceof Error ? 'Job put off' : 'Job done', factsOf(job.name, one))
    } catch (error) {
      if (!(error instanceof ClaimLost)) {
        count(claim.retryCount >= claim.retryLimit ? 'dead' : 'retried')
        return this.#fail(job, one, error as Error, context)
      }
      count('lost')
      this.#log.warn('Job dropped: another worker has it by now', factsOf(job.name, one))
    }
    return undefined
  }

  /** Nobody was asked, so no try is used up: the same job again, when it makes sense. However long that takes. */
  async #putOff(tx: Sql, job: AnyJob, payload: object, seconds: number): Promise<void> {
    // Spread, so that what waited for one breaker does not come back as one.
    await this.enqueue(tx, job, payload, { delaySeconds: Math.ceil(seconds * (1 + Math.random())) })
  }

  async #fail(job: AnyJob, one: Try, error: Error, context: Context): Promise<JobResult> {
    const { claim, payload, span } = one
    const isLast = claim.retryCount >= claim.retryLimit
    const facts = { ...factsOf(job.name, one), reason: error.message }
    span.fail(error)
    if (isLast) this.#log.error('Job failed for good', facts)
    else this.#log.warn('Job failed and will be tried again', facts)
    if (isLast && job.giveUp) await this.#sql.begin(tx => job.giveUp!(payload, error, context)(tx))
    return failure(claim, error, false)
  }
}

/** An error that names a time says that nobody was asked: a breaker is open, or a host wants to be left alone. */
const secondsToWait = (outcome: Effect | Error): number | undefined =>
  outcome instanceof Error ? (outcome as { retry_after?: number }).retry_after : undefined

function failure({ id }: { id: string }, error: Error, forGood: boolean): JobResult {
  return { id, status: forGood ? 'deadletter' : 'failed', output: { message: error.message } }
}
