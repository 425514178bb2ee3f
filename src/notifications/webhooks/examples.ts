// A webhook and a delivery of the document's examples.
import { USER } from '../../accounts/examples.ts'
import { SAVE } from '../../library/examples.ts'

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwKQ9r8GKYqrQ='

export const NEW_WEBHOOK = {
  url: 'https://hooks.example.com/trove',
  events: ['content.ready', 'content.failed'],
}

export const WEBHOOK = {
  id: '019a5c44-0b12-7f6e-9d01-7a5c3e2b4f68',
  ...NEW_WEBHOOK,
  is_active: true,
  disabled_reason: null,
  failing_since: null,
  previous_secret_until: null,
  created_at: USER.created_at,
  updated_at: USER.created_at,
}

export const DELIVERY = {
  id: '019a5c45-2c34-7a90-8b12-0d9e8f7a6b5c',
  webhook_id: WEBHOOK.id,
  event: 'content.ready',
  data: { save_id: SAVE.id, content_id: SAVE.shared_content_id, status: 'READY', title: 'Five brunch cafes' },
  status: 'delivered',
  attempts: 1,
  response_status: 204,
  error_message: null,
  duration_ms: 84,
  next_attempt_at: null,
  created_at: '2026-01-15T09:14:03.870Z',
  updated_at: '2026-01-15T09:14:03.990Z',
}

export const ONE_PAGE = { total: 1, limit: 20, offset: 0, has_more: false, next_cursor: null }
