import { atOneMoment } from '../../ground/database/together.ts'
import { route } from '../../route.ts'
import { AuditAnswer, AuditQuery } from './schema.ts'
import { countAudit, listAudit } from './store.ts'

const ENTRY = {
  id: '019a5c40-11e0-7b21-a9d4-6e0f8c137b25',
  action: 'save',
  resource_type: 'save',
  resource_id: '019a5c40-11de-7c8b-9a3c-5b7e2f804d12',
  details: {},
  ip_address: '203.0.113.7',
  user_agent: 'curl/8.5.0',
  request_id: '7b0c8a52-6f1e-4c7d-9d3a-2f4b5e6c7d80',
  created_at: '2026-01-15T09:14:02.310Z',
}

/** What was done in the caller's name. */
export const listAuditRoute = route(
  'GET /v1/audit',
  {
    id: 'listAudit',
    tag: 'Operations',
    summary: 'What was done in your name',
    description:
      'What was done in the caller’s name, and the failed logins on their account, the newest first.',
    may: 'read',
    limit: 'default',
    paged: 'text',
    query: AuditQuery,
    gives: {
      body: AuditAnswer,
      text: 'A page of entries.',
      example: { entries: [ENTRY], total: 1, limit: 20, offset: 0, has_more: false, next_cursor: null },
    },
  },
  async ({ sql, user, page }) => {
    const [found, total] = await atOneMoment(sql, sql => [
      listAudit(sql, user.id, page),
      countAudit(sql, user.id),
    ])
    const { rows, paging } = page.of(found)
    return { entries: rows, total, ...paging }
  },
)
