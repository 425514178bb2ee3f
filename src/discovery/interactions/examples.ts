import { USER } from '../../accounts/examples.ts'
import { SAVE } from '../../library/examples.ts'

export const NEW_INTERACTION = {
  content_id: SAVE.id,
  interaction_type: 'view' as const,
  duration_ms: 8400,
  metadata: { from: 'search' },
}

export const INTERACTION = {
  id: '019a5c40-11e4-7f3a-8c21-4d5e6f708192',
  user_id: USER.id,
  ...NEW_INTERACTION,
  rating: null,
  created_at: '2026-01-15T18:00:00.000Z',
  updated_at: '2026-01-15T18:00:00.000Z',
}
