import { userErased } from '../accounts/events.ts'
import { within } from '../ground/domain-events.ts'
import type { Room } from '../room.ts'
import { deadLetterRoutes } from './dead-letters/routes.ts'
import { dropOldRows } from './retention/jobs.ts'
import { forgetOperator } from './retention/store.ts'
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
    settings: { of: 'server', keeps: 'for good', erasure: 'the name of who changed it goes' },
    backups: { of: 'server', keeps: 'until it is removed', erasure: 'the name of who asked for it goes' },
  },
  listeners: [within(userErased, (tx, { id }) => forgetOperator(tx, id))],
  jobs: [dropOldRows],
  clock: () => [{ pattern: '40 3 * * *', job: dropOldRows }],
}
