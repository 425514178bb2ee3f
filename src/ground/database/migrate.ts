// Forward-only migrations: sql/NNNN_name.sql, applied once each, in order, in one transaction.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Database, Sql } from './connection.ts'

const FOLDER = new URL('../../../sql/', import.meta.url)
/** Any number will do, as long as all versions of Trove use the same: "trove" in ASCII, shortened to 32 bits. */
const LOCK = 0x74726f76

/** SQLSTATE. Extensions are what an ordinary user may not make. */
const INSUFFICIENT_PRIVILEGE = '42501'
const LOCK_NOT_AVAILABLE = '55P03'
const LOCK_WAIT = '1s'
const AGAIN_MS = 2000
const ADVICE =
  'This database user may not create extensions. Have a superuser run once, in this database: create extension vector; create extension pg_trgm;'

interface Migration {
  version: number
  name: string
  text: string
  checksum: string
}

/** Thrown when the files and what was applied disagree: somebody edited history. */
export class MigrationError extends Error {}

/**
 * Brings the schema up to date. Any number of processes may call it at once: one works, the others wait.
 * A migration that fails leaves the schema as it was. One that needs a lock waits a second for it, since all who ask for
 * the table wait behind it, and comes back later.
 * @param blocked is told each time
 * @returns the names that were applied now.
 * @throws {MigrationError} when an applied migration was changed, or when the database is newer than this code.
 */
export async function migrate(
  { direct }: Pick<Database, 'direct'>,
  migrations?: Migration[],
  blocked: () => void = () => {},
): Promise<string[]> {
  const wanted = migrations ?? (await readMigrations())
  for (;;) {
    try {
      return await apply(direct, wanted)
    } catch (error) {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error
      blocked()
      await delay(AGAIN_MS * (1 + Math.random()))
    }
  }
}

function apply(sql: Database['direct'], wanted: Migration[]): Promise<string[]> {
  return sql.begin(async tx => {
    // Waiting for another process to finish may take longer than a statement of a request may.
    await tx`set local lock_timeout = 0`
    await tx`set local statement_timeout = 0`
    await tx`set local idle_in_transaction_session_timeout = 0`
    await tx`select pg_advisory_xact_lock(${LOCK})`
    await tx`
      create table if not exists schema_migrations (
        version integer primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz(3) not null default now()
      )`
    const done = await appliedMigrations(tx)
    const pending = wanted.filter(migration => isPending(migration, done))
    const newest = Math.max(0, ...wanted.map(({ version }) => version))
    const unknown = [...done.keys()].find(version => version > newest)
    if (unknown !== undefined) {
      throw new MigrationError(
        `The database has migration ${unknown}, which this version of Trove does not know. Run a newer Trove.`,
      )
    }
    await tx`select set_config('lock_timeout', ${LOCK_WAIT}, true)`
    for (const { version, name, text, checksum } of pending) {
      await tx.unsafe(text).catch(error => {
        throw error.code === INSUFFICIENT_PRIVILEGE ? new MigrationError(ADVICE) : error
      })
      await tx`
        insert into schema_migrations (version, name, checksum)
        values (${version}, ${name}, ${checksum})`
    }
    return pending.map(({ name }) => name)
  })
}

async function appliedMigrations(tx: Sql): Promise<Map<number, string>> {
  const rows = await tx<{ version: number; checksum: string }[]>`
    select version, checksum from schema_migrations`
  return new Map(rows.map(row => [row.version, row.checksum]))
}

function isPending({ version, name, checksum }: Migration, done: Map<number, string>): boolean {
  const applied = done.get(version)
  if (applied === undefined) return true
  if (applied !== checksum) {
    throw new MigrationError(
      `${name} was changed after it had been applied. Restore it, and write the change as a new migration.`,
    )
  }
  return false
}

export async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter(name => /^\d{4}_.*\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async name => {
      const text = await readFile(new URL(name, FOLDER), 'utf8')
      const checksum = createHash('sha256').update(text).digest('hex')
      return { version: Number(name.slice(0, 4)), name, text, checksum }
    }),
  )
}
