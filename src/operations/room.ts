import type { Room } from '../room.ts'
import { deadLetterRoutes } from './dead-letters/routes.ts'
import { dropOldRows } from './retention/jobs.ts'
import { operationsVariables } from './variables.ts'
import { words } from './words.ts'

export const operations: Room = {
  name: 'operations',
  words,
  variables: operationsVariables,
  tags: {
    Operations: 'How the server is.',
  },
  routes: deadLetterRoutes,
  tables: {
    settings: { of: 'server', keeps: 'for good' },
    backups: { of: 'server', keeps: 'until it is removed' },
  },
  jobs: [dropOldRows],
  clock: () => [{ pattern: '40 3 * * *', job: dropOldRows }],
}
