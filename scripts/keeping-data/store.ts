// What the tools ask of a database besides the product's own questions.
import type { Sql } from '../../src/ground/database/connection.ts'
import { readMigrations } from '../../src/ground/database/migrate.ts'
import type { Manifest } from './backup-file.ts'
import { Refusal } from './run-tool.ts'

/** `new`: nothing of Trove's is there. `empty`: its tables, and nobody who used them. `used`: somebody did. */
export type State = 'new' | 'empty' | 'used'

/** As src/ground/database/connection.ts and src/ground/queue/queue.ts name their connections. */
const SERVER_NAMES = ['trove', 'trove-queue']

export async function findServerVersion(sql: Sql): Promise<string> {
  const [row] = await sql<{ version: string }[]>`select current_setting('server_version') as version`
  return row!.version
}

/** The migrations that this database has had, in order. */
export async function findMigrations(sql: Sql): Promise<Manifest['migrations']> {
  const [found] = await sql`select from pg_class where oid = to_regclass('public.schema_migrations')`
  if (!found) throw new Refusal('This database has no Trove in it: nothing to back up.')
  return sql<Manifest['migrations']>`
    select version, name, checksum
    from public.schema_migrations
    order by version`
}

/** The tables and functions that Trove's migrations ever made in the schema `public`. */
export async function findOwnNames(): Promise<{ tables: string[]; functions: string[] }> {
  const text = (await readMigrations()).map(migration => migration.text).join('\n')
  const made = (what: RegExp) => [...new Set([...text.matchAll(what)].map(([, name]) => name!))]
  return {
    tables: [...made(/^create (?:unlogged )?table (\w+)/gm), 'schema_migrations'],
    functions: made(/^create (?:or replace )?function (\w+)/gm),
  }
}

/**
 * What is in the database that something is to be put into.
 * @throws {Refusal} when it holds anything that is not Trove's: a restore would be in its way
 */
export async function findState(sql: Sql): Promise<State> {
  const rows = await sql<{ name: string }[]>`
    select c.relname as name
    from pg_class c
    where c.relnamespace = to_regnamespace('public') and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`
  const tables = rows.map(({ name }) => name)
  const [queue] = await sql`select from pg_namespace where nspname = 'pgboss'`
  if (tables.length === 0 && !queue) return 'new'
  const own = (await findOwnNames()).tables
  const foreign = tables.find(name => !own.includes(name))
  if (foreign || !tables.includes('users')) {
    const what = foreign ? `the table ${foreign}` : 'a queue'
    throw new Refusal(
      `That database has ${what}, which is not of this Trove. Make a new one for it: create database trove`,
    )
  }
  const [used] = await sql`
    select
    where exists (select from public.users) or exists (select from public.shared_contents)
      or exists (select from public.audit_entries)`
  return used ? 'used' : 'empty'
}

/** @throws {Refusal} when a server of Trove is connected to this database by another connection than `sql`'s */
export async function refuseServers(sql: Sql): Promise<void> {
  const rows = await sql`
    select pid
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name in ${sql(SERVER_NAMES)}`
  if (rows.length === 0) return
  throw new Refusal(
    `Trove is running on that database (${rows.length} connections). Stop every process of it first.`,
  )
}

export async function hasTable(sql: Sql, name: string): Promise<boolean> {
  const [table] = await sql<{ is_there: boolean }[]>`
    select to_regclass(${`public.${name}`}) is not null as is_there`
  return table!.is_there
}
