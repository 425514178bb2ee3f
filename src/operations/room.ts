import type { Room } from '../room.ts'
import { listAuditRoute } from './audit-log/routes.ts'
import { deadLetterRoutes } from './dead-letters/routes.ts'
import { jobRoutes } from './jobs/routes.ts'
import { dropOldRows } from './retention/jobs.ts'

export const operations: Room = {
  name: 'operations',
  tags: {
    Jobs: 'What the server is doing for you.',
    Operations: 'How the server is, and what was done.',
  },
  routes: [...jobRoutes, listAuditRoute, ...deadLetterRoutes],
  jobs: [dropOldRows],
  clock: () => [{ pattern: '40 3 * * *', job: dropOldRows }],
  tables: {
    audit_entries: { of: 'user', keeps: 365, exported: true, erasure: 'the deed stays, without the person' },
    idempotency_keys: { of: 'user', keeps: 1, exported: 'it repeats answers of the last day' },
    rate_limits: { of: 'server', keeps: 'for as long as the longest window' },
    server_settings: { of: 'server', keeps: 'for good' },
    schema_migrations: { of: 'server', keeps: 'for good' },
  },
}
