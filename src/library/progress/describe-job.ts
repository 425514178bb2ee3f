import type { Status } from '../../vocabulary.ts'
import type { Job } from './schema.ts'
import type { JobRow } from './store.ts'

const STATUS_OF_STATE: Record<NonNullable<JobRow['state']>, Status> = {
  created: 'PENDING',
  retry: 'PENDING',
  active: 'PROCESSING',
  completed: 'READY',
  cancelled: 'FAILED',
  failed: 'FAILED',
}

const STATUS_OF_STAGE: Record<NonNullable<JobRow['run_stage']>, Status> = {
  queued: 'PENDING',
  understanding: 'PROCESSING',
  embedding: 'PROCESSING',
  done: 'READY',
  failed: 'FAILED',
}

/**
 * What a client is told of a job. A save's first job stands for its whole chain: it is as far as the run, which a content
 * that is READY already has when it is read again; a run that another one has replaced is as far as the content.
 */
export function describeJob(row: JobRow): Job {
  // What the queue has forgotten was done long ago.
  const status = row.run_stage
    ? STATUS_OF_STAGE[row.run_stage]
    : (row.content_status ?? STATUS_OF_STATE[row.state ?? 'completed'])
  return {
    id: row.id,
    type: row.type,
    status,
    ...progressOf(row, status),
    error_message: status === 'FAILED' ? (row.content_error ?? 'The job failed') : null,
    attempts: row.attempts ?? 1,
    request_id: row.request_id,
    created_at: row.created_at,
    updated_at: row.updated_at,
    links: { self: `/v1/jobs/${row.id}`, item: row.save_id && `/v1/items/${row.save_id}` },
  }
}

function progressOf(row: JobRow, status: Status): Pick<Job, 'progress' | 'stage'> {
  if (status === 'READY') return { progress: 100, stage: 'done' }
  if (status === 'FAILED') return { progress: 100, stage: 'failed' }
  if (row.content_status === null) {
    if (status === 'PENDING') return { progress: 0, stage: 'queued' }
    return { progress: 50, stage: row.type === 'cluster-library' ? 'clustering' : 'running' }
  }
  if (status === 'PENDING') {
    return row.state === 'active' ? { progress: 10, stage: 'fetching' } : { progress: 0, stage: 'queued' }
  }
  const isUnderstood = row.run_stage ? row.run_stage === 'embedding' : row.is_understood
  return isUnderstood ? { progress: 70, stage: 'embedding' } : { progress: 40, stage: 'understanding' }
}
