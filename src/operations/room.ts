import type { Room } from '../room.ts'
import { deadLetterRoutes } from './dead-letters/routes.ts'
import { dropOldRows } from './retention/jobs.ts'
import { operationsVariables } from './variables.ts'

export const operations: Room = {
  name: 'operations',
  variables: operationsVariables,
  tags: {
    Operations: 'How the server is.',
  },
  routes: deadLetterRoutes,
  jobs: [dropOldRows],
  clock: () => [{ pattern: '40 3 * * *', job: dropOldRows }],
  tables: {
    idempotency_keys: { of: 'user', keeps: 1, exported: 'it repeats answers of the last day' },
    rate_limits: { of: 'server', keeps: 'for as long as the longest window' },
    server_settings: { of: 'server', keeps: 'for good' },
    schema_migrations: { of: 'server', keeps: 'for good' },
  },
}
