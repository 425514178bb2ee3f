import type { Sql } from './connection.ts'

/** Removes the oldest rows of a table that are older than so many days, at most `most`. @returns how many. */
export async function dropOld(
  sql: Sql,
  { name, days }: { name: string; days: number },
  most: number,
): Promise<number> {
  const key = sql(await primaryKey(sql, name))
  const gone = await sql`
    delete from ${sql(name)}
    where (${key}) in (
      select ${key}
      from ${sql(name)}
      where created_at < now() - ${`${days} days`}::interval
      order by created_at
      limit ${most}
    )`
  return gone.count
}

/** Its columns, in order. */
async function primaryKey(sql: Sql, table: string): Promise<string[]> {
  const columns = await sql<{ name: string }[]>`
    select a.attname as name
    from pg_constraint c
    cross join unnest(c.conkey) with ordinality as k (number, place)
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number
    where c.conrelid = ${table}::regclass and c.contype = 'p'
    order by k.place`
  return columns.map(({ name }) => name)
}
