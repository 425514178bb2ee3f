// The registry: one line a job.
import { clusterDue } from '#jobs/cluster-due'
import { clusterLibrary } from '#jobs/cluster-library'
import { deliverWebhook } from '#jobs/deliver-webhook'
import { dropOldRows } from '#jobs/drop-old-rows'
import { embedContent } from '#jobs/embed-content'
import { fetchContent } from '#jobs/fetch-content'
import { placeSave } from '#jobs/place-save'
import { reconcileContents } from '#jobs/reconcile-contents'
import { reembedContents } from '#jobs/reembed-contents'
import { understandContent } from '#jobs/understand-content'
import type { Config } from '../src/config.ts'
import type { AnyJob } from '../src/queue.ts'
import type { Tick } from '../src/schedule.ts'

export { startMoving } from '#jobs/reembed-contents'

export const JOBS: AnyJob[] = [
  fetchContent,
  understandContent,
  embedContent,
  clusterLibrary,
  placeSave,
  deliverWebhook,
  clusterDue,
  reconcileContents,
  dropOldRows,
  reembedContents,
]

/** What the clock starts. */
export const ticks = (config: Config): Tick[] => [
  { pattern: config.CLUSTER_SCHEDULE, job: clusterDue },
  { pattern: '17 * * * *', job: reconcileContents },
  { pattern: '40 3 * * *', job: dropOldRows },
]
