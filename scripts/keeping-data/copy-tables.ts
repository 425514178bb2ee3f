// Every row from one database into another with the same tables: as text, which is exact for each type, in the order
// in which tables refer to each other.
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { Sql } from '../../src/ground/database/connection.ts'
import { findColumns, readRows } from '../../src/ground/database/every-table.ts'
import { Refusal } from './run-tool.ts'

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
  const target = await to`copy ${to(table)} (${to(columns)}) from stdin`.writable()
  const ended = finished(target)
  ended.catch(() => {})
  try {
    for await (const rows of readRows(from, table, columns)) {
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
