import * as v from 'valibot'
import { nameSchemas } from '../../http/openapi/named-schemas.ts'
import { Id, Time } from '../../http/schemas.ts'
import { STATUSES } from '../../vocabulary.ts'

export const JobAnswer = v.object({
  id: Id,
  type: v.string(),
  status: v.pipe(v.picklist(STATUSES), v.description('That of the whole chain behind the job.')),
  progress: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100), v.description('Percent.')),
  stage: v.picklist(['queued', 'fetching', 'understanding', 'embedding', 'clustering', 'done', 'failed']),
  error_message: v.nullable(v.string()),
  attempts: v.pipe(v.number(), v.integer()),
  created_at: Time,
  updated_at: Time,
  links: v.object({ self: v.string(), item: v.nullable(v.string()) }),
})
export type Job = v.InferOutput<typeof JobAnswer>

nameSchemas({ Job: JobAnswer })
