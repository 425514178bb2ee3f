// What Postgres holds after a number of saves, table by table.
import type { Database } from '../../src/ground/database/connection.ts'

export async function reportRows(sql: Database['sql'], saves: number): Promise<void> {
  await sql`vacuum (analyze)`
  const tables = await sql<{ name: string; rows: number; heap: number; indexes: number; total: number }[]>`
    select n.nspname || '.' || c.relname as name, greatest(c.reltuples, 0)::integer as rows,
      pg_table_size(c.oid) as heap, pg_indexes_size(c.oid) as indexes, pg_total_relation_size(c.oid) as total
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('public', 'pgboss')
    order by pg_total_relation_size(c.oid) desc`
  let sum = 0
  for (const { name, rows, heap, indexes, total } of tables) {
    sum += total
    if (total < 20 * saves) continue
    console.log(
      `${name}: ${(rows / saves).toFixed(2)} rows a save; ${kilobytes(heap, saves)} table and ` +
        `${kilobytes(indexes, saves)} indexes, together ${kilobytes(total, saves)} kB a save`,
    )
  }
  console.log(`All tables: ${kilobytes(sum, saves)} kB a save, ${(sum / 1e6).toFixed(0)} MB`)
}

const kilobytes = (bytes: number, saves: number) => (bytes / saves / 1000).toFixed(2)
