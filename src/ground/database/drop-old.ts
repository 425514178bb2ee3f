import type { Sql } from './connection.ts'

/** Removes the oldest rows of a table that are older than so many days, at most `most`. @returns how many. */
export async function dropOld(
  sql: Sql,
  { name, days }: { name: string; days: number },
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
