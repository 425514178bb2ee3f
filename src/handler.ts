import type { Context } from './context.ts'
import type { Work } from './ground/queue/job.ts'
import type { Handler, Job } from './ground/queue/queue.ts'

/** The work of a job of Trove: what a file of jobs/ exports. */
export const handle = <Payload extends object>(
  job: Job<Payload>,
  work: Work<Payload, Context>,
): Handler<Payload, Context> => ({ job, ...work })
