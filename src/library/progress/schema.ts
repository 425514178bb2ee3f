import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { pagingAnswer, pagingQuery } from '../../ground/http/paging.ts'
import { declaredName, Id, Time } from '../../ground/http/schemas.ts'
import { shownJobs } from '../../ground/queue/queue.ts'
import { STATUSES } from '../../vocabulary.ts'

const JobType = declaredName(shownJobs)

export const JobsQuery = v.object({
  ...pagingQuery(),
  status: v.optional(v.picklist(STATUSES)),
  type: v.optional(JobType),
})
export type JobsQuery = v.InferOutput<typeof JobsQuery>

export const JobAnswer = v.object({
  id: Id,
  type: JobType,
  status: v.pipe(v.picklist(STATUSES), v.description('That of the whole chain behind the job.')),
  progress: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100), v.description('Percent.')),
  stage: v.picklist([
    'queued',
    'fetching',
    'understanding',
    'embedding',
    'clustering',
    'running',
    'done',
    'failed',
  ]),
  error_message: v.nullable(v.string()),
  attempts: v.pipe(v.number(), v.integer()),
  request_id: v.pipe(v.nullable(v.string()), v.description('Of the request that caused it.')),
  created_at: Time,
  updated_at: Time,
  links: v.object({ self: v.string(), item: v.nullable(v.string()) }),
})
export type Job = v.InferOutput<typeof JobAnswer>

export const JobsAnswer = v.object({ jobs: v.array(JobAnswer), ...pagingAnswer })

nameSchemas({ Job: JobAnswer, JobPage: JobsAnswer })
