// The payload that the worker chain hands on: fetch-content → understand-content → embed-content.
import * as v from 'valibot'

export const ContentJob = v.object({
  content_id: v.pipe(v.string(), v.uuid()),
  /** Which run of the chain this is; a later run makes this one void. */
  attempt: v.pipe(v.string(), v.uuid()),
  /** The request that caused it, for the log. */
  request_id: v.string(),
  /** Who asked for it: whose load it is. Nobody did when it has lost its first job, or is read again by itself. */
  user_id: v.optional(v.pipe(v.string(), v.uuid())),
  /** Whether the run has found anything else than was known before: then all who saved the content are told. */
  is_other: v.optional(v.boolean()),
})
export type ContentJob = v.InferOutput<typeof ContentJob>

/** Each user's contents have a lane of their own, and those that nobody asked for share one. */
export const laneOf = ({ user_id }: ContentJob): string => user_id ?? 'nobody'
