// A backup that was made by the API, into an empty database of either kind: its tables as they were then, and its rows.
import type { Config } from '../../src/config/config.ts'
import { openDatabase, type Sql } from '../../src/ground/database/connection.ts'
import { agreeOnText, findTables, liftTimeouts } from '../../src/ground/database/every-table.ts'
import { migrate, readMigrations } from '../../src/ground/database/migrate.ts'
import { createLog } from '../../src/ground/log/log.ts'
import { Queue } from '../../src/ground/queue/queue.ts'
import { QUEUE_TABLES } from '../../src/ground/queue/tables.ts'
import {
  type Content,
  countRows,
  DamagedBackup,
  type Header,
  readBackup,
} from '../../src/operations/backups/backup-file.ts'
import { JOBS } from '../../src/rooms.ts'
import { Refusal } from './run-tool.ts'
import { findState, refuseServers } from './store.ts'

const ROWS_A_STATEMENT = 100
const GZIP = [0x1f, 0x8b]

/** Whether a file is one of these, by how it begins. */
export const isRowsFile = (beginning: Uint8Array): boolean => GZIP.every((byte, i) => beginning[i] === byte)

/** What the file says of itself, when all of it was read and is whole. @throws {Refusal} */
export async function readRowsHeader(path: string): Promise<Header> {
  try {
    await countRows(path)
    return (await readBackup(path)).header
  } catch (error) {
    if (!(error instanceof DamagedBackup)) throw error
    throw new Refusal(`${path} cannot be restored: ${error.message}. Nothing was changed.`)
  }
}

/** @throws {Refusal} when the database is in use, or somebody has used it */
export async function restoreRows(config: Config, path: string, { migrations }: Header): Promise<void> {
  const database = await openDatabase(config)
  try {
    if ((await findState(database.sql)) === 'used') {
      throw new Refusal(
        'That database has people and saves in it. A backup of this kind goes into an empty one. Nothing was changed.',
      )
    }
    if (!database.isEmbedded) await refuseServers(database.sql)
    const had = new Set(migrations.map(({ version }) => version))
    await migrate(
      database,
      (await readMigrations()).filter(({ version }) => had.has(version)),
    )
    const queue = new Queue(database, config, createLog({ ...config, LOG_LEVEL: 'error' }))
    await queue.start(JOBS)
    await queue.stop(1)
    await database.sql.begin(async tx => {
      await liftTimeouts(tx)
      await agreeOnText(tx)
      await fill(tx, await readBackup(path))
    })
    await database.sql`set statement_timeout = 0`
    await database.sql`analyze`
  } finally {
    await database.close()
  }
}

async function fill(tx: Sql, { tables }: Content): Promise<void> {
  // What migrations and the queue's start have put there.
  for (const table of (await findTables(tx, QUEUE_TABLES)).toReversed()) await tx`delete from ${tx(table)}`
  for await (const { table, columns, rows } of tables) {
    console.log(`Restoring ${table}`)
    const into = `insert into ${table} (${columns.map(name => `"${name}"`).join()}) values`
    let lines: string[] = []
    const insert = async () => {
      if (lines.length > 0) await tx.unsafe(`${into} ${lines.join()}`)
      lines = []
    }
    for await (const row of rows) {
      lines.push(`(${row.map(literal).join()})`)
      if (lines.length === ROWS_A_STATEMENT) await insert()
    }
    await insert()
  }
}

/** As standard SQL writes text; Postgres makes of it what the column is. The embedded database knows no COPY from outside. */
const literal = (value: string | null) => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`)
