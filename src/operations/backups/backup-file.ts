// The file of a backup: gzip of lines of JSON. The first says what it is; each table has a line that names its columns, a line
// a row with every value as Postgres writes it as text, and one with how many they were and their SHA-256; the last line
// says that it is whole.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Pool, Sql } from '../../ground/database/connection.ts'
import {
  agreeOnText,
  findColumns,
  findTables,
  liftTimeouts,
  readRows,
} from '../../ground/database/every-table.ts'
import { QUEUE_TABLES } from '../../ground/queue/tables.ts'
import { VERSION } from '../../ground/version.ts'
import { listMigrations } from './store.ts'

const FORMAT = 'trove-rows'
/** What tells of backups themselves is of this server, and not of what it keeps. */
const LEFT_OUT = 'public.backups'

export interface Header {
  format: typeof FORMAT
  format_version: 1
  trove_version: string
  created_at: string
  /** Those that its database has had. */
  migrations: { version: number; name: string; checksum: string }[]
}

interface TableBegin {
  table: string
  columns: string[]
}
interface TableEnd {
  end: string
  rows: number
  sha256: string
}
type Row = (string | null)[]

/** Rows by table. */
export type Counts = Record<string, number>

export interface Written {
  bytes: number
  /** Of the file, hex. */
  sha256: string
  counts: Counts
}

/** The file is no backup, is cut off, or was changed. */
export class DamagedBackup extends Error {}

const line = (value: object) => `${JSON.stringify(value)}\n`

async function* linesOf(sql: Sql, counts: Counts): AsyncGenerator<string> {
  await liftTimeouts(sql)
  await agreeOnText(sql)
  const migrations = await listMigrations(sql)
  yield line({
    ...{ format: FORMAT, format_version: 1, trove_version: VERSION },
    created_at: new Date().toISOString(),
    migrations,
  } satisfies Header)
  const tables = (await findTables(sql, QUEUE_TABLES)).filter(table => table !== LEFT_OUT)
  for (const table of tables) {
    const columns = await findColumns(sql, table)
    yield line({ table, columns } satisfies TableBegin)
    const hash = createHash('sha256')
    let count = 0
    for await (const rows of readRows(sql, table, columns)) {
      const text = rows.map(line).join('')
      hash.update(text)
      count += rows.length
      yield text
    }
    counts[table] = count
    yield line({ end: table, rows: count, sha256: hash.digest('hex') } satisfies TableEnd)
  }
  yield line({ end: 'all', tables: tables.length })
}

/**
 * Writes all that the database keeps, as it is at one moment, into a new file that its owner alone may read. The file has
 * its name when it is whole and on the disk.
 */
export async function writeBackup(sql: Pool, path: string): Promise<Written> {
  const partial = `${path}.partial`
  const counts: Counts = {}
  const hash = createHash('sha256')
  let bytes = 0
  await rm(partial, { force: true })
  await sql.begin('isolation level repeatable read read only', tx =>
    pipeline(
      Readable.from(linesOf(tx, counts)),
      createGzip(),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          bytes += chunk.length
          yield chunk
        }
      },
      createWriteStream(partial, { mode: 0o600, flags: 'wx' }),
    ),
  )
  await sync(partial)
  await rename(partial, path)
  await sync(dirname(path))
  return { bytes, sha256: hash.digest('hex'), counts }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** What a backup holds, in the order in which tables refer to each other. Each table's rows are read before the next one. */
export interface Content {
  header: Header
  tables: AsyncGenerator<TableBegin & { rows: AsyncGenerator<Row> }>
}

/** @throws {DamagedBackup} also later, by `tables`, where what was read until then was whole */
export async function readBackup(path: string): Promise<Content> {
  const lines = linesIn(path)
  const header = await next<Header>(lines)
  if (header.format !== FORMAT || header.format_version !== 1) {
    throw new DamagedBackup('It is not a backup that this version of Trove can read')
  }
  return { header, tables: tablesIn(lines) }
}

async function* tablesIn(
  lines: AsyncGenerator<string>,
): AsyncGenerator<TableBegin & { rows: AsyncGenerator<Row> }> {
  let tables = 0
  for (;;) {
    const begin = await next<TableBegin & { end?: string; tables?: number }>(lines)
    if (begin.end === 'all' && begin.tables === tables) return
    if (typeof begin.table !== 'string' || !Array.isArray(begin.columns))
      throw new DamagedBackup('It is damaged')
    yield { table: begin.table, columns: begin.columns, rows: rowsIn(lines, begin.table) }
    tables++
  }
}

async function* rowsIn(lines: AsyncGenerator<string>, table: string): AsyncGenerator<Row> {
  const hash = createHash('sha256')
  for (let rows = 0; ; rows++) {
    const { done, value: text } = await lines.next()
    if (done) throw new DamagedBackup('It is cut off')
    const value = parse<Row | TableEnd>(text)
    if (Array.isArray(value)) {
      hash.update(`${text}\n`)
      yield value
      continue
    }
    const isWhole = value.end === table && value.rows === rows && value.sha256 === hash.digest('hex')
    if (!isWhole) throw new DamagedBackup(`Its rows of ${table} are not those that were written`)
    return
  }
}

async function next<T>(lines: AsyncGenerator<string>): Promise<T> {
  const { done, value } = await lines.next()
  if (done) throw new DamagedBackup('It is cut off')
  return parse<T>(value)
}

function parse<T>(text: string): T {
  try {
    return JSON.parse(text) as T
  } catch {
    throw new DamagedBackup('It is damaged')
  }
}

async function* linesIn(path: string): AsyncGenerator<string> {
  const file = createReadStream(path)
  const plain = file.pipe(createGunzip())
  file.on('error', error => plain.destroy(error))
  try {
    yield* createInterface({ input: plain, crlfDelay: Number.POSITIVE_INFINITY })
    // A stream that has failed ends the lines as if it had ended.
    if (plain.errored) throw plain.errored
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') throw error
    throw error instanceof DamagedBackup ? error : new DamagedBackup('It is cut off or damaged')
  } finally {
    file.destroy()
  }
}

/** How many rows a file has of each table. @throws {DamagedBackup} unless it is whole */
export async function countRows(path: string): Promise<Counts> {
  const counts: Counts = {}
  const { tables } = await readBackup(path)
  for await (const { table, rows } of tables) {
    counts[table] = 0
    for await (const _ of rows) counts[table]++
  }
  return counts
}

/** Of a file, hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
