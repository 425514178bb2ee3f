// What a job is: one file in jobs/ each.
import type * as v from 'valibot'
import type { Context } from '../context.ts'
import type { Sql } from '../database/connection.ts'

/** What a job writes, given the transaction that also completes it. */
export type Effect = (tx: Sql) => Promise<void>

export interface Group<Payload extends object> {
  of: (payload: Payload) => string | undefined
  most: number
  /** A kind of group that has another limit: its name, and the limits by name. */
  tier?: (payload: Payload) => string | undefined
  tiers?: Record<string, number>
}

export interface JobDefinition<Payload extends object> {
  name: string
  schema: v.GenericSchema<unknown, Payload>
  /** How many waiting jobs one run takes at once, so that a provider is asked once for many. Default 1. */
  batchSize?: number
  /** At most one such job waits at a time for each key. */
  onceFor?: (payload: Payload) => string
  /** How many runs at once in one process. Default 1. */
  concurrency?: number
  /** A run takes jobs of one lane only, and a lane has one run at a time. Default: all jobs share a lane. */
  lane?: (payload: Payload) => string
  /**
   * Whose load a job is: of one group at most `most` jobs are claimed at once, in all processes together, so that
   * nobody's slow jobs take the runs of everybody else. A job without a group (undefined) is not counted.
   */
  group?: Group<Payload>
  /**
   * Does the work without writing. One outcome a payload, in order: what to write, or why it failed this time. An
   * error with `retry_after` (seconds) uses up no try: the job comes back then.
   * @param tries which try of each payload this is, from 1
   */
  run(payloads: Payload[], context: Context, tries?: number[]): Promise<(Effect | Error)[]>
  /** What to write when the last try has failed, before the job goes to the dead-letter queue. */
  giveUp?(payload: Payload, error: Error, context: Context): Effect
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds jobs of any payload
export type AnyJob = JobDefinition<any>

/** Keeps a job's payload type while it is written as one object. */
export const defineJob = <Payload extends object>(definition: JobDefinition<Payload>) => definition
