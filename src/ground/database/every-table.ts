// All rows of all tables, whatever they are: for who copies them, or writes them into a file.
import type { Sql } from './connection.ts'

/** What begins anew by itself: counters of a minute, pictures that are fetched again. */
const LEFT_OUT = ['public.schema_migrations', 'public.rate_limits', 'public.thumbnails']

/** The tables whose rows are what Trove keeps, each after those that it refers to; those of the queue last. */
export async function findTables(sql: Sql, queueTables: string[]): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select 'public.' || c.relname as name
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by 1`
  const references = await sql<{ name: string; needs: string }[]>`
    select 'public.' || a.relname as name, 'public.' || b.relname as needs
    from pg_constraint f
    join pg_class a on a.oid = f.conrelid
    join pg_class b on b.oid = f.confrelid
    where f.contype = 'f' and a.relnamespace = 'public'::regnamespace and a.oid <> b.oid`
  const left = tables.map(({ name }) => name).filter(name => !LEFT_OUT.includes(name))
  const ordered: string[] = []
  while (left.length > 0) {
    const next = left.findIndex(name => references.every(it => it.name !== name || !left.includes(it.needs)))
    if (next < 0) throw new Error(`These tables refer to each other in a circle: ${left.join(', ')}`)
    ordered.push(...left.splice(next, 1))
  }
  return [...ordered, ...queueTables]
}

/** What is stored in a table, and not worked out by the database. */
export async function findColumns(sql: Sql, table: string): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select attname as name
    from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = ''
    order by attnum`
  return rows.map(({ name }) => name)
}

/** Text is the same on both sides only when both write it the same way. */
export async function agreeOnText(sql: Sql): Promise<void> {
  await sql`set local timezone = 'UTC'`
  await sql`set local datestyle = 'ISO'`
  await sql`set local intervalstyle = 'postgres'`
  await sql`set local extra_float_digits = 1`
  await sql`set local bytea_output = 'hex'`
}

/** What takes as long as there are rows is not cut off. */
export async function liftTimeouts(sql: Sql): Promise<void> {
  await sql`set local statement_timeout = 0`
  await sql`set local lock_timeout = 0`
  await sql`set local idle_in_transaction_session_timeout = 0`
}

const ROWS_A_FETCH = 200

/** The rows of a table, each column as the text that Postgres writes it as; so many at a time. */
export async function* readRows(
  sql: Sql,
  table: string,
  columns: string[],
): AsyncGenerator<(string | null)[][]> {
  const texts = columns.map((name, i) => sql`${i === 0 ? sql`` : sql`,`} ${sql(name)}::text`)
  await sql`declare every_row no scroll cursor for select ${texts} from ${sql(table)}`
  for (;;) {
    // Not prepared: its columns are other ones for each table.
    const rows = await sql.unsafe(`fetch ${ROWS_A_FETCH} from every_row`).values()
    if (rows.length === 0) break
    yield rows as (string | null)[][]
  }
  await sql`close every_row`
}
