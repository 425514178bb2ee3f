import * as v from 'valibot'
import { defineJob } from '../ground/queue/queue.ts'

const ReembedJob = v.object({
  /** Where the batch before ended: what the model refuses is passed by, not asked for again. */
  after: v.nullable(v.pipe(v.string(), v.uuid())),
})

/** Gives READY contents a vector of the configured model, a batch a job. */
export const reembedContents = defineJob<v.InferOutput<typeof ReembedJob>>({
  name: 'reembed-contents',
  schema: ReembedJob,
  onceFor: () => 'all',
})

/** Counts what all users did on the days that are over. */
export const countInteractions = defineJob({ name: 'count-interactions', schema: v.object({}) })
