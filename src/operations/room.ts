import { userErased } from '../accounts/events.ts'
import { within } from '../ground/domain-events.ts'
import { liveSettings } from '../ground/settings/settings.ts'
import type { Room } from '../room.ts'
import { makeBackup } from './backups/jobs.ts'
import { backupRoutes } from './backups/routes.ts'
import { backupWords } from './backups/words.ts'
import { adminSessionRoutes } from './dashboard/session-routes.ts'
import { deadLetterRoutes } from './dead-letters/routes.ts'
import { healthWords } from './health/words.ts'
import { dropOldRows } from './retention/jobs.ts'
import { forgetOperator } from './retention/store.ts'
import { configRoutes } from './settings/routes.ts'
import { testDatabase } from './settings/test-database.ts'
import { configWords } from './settings/words.ts'
import { operationsVariables } from './variables.ts'
import { words } from './words.ts'

export const operations: Room = {
  name: 'operations',
  words: [words, healthWords, configWords, backupWords],
  variables: operationsVariables,
  tags: {
    Operations: 'How the server is.',
  },
  routes: [...configRoutes, testDatabase, ...backupRoutes, ...deadLetterRoutes, ...adminSessionRoutes],
  tables: {
    backups: { of: 'server', keeps: 'until it is removed', erasure: 'the name of who asked for it goes' },
  },
  listeners: [within(userErased, (tx, { id }) => forgetOperator(tx, id))],
  // Before the first request: who may register is one of them.
  starts: context => liveSettings(context).load(),
  jobs: [dropOldRows, makeBackup],
  clock: () => [{ pattern: '40 3 * * *', job: dropOldRows }],
}
