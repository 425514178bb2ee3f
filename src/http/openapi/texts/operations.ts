import type { OperationText } from '../text.ts'
import { JOB_ID, SAVE } from './things.ts'

export const OPERATION_TEXTS: Record<string, OperationText> = {
  getJob: {
    description: 'A job that concerns the caller: on their library, or on a content that they saved.',
    answer: 'How far the job and all that follows from it are.',
    example: {
      id: JOB_ID,
      type: 'fetch-content',
      status: 'PROCESSING',
      progress: 40,
      stage: 'understanding',
      error_message: null,
      attempts: 1,
      created_at: '2026-01-15T09:14:02.310Z',
      updated_at: '2026-01-15T09:14:03.120Z',
      links: { self: `/v1/jobs/${JOB_ID}`, item: `/v1/items/${SAVE.id}` },
    },
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
