// The registry: one line a job.
import { clusterLibrary } from '#jobs/cluster-library'
import { embedContent } from '#jobs/embed-content'
import { fetchContent } from '#jobs/fetch-content'
import { understandContent } from '#jobs/understand-content'
import type { AnyJob } from '../src/queue.ts'

export const JOBS: AnyJob[] = [fetchContent, understandContent, embedContent, clusterLibrary]
