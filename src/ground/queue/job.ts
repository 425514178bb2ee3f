// What a job is: a definition, which whoever sends it imports, and a handler, which only a worker knows.
import type * as v from 'valibot'
import type { Sql } from '../database/connection.ts'
import type { Metrics } from '../metrics/metrics.ts'

export interface Group<Payload extends object> {
  of: (payload: Payload) => string | undefined
  most: number
  /** A kind of group that has another limit: its name, and the limits by name. */
  tier?: (payload: Payload) => string | undefined
  tiers?: Record<string, number>
}

export interface Job<Payload extends object> {
  name: string
  schema: v.GenericSchema<unknown, Payload>
  /** Users see it at /v1/jobs; whoever sends it notes for whom (library/jobs/store.ts). */
  isShown?: true
  /**
   * Others wait for it as well as the user who asked (`user_id`): when that one is erased it goes on without the name.
   * Every other job that names a user goes with them.
   */
  outlives?: true
  /** How many waiting jobs one run takes at once, so that a provider is asked once for many. Default 1. */
  batchSize?: number
  /**
   * Whoever sends it claims it in the same transaction, where this process works on it and nothing else waits: that spares
   * the way through the queue (docs/decisions/0012-jobs-taken-by-their-sender.md).
   */
  handOff?: true
  /** At most one such job waits at a time for each key. */
  onceFor?: (payload: Payload) => string
  /** How many runs at once in one process. Default 1. */
  concurrency?: number
  /** A run takes jobs of one lane only, and a lane has one run at a time. Default: all jobs share a lane. */
  lane?: (payload: Payload) => string
  /** Whose rows alone its effect sees and writes. Default: everybody's. */
  actsAs?: (payload: Payload) => string
  /**
   * Whose load a job is: of one group at most `most` jobs are claimed at once, in all processes together, so that
   * nobody's slow jobs take the runs of everybody else. A job without a group (undefined) is not counted.
   */
  group?: Group<Payload>
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds jobs of any payload
export type AnyJob = Job<any>

const outliving = new Set<string>()
/** The names of the jobs that go on when who asked for them is erased. */
export const outlivingJobs = (): string[] => [...outliving].sort()

const shown = new Set<string>()
/** The names of the jobs that users see. */
export const shownJobs = (): string[] => [...shown].sort()

/** Keeps a job's payload type while it is written as one object. */
export function defineJob<Payload extends object>(job: Job<Payload>): Job<Payload> {
  if (job.isShown) shown.add(job.name)
  if (job.outlives) outliving.add(job.name)
  return job
}

/** What a job writes, given the transaction that also completes it. */
export type Effect = (tx: Sql) => Promise<void>

export interface Work<Payload extends object, Context> {
  /**
   * Does the work without writing. One outcome a payload, in order: what to write, or why it failed this time. An
   * error with `retry_after` (seconds) uses up no try: the job comes back then; one with `is_final` has no other try.
   * @param tries which try of each payload this is, from 1
   */
  run(payloads: Payload[], context: Context, tries?: number[]): Promise<(Effect | Error)[]>
  /** What to write when the last try has failed, before the job goes to the dead-letter queue. */
  giveUp?(payload: Payload, error: Error, context: Context): Effect
}

export interface Handler<Payload extends object, Context> extends Work<Payload, Context> {
  job: Job<Payload>
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds handlers of any payload
export type AnyHandler<Context> = Handler<any, Context>

/** A handler with what it works with, as the queue runs it. */
export interface Bound {
  job: AnyJob
  metrics: Metrics
  run(payloads: object[], tries: number[]): Promise<(Effect | Error)[]>
  giveUp?: ((payload: object, error: Error) => Effect) | undefined
}

/** A handler that works with `context`. */
export const bind = <Context extends { metrics: Metrics }>(
  { job, run, giveUp }: AnyHandler<Context>,
  context: Context,
): Bound => ({
  job,
  metrics: context.metrics,
  run: (payloads, tries) => run(payloads, context, tries),
  giveUp: giveUp && ((payload, error) => giveUp(payload, error, context)),
})

/** Whose load a job is, as pg-boss is told it. */
export function groupOf<Payload extends object>(job: Job<Payload>, payload: Payload) {
  const id = job.group?.of(payload)
  const tier = job.group?.tier?.(payload)
  return id === undefined ? undefined : { id, ...(tier === undefined ? {} : { tier }) }
}
