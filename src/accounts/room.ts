import type { Room } from '../room.ts'
import { listAuditRoute } from './audit-log/routes.ts'
import { accountRoutes } from './routes.ts'
import { KNOWN_DAYS } from './store.ts'
import { accountsVariables } from './variables.ts'
import { words } from './words.ts'

export const accounts: Room = {
  name: 'accounts',
  words,
  variables: accountsVariables,
  tags: { Accounts: 'Who you are, and what was done in your name.' },
  routes: [...accountRoutes, listAuditRoute],
  tables: {
    users: { of: 'everybody', keeps: 'until the account is erased', exported: true },
    known_networks: { of: 'server', keeps: KNOWN_DAYS },
  },
}
