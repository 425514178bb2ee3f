import type { Room } from '../room.ts'
import { accountRoutes } from './routes.ts'

export const accounts: Room = {
  name: 'accounts',
  tags: { Accounts: 'Who you are.' },
  routes: accountRoutes,
  tables: {
    users: { of: 'everybody', keeps: 'until the account is erased', exported: true },
    known_networks: { of: 'server', keeps: 30 },
  },
}
