import type { Sql } from '../../../ground/database/connection.ts'

const ROWS_A_FETCH = 200

/** The columns of these tables, in their order, without those that the database works out. */
export async function findColumns(sql: Sql, tables: string[]): Promise<Map<string, string[]>> {
  const columns = await sql<{ table_name: string; name: string }[]>`
    select c.relname as table_name, a.attname as name
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relname in ${sql(tables)}
    order by c.relname, a.attnum`
  const byTable = Map.groupBy(columns, ({ table_name }) => table_name)
  return new Map([...byTable].map(([table, of]) => [table, of.map(({ name }) => name)]))
}

/** A user's rows of a table, some at a time. To be asked in a transaction. */
export async function* readRows(
  sql: Sql,
  { table, columns, by }: { table: string; columns: string[]; by: string },
  userId: string,
): AsyncGenerator<object[]> {
  await sql`
    declare exported no scroll cursor for
    select ${sql(columns)}
    from ${sql(table)}
    where ${sql(by)} = ${userId}`
  for (;;) {
    // Not prepared: the cursor has other columns for each table.
    const rows = await sql.unsafe<object[]>(`fetch ${ROWS_A_FETCH} from exported`)
    if (rows.length > 0) yield rows
    if (rows.length < ROWS_A_FETCH) break
  }
  await sql`close exported`
}
