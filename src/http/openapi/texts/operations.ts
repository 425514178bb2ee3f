import type { OperationText } from '../text.ts'
import { JOB_ID, SAVE } from './things.ts'

const JOB = {
  id: JOB_ID,
  type: 'fetch-content',
  status: 'PROCESSING',
  progress: 40,
  stage: 'understanding',
  error_message: null,
  attempts: 1,
  request_id: '7b0c8a52-6f1e-4c7d-9d3a-2f4b5e6c7d80',
  created_at: '2026-01-15T09:14:02.310Z',
  updated_at: '2026-01-15T09:14:03.120Z',
  links: { self: `/v1/jobs/${JOB_ID}`, item: `/v1/items/${SAVE.id}` },
}

const STREAM = `retry: 2000

id: 41
event: job.progress
data: {"job_id":"${JOB_ID}","save_id":"${SAVE.id}","content_id":"${SAVE.shared_content_id}","status":"PROCESSING","stage":"embedding","progress":70}

id: 42
event: content.ready
data: {"job_id":"${JOB_ID}","save_id":"${SAVE.id}","content_id":"${SAVE.shared_content_id}","status":"READY","title":"Flat white in Lisbon"}

`

export const OPERATION_TEXTS: Record<string, OperationText> = {
  listJobs: {
    description:
      'The runs of the worker chain on what the caller saved, and the clusterings of their library, the newest first.',
    answer: 'A page of jobs.',
    example: { jobs: [JOB], total: 1, limit: 20, offset: 0, has_more: false, next_cursor: null },
    problems: { 400: ['INVALID_CURSOR', 'The cursor is malformed or belongs to another list'] },
  },
  streamEvents: {
    description: `Server-Sent Events: \`job.progress\`, \`content.ready\`, \`content.failed\` and \`clusters.updated\`, whichever process did
the work. Each has the number that it has in the library as its \`id\`: with \`Last-Event-ID\` a stream goes on after that
number, for seven days. \`events.dropped\` says that some of what was missed is no longer kept. A comment comes every
fifteen seconds, and a stream ends after an hour: open it again.`,
    answer: 'A stream that stays open.',
    mediaType: 'text/event-stream',
    example: STREAM,
    problems: { 429: ['TOO_MANY_STREAMS', 'You have 20 streams open already', { retry_after: 15 }] },
  },
  getJob: {
    description: 'A job that concerns the caller: on their library, or on a content that they saved.',
    answer: 'How far the job and all that follows from it are.',
    example: JOB,
    problems: { 404: ['NOT_FOUND', 'Job not found or does not concern you'] },
  },
  listAudit: {
    description:
      'What was done in the caller’s name, and the failed logins on their account, the newest first.',
    answer: 'A page of entries.',
    example: {
      entries: [
        {
          id: '019a5c40-11e0-7b21-a9d4-6e0f8c137b25',
          action: 'save',
          resource_type: 'save',
          resource_id: SAVE.id,
          details: {},
          ip_address: '203.0.113.7',
          user_agent: 'curl/8.5.0',
          request_id: '7b0c8a52-6f1e-4c7d-9d3a-2f4b5e6c7d80',
          created_at: '2026-01-15T09:14:02.310Z',
        },
      ],
      total: 1,
      limit: 20,
      offset: 0,
      has_more: false,
      next_cursor: null,
    },
    problems: { 400: ['INVALID_CURSOR', 'The cursor is malformed or belongs to another list'] },
  },
  getHealth: {
    description:
      'Always answers, whatever is away: `degraded` says that a service is. For what decides about traffic see `/ready`.',
    answer: 'How each service is.',
    example: {
      status: 'healthy',
      version: '0.1.0',
      timestamp: '2026-01-15T09:14:02.310Z',
      services: { database: 'healthy', queue: 'healthy', vector_db: 'healthy', ai: 'healthy' },
    },
  },
  getReady: {
    description: '503 until the database is migrated and the queues are there, and while the server stops.',
    answer: 'It may get requests.',
    example: { status: 'ready' },
    problems: { 503: ['NOT_READY', 'The server is starting or stopping', { retry_after: 1 }] },
  },
}
