// Jobs: defined in their rooms, kept in the same Postgres (pg-boss), sent inside the transaction that writes their data.
// Delivery is at least once; effects are exactly once, since a job's writes and its completion are one transaction
// that counts only while this worker still holds the job.
import { PgBoss } from 'pg-boss'
import { v7 as uuidv7 } from 'uuid'
import type { Database, Sql } from '../database/connection.ts'
import { isSpread } from '../database/layout.ts'
import type { Log } from '../log/log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { GroundConfig } from '../variables.ts'
import { inTransaction } from './in-transaction.ts'
import { type AnyHandler, type AnyJob, type Bound, bind, groupOf, type Job } from './job.ts'
import { KEPT_SECONDS, type Onward, sendingAndClaiming } from './onward.ts'
import { DEAD_LETTER, HEARTBEAT_SECONDS, QUEUE_OPTIONS } from './options.ts'
import { type Failure, Runner } from './running/runner.ts'
import { type Claim, mayEndProcess, withCause } from './running/try.ts'
import { commitTogether, countTwice, type HeldJob, handBack, releaseJobs } from './store.ts'
import { throttle } from './throttle.ts'
import { Working } from './working.ts'
import { writeFailures } from './write-failures.ts'

export {
  type AnyHandler,
  type AnyJob,
  defineJob,
  type Effect,
  type Handler,
  type Job,
  shownJobs,
} from './job.ts'

export { DEAD_LETTER } from './options.ts'
export { Unseen } from './running/unseen.ts'

const LOOK_AGAIN_MS = 50
/** How long what was handed back may take to notice. */
const HAND_BACK_MS = 1000

export class Queue {
  readonly #boss: PgBoss
  readonly #log: Log
  readonly #sql: Database['sql']
  readonly #runner: Runner
  /** What this process works on, by queue, and pg-boss' name of the worker that claims it. */
  readonly #working = new Map<string, Working>()
  readonly #claimers = new Map<string, string>()
  /** What the jobs of a run have sent on, by the transaction that sends it. */
  readonly #onward = new WeakMap<Sql, Onward>()
  readonly #beats: NodeJS.Timeout[] = []
  #isStopping = false

  constructor({ url, sql }: Database, config: GroundConfig, log: Log) {
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
      // pg-boss caches which keys are busy: with its default a user's second job would wait for up to a minute.
      queueCacheIntervalSeconds: 2,
    })
    this.#boss.on('error', error => log.error('pg-boss error', { error }))
    this.#boss.on('warning', ({ message }) => log.warn('pg-boss warning', { warning: message }))
    this.#runner = new Runner({
      log,
      begin: (sent, work) => this.#begin(sent, work),
      letGo: sent => this.#letGo(sent),
      putOff: async (tx, job, payload, delaySeconds) => {
        await this.enqueue(tx, job, payload, { delaySeconds })
      },
    })
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
    job: Job<Payload>,
    payload: Payload,
    { delaySeconds = 0, id = uuidv7() } = {},
  ): Promise<string> {
    const data = withCause(payload)
    const key = job.onceFor?.(payload)
    const group = groupOf(job, payload)
    const kept = delaySeconds === 0 ? this.#keep(tx, job, { id, data }) : undefined
    const db = kept === 'taken' ? sendingAndClaiming(tx, { queue: job.name, id }) : inTransaction(tx)
    const options = {
      db,
      startAfter: kept ? KEPT_SECONDS : delaySeconds,
      ...(key ? { singletonKey: key } : {}),
      ...(group ? { group } : {}),
    }
    for (;;) {
      const sent = await this.#boss.send(job.name, data, { ...options, id })
      if (sent) return sent
      const [waiting] = await this.#boss.findJobs(job.name, { db, key: key!, queued: true })
      if (waiting) return waiting.id
      // It began between the two statements, so there is room for another now.
    }
  }

  /** A transaction. What it sends begins here when it commits, where this process works on it and nothing else waits. */
  async begin<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    const sent: Onward = { isAlone: true, held: [], taken: [] }
    const result = await this.#begin(sent, work)
    await this.#letGo(sent)
    return result
  }

  async #begin<T>(sent: Onward, work: (tx: Sql) => Promise<T>): Promise<T> {
    const before = sent.taken.length
    try {
      // postgres.js types what a transaction gives as if it could hold promises; ours does not.
      return (await this.#sql.begin(async tx => {
        this.#onward.set(tx, sent)
        if (isSpread(tx)) await commitTogether(tx)
        return work(tx)
      })) as T
    } catch (error) {
      // What it sent went with it.
      for (const { working, claim } of sent.taken.splice(before)) working.release(claim)
      throw error
    }
  }

  /** What one job with batches sends on to another is held or taken (src/ground/queue/onward.ts). */
  #keep(tx: Sql, job: AnyJob, { id, data }: Pick<Claim, 'id' | 'data'>): 'held' | 'taken' | undefined {
    const sent = job.handOff ? this.#onward.get(tx) : undefined
    if (!sent) return undefined
    if (!sent.isAlone) {
      sent.held.push({ queue: job.name, id })
      return 'held'
    }
    const working = this.#isStopping ? undefined : this.#working.get(job.name)
    const claim = { id, data, retryCount: 0, retryLimit: QUEUE_OPTIONS.retryLimit }
    if (!working?.tryTake(claim)) return undefined
    sent.taken.push({ working, claim })
    return 'taken'
  }

  /** Sends a job unless there is one of this id already. */
  async enqueueOnce<Payload extends object>(job: Job<Payload>, payload: Payload, id: string): Promise<void> {
    await this.#boss.send(job.name, payload, { id })
  }

  /** Starts to work; each job is woken by NOTIFY, and looks by itself every few seconds. */
  async work<Context extends { metrics: Metrics }>(
    handlers: AnyHandler<Context>[],
    context: Context,
  ): Promise<void> {
    for (const handler of handlers) await this.#startWorkers(bind(handler, context))
  }

  async #startWorkers(handler: Bound): Promise<void> {
    const { job } = handler
    const { batchSize = 1, concurrency = 1, group } = job
    const options = {
      batchSize,
      burstWhenBatchFull: true,
      notifyPollingIntervalSeconds: 5,
      includeMetadata: true,
      perJobResults: true,
      ...(group ? { groupConcurrency: { default: group.most, tiers: group.tiers ?? {} } } : {}),
    } as const
    // A claimer that took less than a batch would look again in five seconds, and cannot know whether it left anything:
    // of a group that has its share it takes no more.
    const lookAgain = throttle(LOOK_AGAIN_MS, () => this.#wake(job.name))
    const run = (working: Working, claims: Claim[]) => this.#run(working, claims)
    const working = new Working(handler, { run, lookAgain })
    this.#working.set(job.name, working)
    this.#beat(working)
    const claimer = await this.#boss.work<object, void, typeof options>(job.name, options, async claimed => {
      // From here on they are ours: we keep their claims, and settle each when it ends.
      const claims = claimed.splice(0)
      if (concurrency > 1) lookAgain()
      await working.take(claims)
      return []
    })
    this.#claimers.set(job.name, claimer)
  }

  /** Keeps the claims on what a process has in hand, also while it stops. */
  #beat({ handler: { job }, held }: Working): void {
    const beat = setInterval(() => {
      if (held.size === 0) return
      const beaten = this.#boss.touch(job.name, [...held])
      beaten.catch(error => this.#log.warn('A heartbeat could not be sent', { job: job.name, error }))
    }, HEARTBEAT_SECONDS * 500)
    beat.unref()
    this.#beats.push(beat)
  }

  /** Runs claimed jobs. What may have ended a process before runs by itself, after the others. */
  async #run({ handler }: Working, claims: Claim[]): Promise<void> {
    const { job } = handler
    const [suspects, others] = [claims.filter(mayEndProcess), claims.filter(claim => !mayEndProcess(claim))]
    try {
      if (others.length > 0) await this.#fail(job, await this.#runner.run(handler, others))
      for (const claim of suspects) await this.#fail(job, await this.#runSuspect(handler, claim))
    } catch (error) {
      // Their heartbeat stops, so somebody else will try them.
      this.#log.warn('The end of a job was not written', { job: job.name, error })
    }
  }

  #fail({ name }: AnyJob, failures: Failure[]): Promise<void> {
    return writeFailures({ boss: this.#boss, sql: this.#sql }, name, failures)
  }

  /** A try that ended with its process counts double, so that four of them end the job, not eight. */
  async #runSuspect(handler: Bound, claim: Claim): Promise<Failure[]> {
    await countTwice(this.#sql, handler.job.name, claim)
    claim.retryCount++
    if (claim.retryCount < claim.retryLimit) return this.#runner.run(handler, [claim])
    const reason = 'The process ended or stopped answering each time that it worked on this'
    return [await this.#runner.abandon(handler, claim, reason)]
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
    this.#isStopping = true
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      const held = Array.from(this.#working.values(), working => [...working.held]).flat()
      const handed = handBack(this.#sql, held)
      handed.catch(error => this.#log.warn('Running jobs were not handed back', { error })).finally(resolve)
    }, seconds * 1000)
    await Promise.race([this.#finish(), late]).finally(() => clearTimeout(timer))
    for (const beat of this.#beats) clearInterval(beat)
    // By default pg-boss fails jobs that still run, and for a job at its last try that is for good.
    await this.#boss.stop({ graceful: true, timeout: HAND_BACK_MS })
  }

  /** Resolves when nothing runs any more. */
  async #finish(): Promise<void> {
    await Promise.all(Array.from(this.#working.keys(), queue => this.#boss.offWork(queue)))
    // pg-boss knows nothing of what was handed to us.
    await Promise.all(Array.from(this.#working.values(), working => working.untilFree()))
  }

  async #letGo({ held, taken }: Onward): Promise<void> {
    for (const { working, claim } of taken) working.startTaken(claim)
    if (held.length > 0) await this.#release(held)
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
    const claimer = this.#claimers.get(queue)
    if (claimer) this.#boss.notifyWorker(claimer)
  }
}
