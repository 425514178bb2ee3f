import type { Sql } from './connection.ts'

/** What is kept for a time only, and how many days. */
export const KEPT = [
  { name: 'events', days: 7 },
  { name: 'jobs', days: 30 },
  { name: 'webhook_deliveries', days: 30 },
  { name: 'idempotency_keys', days: 1 },
  { name: 'audit_entries', days: 365 },
  { name: 'known_networks', days: 30 },
  { name: 'thumbnails', days: 30 },
] as const

/** Removes the oldest rows that have had their time, at most `most`. @returns how many. */
export async function dropOld(
  sql: Sql,
  { name, days }: (typeof KEPT)[number],
  most: number,
): Promise<number> {
  const gone = await sql`
    delete from ${sql(name)}
    where ctid in (
      select ctid
      from ${sql(name)}
      where created_at < now() - ${`${days} days`}::interval
      order by created_at
      limit ${most}
    )`
  return gone.count
}
