// Jobs: defined in jobs/, kept in the same Postgres (pg-boss), sent inside the transaction that writes their data.
// Delivery is at least once; effects are exactly once, since a job's writes and its completion are one transaction
// that counts only while this worker still holds the job.
import { PgBoss } from 'pg-boss'
import { v7 as uuidv7 } from 'uuid'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import type { Database, Sql } from './database/connection.ts'
import type { Log } from './log.ts'
import { inTransaction } from './queue/in-transaction.ts'
import type { AnyJob, JobDefinition } from './queue/job.ts'
import { KEPT_SECONDS, type Onward, sendingAndClaiming, type Taken } from './queue/onward.ts'
import { Runner } from './queue/runner.ts'
import { type HeldJob, handBack, releaseJobs } from './queue/store.ts'
import { throttle } from './queue/throttle.ts'
import { type Claim, withCause } from './queue/try.ts'
import { Working } from './queue/working.ts'

export { type AnyJob, defineJob, type Effect, type JobDefinition } from './queue/job.ts'

export const DEAD_LETTER = 'dead-letter'

const LOOK_AGAIN_MS = 100
/** How long what was handed back may take to notice. */
const HAND_BACK_MS = 1000
/** A worker that is silent for this long has lost its jobs; the monitor looks every five seconds. */
const HEARTBEAT_SECONDS = 20

const QUEUE_OPTIONS = {
  notify: true,
  retryLimit: 8,
  retryDelay: 2,
  retryDelayMax: 600,
  retryBackoff: true,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  expireInSeconds: 900,
  deadLetter: DEAD_LETTER,
}

export class Queue {
  readonly #boss: PgBoss
  readonly #log: Log
  readonly #sql: Database['sql']
  readonly #runner: Runner
  /** What this process works on, by queue. */
  readonly #working = new Map<string, Working>()
  /** What it has in hand. */
  readonly #running = new Set<Claim>()
  /** What the jobs of a run have sent on, by the transaction that sends it. */
  readonly #onward = new WeakMap<Sql, Onward>()
  #isStopping = false

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
      // pg-boss passes by a key whose job was running when it last looked: a second job of one user would wait so long.
      queueCacheIntervalSeconds: 2,
    })
    this.#boss.on('error', error => log.error('The queue had an error', { error }))
    this.#boss.on('warning', ({ message }) => log.warn('The queue warns', { warning: message }))
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
    job: JobDefinition<Payload>,
    payload: Payload,
    { delaySeconds = 0, id = uuidv7() } = {},
  ): Promise<string> {
    const data = withCause(payload)
    const key = job.onceFor?.(payload)
    const group = job.group && { id: job.group.of(payload) }
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
      return (await this.#sql.begin(tx => {
        this.#onward.set(tx, sent)
        return work(tx)
      })) as T
    } catch (error) {
      // What it sent went with it.
      for (const { working } of sent.taken.splice(before)) working.release()
      throw error
    }
  }

  /** What one job with batches sends on to another is held or taken (src/queue/onward.ts). */
  #keep(tx: Sql, job: AnyJob, { id, data }: Pick<Claim, 'id' | 'data'>): 'held' | 'taken' | undefined {
    const sent = (job.batchSize ?? 1) > 1 ? this.#onward.get(tx) : undefined
    if (!sent) return undefined
    if (!sent.isAlone) {
      sent.held.push({ queue: job.name, id })
      return 'held'
    }
    const working = this.#isStopping ? undefined : this.#working.get(job.name)
    if (!working?.tryTake()) return undefined
    sent.taken.push({ working, claim: { id, data, retryCount: 0, retryLimit: QUEUE_OPTIONS.retryLimit } })
    return 'taken'
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
    const working = new Working(job, context)
    this.#working.set(job.name, working)
    // A worker that takes one job at a time, or that had to hand one back because its group had enough, would look
    // again in five seconds; a moment after each job all of them do.
    const lookAgain = throttle(LOOK_AGAIN_MS, () => this.#wake(job.name))
    for (let workers = 0; workers < concurrency; workers += setSize) {
      const set = await this.#boss.work<object, void, typeof options>(job.name, options, async claimed => {
        if (concurrency > 1) lookAgain()
        const run = () => working.run(() => this.#runner.run(job, claimed, context))
        const failures = await this.#holding(claimed, run)
        if (concurrency > 1) lookAgain()
        // The others were completed with their effects. pg-boss would complete all that it finds here, once more: a
        // tenth of the time from a save to READY (bench/RESULTS.md).
        const failed = new Set(failures.map(({ id }) => id))
        claimed.splice(0, claimed.length, ...claimed.filter(({ id }) => failed.has(id)))
        return failures
      })
      working.sets.push(set)
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
    this.#isStopping = true
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      const handed = handBack(this.#sql, [...this.#running])
      handed.catch(error => this.#log.warn('Running jobs were not handed back', { error })).finally(resolve)
    }, seconds * 1000)
    await Promise.race([this.#finish(), late]).finally(() => clearTimeout(timer))
    // Left to itself pg-boss fails what still runs, and for a job at its last try that is for good.
    await this.#boss.stop({ graceful: true, timeout: HAND_BACK_MS })
  }

  /** Resolves when nothing runs any more. */
  async #finish(): Promise<void> {
    await Promise.all(Array.from(this.#working.keys(), queue => this.#boss.offWork(queue)))
    // pg-boss knows nothing of what was claimed as it was sent.
    await Promise.all(Array.from(this.#working.values(), working => working.untilFree()))
  }

  async #holding<T>(claimed: Claim[], work: () => Promise<T>): Promise<T> {
    const held = [...claimed]
    for (const claim of held) this.#running.add(claim)
    return work().finally(() => {
      for (const claim of held) this.#running.delete(claim)
    })
  }

  async #letGo({ held, taken }: Onward): Promise<void> {
    for (const each of taken) this.#start(each)
    if (held.length > 0) await this.#release(held)
  }

  /** Runs a job that was claimed as it was sent, and does for it what pg-boss' workers do for theirs. */
  #start({ working, claim }: Taken): void {
    const { job, context } = working
    const beat = setInterval(() => {
      const beaten = this.#boss.touch(job.name, [claim])
      beaten.catch(error => this.#log.warn('A job had no heartbeat', { job: job.name, error }))
    }, HEARTBEAT_SECONDS * 500)
    const settle = async () => {
      const [failed] = await this.#runner.run(job, [claim], context)
      if (failed) await this.#boss.fail(job.name, [claim], failed.output)
    }
    this.#holding([claim], settle)
      // Its heartbeat stops, so somebody else will try it.
      .catch(error => this.#log.warn('The end of a job was not written', { job: job.name, error }))
      .finally(() => {
        clearInterval(beat)
        working.release()
      })
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
    for (const set of this.#working.get(queue)?.sets ?? []) this.#boss.notifyWorker(set)
  }
}
