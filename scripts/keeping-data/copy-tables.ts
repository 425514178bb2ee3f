// Every row from one database into another with the same tables: as text, which is exact for each type, in the order
// in which tables refer to each other.
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { Sql } from '../../src/ground/database/connection.ts'
import { Refusal } from './run-tool.ts'

/** What begins anew by itself: counters of a minute, pictures that are fetched again, and pg-boss' notes about itself. */
const LEFT_OUT = ['public.schema_migrations', 'public.rate_limits', 'public.thumbnails']
const QUEUE_TABLES = [
  'pgboss.queue',
  'pgboss.schedule',
  'pgboss.subscription',
  'pgboss.job',
  'pgboss.job_dependency',
]

const ROWS_A_FETCH = 200

/** The tables to copy, each after those that it refers to. */
export async function findTables(sql: Sql): Promise<string[]> {
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
  return [...ordered, ...QUEUE_TABLES]
}

/** What is stored in a table, and not worked out by the database. */
async function findColumns(sql: Sql, table: string): Promise<string[]> {
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

/**
 * Empties the target's tables, fills them, and compares all that arrived.
 * @throws {Refusal} when a table is not as it was
 */
export async function copyTables(from: Sql, to: Sql, tables: string[]): Promise<void> {
  for (const table of tables.toReversed()) await to`delete from ${to(table)}`
  for (const table of tables) {
    console.log(`Copying ${table}`)
    await copyTable(from, to, table)
  }
  // Last, since what is written to one table may have changed another.
  console.log('Comparing')
  for (const table of tables) await compare(from, to, table)
}

async function copyTable(from: Sql, to: Sql, table: string): Promise<void> {
  const columns = await findColumns(to, table)
  const texts = columns.map((name, i) => from`${i === 0 ? from`` : from`,`} ${from(name)}::text`)
  await from`declare moved no scroll cursor for select ${texts} from ${from(table)}`
  const target = await to`copy ${to(table)} (${to(columns)}) from stdin`.writable()
  const ended = finished(target)
  ended.catch(() => {})
  try {
    for (;;) {
      // Not prepared: its columns are other ones for each table.
      const rows = await from.unsafe(`fetch ${ROWS_A_FETCH} from moved`).values()
      if (rows.length === 0) break
      const text = rows.map(row => `${row.map(escapeText).join('\t')}\n`).join('')
      if (!target.write(text)) await Promise.race([once(target, 'drain'), ended])
    }
    target.end()
    await ended
  } catch (error) {
    // The connection takes no rollback while it is copying.
    target.destroy(error as Error)
    throw error
  }
  await from`close moved`
}

/** As COPY's text format wants it (PostgreSQL documentation, COPY, "Text Format"). */
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const escapeText = (value: string | null) =>
  value === null ? '\\N' : value.replace(/[\\\n\r\t]/g, found => ESCAPES[found]!)

/** @throws {Refusal} when not every row of the table arrived as it was */
async function compare(from: Sql, to: Sql, table: string): Promise<void> {
  const before = await findDigest(from, table)
  const after = await findDigest(to, table)
  if (before.rows === after.rows && before.digest === after.digest) return
  throw new Refusal(
    `${table} did not arrive as it was: ${before.rows} rows there, ${after.rows} here. Nothing was changed.`,
  )
}

/** How many rows a table has, and a sum of their hashes, which does not depend on their order. */
async function findDigest(sql: Sql, table: string): Promise<{ rows: number; digest: string }> {
  const columns = await findColumns(sql, table)
  const [found] = await sql<{ rows: number; digest: string }[]>`
    select count(*) as rows, coalesce(sum(('x' || left(md5(r::text), 15))::bit(60)::bigint), 0)::text as digest
    from (select ${sql(columns)} from ${sql(table)}) r`
  return found!
}
