import { atOneMoment } from '../../ground/database/together.ts'
import { route } from '../../route.ts'
import { mayDo } from '../permissions.ts'
import { mayNotView } from '../users/rules.ts'
import { AuditAnswer, AuditQuery } from './schema.ts'
import { countAudit, listAudit } from './store.ts'

const ENTRY = {
  id: '019a5c40-11e0-7b21-a9d4-6e0f8c137b25',
  user_id: '019a5c3e-7c11-7a40-8b52-3f1d9e6a0c01',
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
      'What was done in the caller’s name, and the failed logins on their account, the newest first. Admins may name another user, or `all`.',
    may: 'read',
    limit: 'default',
    paged: 'text',
    query: AuditQuery,
    problems: [mayNotView],
    gives: {
      body: AuditAnswer,
      text: 'A page of entries.',
      example: { entries: [ENTRY], total: 1, limit: 20, offset: 0, has_more: false, next_cursor: null },
    },
  },
  async ({ sql, user, page, query: { user_id = user.id, action, from, to } }) => {
    if (user_id !== user.id && !mayDo(user.permissions, 'admin')) throw mayNotView()
    const wanted = { user_id: user_id === 'all' ? undefined : user_id, action, from, to }
    const [found, total] = await atOneMoment(sql, sql => [
      listAudit(sql, wanted, page),
      countAudit(sql, wanted),
    ])
    const { rows, paging } = page.of(found)
    return { entries: rows, total, ...paging }
  },
)
