import { userNotFound } from '../../../accounts/users/managed.ts'
import { mayNotView } from '../../../accounts/users/rules.ts'
import { route } from '../../../route.ts'
import { INTERACTION } from '../examples.ts'
import { mayAskOf } from '../lists/routes.ts'
import { UserParams } from '../lists/schema.ts'
import { StatsAnswer } from './schema.ts'
import { readStats } from './store.ts'

export const statsOfUser = route(
  'GET /v1/users/:id/stats',
  {
    id: 'getUserStats',
    tag: 'Interactions',
    summary: 'How much a user has, and since when',
    description: 'Your own; admins may name anybody.',
    may: 'read',
    limit: 'default',
    params: UserParams,
    gives: {
      body: StatsAnswer,
      text: 'Counts of what is the user’s.',
      example: {
        user_id: INTERACTION.user_id,
        saves: 120,
        works: 4,
        generations: 1,
        tags: 17,
        categories: 6,
        interactions: 348,
        storage_bytes: 2_481_152,
        first_activity: '2026-01-15T09:14:02.310Z',
        last_activity: '2026-01-15T18:00:00.000Z',
      },
    },
    problems: [mayNotView, userNotFound],
  },
  async ({ sql, user, params: { id } }) => {
    await mayAskOf(sql, user, id)
    return { user_id: id, ...(await readStats(sql, id)) }
  },
)
