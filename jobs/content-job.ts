// The payload that the worker chain hands on: fetch-content → understand-content → embed-content.
import * as v from 'valibot'

export const ContentJob = v.object({
  content_id: v.pipe(v.string(), v.uuid()),
  /** Which run of the chain this is; a later run makes this one void. */
  attempt: v.pipe(v.string(), v.uuid()),
  /** The request that caused it, for the log. */
  request_id: v.string(),
})
export type ContentJob = v.InferOutput<typeof ContentJob>
