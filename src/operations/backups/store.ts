import type { Sql } from '../../ground/database/connection.ts'
import type { Wanted } from '../../ground/http/paging.ts'
import type { Header, Written } from './backup-file.ts'

export interface BackupRow {
  id: string
  status: 'PENDING' | 'PROCESSING' | 'READY' | 'FAILED'
  file: string | null
  bytes: number | null
  sha256: string | null
  counts: Record<string, number> | null
  error_message: string | null
  created_by: string
  verified_at: string | null
  finished_at: string | null
  created_at: string
}

const columns = (sql: Sql) => sql`
  id, status, file, bytes, sha256, counts, error_message, created_by, verified_at, finished_at, created_at`

/** The migrations that this database has had, in order. */
export async function listMigrations(sql: Sql): Promise<Header['migrations']> {
  return sql<Header['migrations']>`
    select version, name, checksum
    from schema_migrations
    order by version`
}

/** Adds a backup, unless one is under way: one is made at a time. */
export async function insertBackup(sql: Sql, id: string, by: string): Promise<BackupRow | undefined> {
  await sql`select pg_advisory_xact_lock(hashtext('trove backups'))`
  const [added] = await sql<BackupRow[]>`
    insert into backups (id, status, created_by)
    select ${id}, 'PENDING', ${by}
    where not exists (select from backups where status in ('PENDING', 'PROCESSING'))
    returning ${columns(sql)}`
  return added
}

/** The newest first: ids are UUIDv7. */
export async function listBackups(sql: Sql, { limit, offset, after }: Wanted): Promise<BackupRow[]> {
  return sql<BackupRow[]>`
    select ${columns(sql)}
    from backups
    ${after ? sql`where id < ${after.id}` : sql``}
    order by id desc
    limit ${limit} offset ${offset}`
}

export async function countBackups(sql: Sql): Promise<number> {
  const [counted] = await sql<{ total: number }[]>`select count(*) as total from backups`
  return counted!.total
}

export async function findBackup(sql: Sql, id: string): Promise<BackupRow | undefined> {
  const [backup] = await sql<BackupRow[]>`
    select ${columns(sql)}
    from backups
    where id = ${id}`
  return backup
}

/** Notes that it is being written, and where. @returns whether anybody still wants it */
export async function beginBackup(sql: Sql, id: string, file: string): Promise<boolean> {
  const begun = await sql`
    update backups
    set status = 'PROCESSING', file = ${file}
    where id = ${id} and status in ('PENDING', 'PROCESSING')
    returning id`
  return begun.length > 0
}

export async function finishBackup(sql: Sql, id: string, { bytes, sha256, counts }: Written): Promise<void> {
  await sql`
    update backups
    set status = 'READY', bytes = ${bytes}, sha256 = ${sha256}, counts = ${sql.json(counts)}, finished_at = now()
    where id = ${id}`
}

export async function failBackup(sql: Sql, id: string, error_message: string): Promise<void> {
  await sql`
    update backups
    set status = 'FAILED', error_message = ${error_message}, finished_at = now()
    where id = ${id}`
}

export async function noteVerified(sql: Sql, id: string): Promise<void> {
  await sql`
    update backups
    set verified_at = now()
    where id = ${id}`
}

/** @returns what was there */
export async function deleteBackup(sql: Sql, id: string): Promise<BackupRow | undefined> {
  const [deleted] = await sql<BackupRow[]>`
    delete from backups
    where id = ${id}
    returning ${columns(sql)}`
  return deleted
}

/** About how much a database takes, in bytes: no backup of it is larger. */
export async function findDatabaseSize(sql: Sql): Promise<number> {
  const [found] = await sql<{ bytes: number }[]>`select pg_database_size(current_database()) as bytes`
  return found!.bytes
}
