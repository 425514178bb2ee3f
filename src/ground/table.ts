/** Whose rows a table holds, and for how long. */
export interface Table {
  /** `user`: each row is one user's, named in `user_id`. `everybody`: shared. `server`: nobody's. */
  of: 'user' | 'everybody' | 'server'
  /** Days after `created_at`, or in words how long a row stays. */
  keeps: number | string
  /** Whether a user's export holds it; if not, why. */
  exported?: true | string
  /** What erasing a user does to it, where their rows do not simply go. */
  erasure?: string
}

/** What the ground keeps for all rooms. */
export const GROUND_TABLES: Record<string, Table> = {
  audit_entries: { of: 'user', keeps: 365, exported: true, erasure: 'the deed stays, without the person' },
  idempotency_keys: { of: 'user', keeps: 1, exported: 'it repeats answers of the last day' },
  rate_limits: { of: 'server', keeps: 'for as long as the longest window' },
  settings: { of: 'server', keeps: 'for good' },
  server_settings: { of: 'server', keeps: 'for good' },
  two_phase: { of: 'server', keeps: 'it has no rows' },
  schema_migrations: { of: 'server', keeps: 'for good' },
}
