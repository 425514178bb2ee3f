import type { Sql } from '../database/connection.ts'

/** Whoever holds settings in memory is told here that there are others. */
export const SETTINGS_CHANNEL = 'trove_settings'

export interface StoredSettings {
  /** Grows with each change; 0 while nothing was ever set. */
  version: number
  /** By key; null where a setting was taken back. */
  values: Record<string, unknown>
}

export async function readSettings(sql: Sql): Promise<StoredSettings> {
  const rows = await sql<{ key: string; value: unknown; version: number }[]>`
    select key, value, version
    from settings`
  return {
    version: Math.max(0, ...rows.map(({ version }) => version)),
    values: Object.fromEntries(rows.map(({ key, value }) => [key, value])),
  }
}

/** Until the transaction ends nobody else changes a setting. */
export async function lockSettings(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('settings', 0))`
}

/**
 * Writes settings; what is not among `values` stays. Every process is told at the transaction's end.
 * @param by the admin's id
 */
export async function writeSettings(
  sql: Sql,
  values: Record<string, string | number | null>,
  version: number,
  by: string,
): Promise<void> {
  await sql`
    insert into settings (key, value, version, updated_by)
    select key, value, ${version}, ${by}
    from jsonb_each(${sql.json(values)})
    on conflict (key) do update
    set value = excluded.value, version = excluded.version, updated_by = excluded.updated_by,
      updated_at = excluded.updated_at`
  await sql`select pg_notify(${SETTINGS_CHANNEL}, '')`
}

/** Takes an admin's name from what they have set. */
export async function forgetSetter(sql: Sql, by: string): Promise<void> {
  await sql`
    update settings
    set updated_by = null
    where updated_by = ${by}`
}
