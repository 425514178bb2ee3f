import type { Sql } from './database/connection.ts'

/** Whose rows a table holds, and for how long. */
export interface Table {
  /** `user`: each row is one user's, named in `user_id`. `everybody`: shared. `server`: nobody's. */
  of: 'user' | 'everybody' | 'server'
  /** Days after `created_at`, or in words how long a row stays. */
  keeps: number | string
  /** Whether a user's export holds it; if not, why. */
  exported?: true | string
  /** The column that names the user, where it is not `user_id`. */
  by?: string
  /** Columns that an export leaves out, and why. */
  withheld?: Record<string, string>
  /** What erasing a user does to it, where their rows do not go with the row of `users`. */
  erasure?: string
}

/** Lists what is a user's, some at a time; in a snapshot, as long as the export runs. */
export type Listing = (sql: Sql, userId: string) => AsyncIterable<object[]>

/**
 * Removes what is a user's before their account goes, at most `most` at once, in a transaction of its own.
 * @returns how many; fewer than `most` when nothing is left
 */
export type Removing = (sql: Sql, userId: string, most: number) => Promise<number>

/** What is known of all rooms together of what belongs to a user. */
export interface Personal {
  tables: Record<string, Table>
  /** What an export holds besides rows of tables, by its name there. */
  exports: Record<string, Listing>
  /** In the order of locks. */
  erases: Removing[]
}

/** What the ground keeps for all rooms. */
export const GROUND_TABLES: Record<string, Table> = {
  audit_entries: { of: 'user', keeps: 365, exported: true, erasure: 'the deed stays, without the person' },
  idempotency_keys: {
    of: 'user',
    keeps: 1,
    exported: 'it repeats answers of the last day',
    erasure: 'they go',
  },
  rate_limits: {
    of: 'server',
    keeps: 'for as long as the longest window',
    erasure: 'the user’s counters go',
  },
  settings: { of: 'server', keeps: 'for good', erasure: 'the name of who changed it goes' },
  server_settings: { of: 'server', keeps: 'for good' },
  two_phase: { of: 'server', keeps: 'it has no rows' },
  schema_migrations: { of: 'server', keeps: 'for good' },
}
