import * as v from 'valibot'
import { Id, Time } from '../../http/schemas.ts'
import { STATUSES } from '../../vocabulary.ts'

export const JobAnswer = v.object({
  id: Id,
  type: v.string(),
  /** That of the whole chain behind the job: PENDING, PROCESSING, READY or FAILED. */
  status: v.picklist(STATUSES),
  /** Percent. */
  progress: v.number(),
  stage: v.picklist(['queued', 'fetching', 'understanding', 'embedding', 'clustering', 'done', 'failed']),
  error_message: v.nullable(v.string()),
  attempts: v.number(),
  created_at: Time,
  updated_at: Time,
  links: v.object({ self: v.string(), item: v.nullable(v.string()) }),
})
export type Job = v.InferOutput<typeof JobAnswer>
