// Jobs: defined in jobs/, kept in the same Postgres (pg-boss), sent inside the transaction that writes their data.
// Delivery is at least once; effects are exactly once, since a job's writes and its completion are one transaction
// that counts only while this worker still holds the job.
import { type Db, type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss'
import type postgres from 'postgres'
import { v7 as uuidv7 } from 'uuid'
import * as v from 'valibot'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import type { Database, Sql } from './database/connection.ts'
import type { Log } from './log.ts'

/** What a job writes, given the transaction that also completes it. */
export type Effect = (tx: Sql) => Promise<void>

export interface JobDefinition<Payload extends object> {
  name: string
  schema: v.GenericSchema<unknown, Payload>
  /** How many waiting jobs one run takes at once, so that a provider is asked once for many. Default 1. */
  batchSize?: number
  /** At most one such job waits at a time for each key. */
  onceFor?: (payload: Payload) => string
  /** Does the work without writing. One outcome a payload, in order: what to write, or why it failed this time. */
  run(payloads: Payload[], context: Context): Promise<(Effect | Error)[]>
  /** What to write when the last try has failed, before the job goes to the dead-letter queue. */
  giveUp?(payload: Payload, error: Error, context: Context): Effect
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds jobs of any payload
export type AnyJob = JobDefinition<any>

/** Keeps a job's payload type while it is written as one object. */
export const defineJob = <Payload extends object>(definition: JobDefinition<Payload>) => definition

export const DEAD_LETTER = 'dead-letter'

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

  constructor({ url, sql }: Database, config: Config, log: Log) {
    const works = config.ROLE !== 'api'
    this.#log = log
    this.#sql = sql
    this.#boss = new PgBoss({
      connectionString: url,
      application_name: 'trove-queue',
      max: works ? 6 : 2,
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
    { delaySeconds = 0 } = {},
  ): Promise<string> {
    const db = inTransaction(tx)
    const key = job.onceFor?.(payload)
    const options = { db, startAfter: delaySeconds, ...(key ? { singletonKey: key } : {}) }
    for (;;) {
      const id = await this.#boss.send(job.name, payload, { ...options, id: uuidv7() })
      if (id) return id
      const [waiting] = await this.#boss.findJobs(job.name, { db, key: key!, queued: true })
      if (waiting) return waiting.id
      // It began between the two statements, so there is room for another now.
    }
  }

  /** Starts working on `jobs`; each is woken by NOTIFY, and looks by itself every few seconds. */
  async work(jobs: AnyJob[], context: Context): Promise<void> {
    for (const job of jobs) {
      const options = {
        batchSize: job.batchSize ?? 1,
        burstWhenBatchFull: true,
        notifyPollingIntervalSeconds: 5,
        includeMetadata: true,
        perJobResults: true,
      } as const
      await this.#boss.work<object, void, typeof options>(job.name, options, claimed =>
        this.#runBatch(job, claimed, context),
      )
    }
  }

  /** Lets running jobs finish for `seconds`, then hands the rest back. */
  async stop(seconds: number): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: seconds * 1000 })
  }

  async #runBatch(job: AnyJob, claimed: JobWithMetadata<object>[], context: Context): Promise<JobResult[]> {
    const results = new Map<string, JobResult>()
    const readable: { claim: JobWithMetadata<object>; payload: object }[] = []
    for (const claim of claimed) {
      const parsed = v.safeParse(job.schema, claim.data)
      if (parsed.success) readable.push({ claim, payload: parsed.output })
      else results.set(claim.id, failure(claim, new Error('The payload does not fit its schema'), true))
    }
    const payloads = readable.map(({ payload }) => payload)
    const outcomes = await job.run(payloads, context).catch((error: Error) => payloads.map(() => error))
    for (const [i, { claim, payload }] of readable.entries()) {
      results.set(claim.id, await this.#settle(job, claim, payload, outcomes[i]!, context))
    }
    return [...results.values()]
  }

  async #settle(
    job: AnyJob,
    claim: JobWithMetadata<object>,
    payload: object,
    outcome: Effect | Error,
    context: Context,
  ): Promise<JobResult> {
    const facts = factsOf(job, claim)
    try {
      if (outcome instanceof Error) throw outcome
      await this.#sql.begin(async tx => {
        await outcome(tx)
        const done = await this.#boss.complete(job.name, [claim], undefined, { db: inTransaction(tx) })
        // The count is part of the answer, and missing from its published type.
        if ((done as { affected: number }).affected !== 1) throw new ClaimLost()
      })
      this.#log.debug('Job done', facts)
    } catch (error) {
      if (error instanceof ClaimLost) this.#log.warn('Job dropped: another worker has it by now', facts)
      else return this.#fail(job, claim, payload, error as Error, context)
    }
    return { id: claim.id, status: 'completed' }
  }

  async #fail(
    job: AnyJob,
    claim: JobWithMetadata<object>,
    payload: object,
    error: Error,
    context: Context,
  ): Promise<JobResult> {
    const isLast = claim.retryCount >= claim.retryLimit
    const facts = { ...factsOf(job, claim), reason: error.message }
    if (isLast) this.#log.error('Job failed for good', facts)
    else this.#log.warn('Job failed and will be tried again', facts)
    if (isLast && job.giveUp) await this.#sql.begin(tx => job.giveUp!(payload, error, context)(tx))
    return failure(claim, error, false)
  }
}

/** Names a try of a job in the log, with the request that caused it. */
const factsOf = (job: AnyJob, claim: JobWithMetadata<object>) => ({
  job: job.name,
  job_id: claim.id,
  try: claim.retryCount + 1,
  request_id: (claim.data as { request_id?: string }).request_id,
})

function failure({ id }: { id: string }, error: Error, forGood: boolean): JobResult {
  return { id, status: forGood ? 'deadletter' : 'failed', output: { message: error.message } }
}

/** Lets pg-boss run its statements inside our transaction. */
function inTransaction(tx: Sql): Db {
  // Left to itself postgres.js would encode a JSON text once more; text (OID 25) is taken as it is.
  const bind = (value: unknown) => {
    if (typeof value === 'string') return tx.typed(value as never, 25)
    return Array.isArray(value) ? `{${value.map(part => JSON.stringify(part)).join(',')}}` : value
  }
  return {
    executeSql: async (text, values = []) => ({
      rows: await tx.unsafe(text, values.map(bind) as postgres.ParameterOrJSON<never>[]),
    }),
  }
}
