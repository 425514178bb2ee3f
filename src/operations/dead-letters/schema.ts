import * as v from 'valibot'
import { Id, list, queryInteger } from '../../ground/http/schemas.ts'

const MOST = 1000

export const DeadLettersQuery = v.object({ limit: queryInteger(100, 1, MOST) })

/** Of a job, a dead letter or a content, or what a request was known by (`X-Request-ID`). */
export const AnyId = v.object({ id: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,128}$/)) })

/** Without ids all are sent back. */
export const RedriveBody = v.nullish(
  v.object({
    ids: v.optional(list(Id, 1, MOST)),
  }),
)

/** A job in the queue, and the content that it is about. */
export interface JobFacts {
  id: string
  queue: string
  state: 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed'
  tries: number
  /** Why its last try failed; of a dead letter, why the job did that it was. */
  error_message: string | null
  request_id: string | null
  created_at: string
  /** Of a dead letter: the queue and the job that it comes from. */
  source_queue: string | null
  source_job_id: string | null
  content: {
    id: string
    title: string | null
    url: string
    status: string
    error_message: string | null
  } | null
}
