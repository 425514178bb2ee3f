// A dump into a real Postgres: one transaction, which drops what was there and makes what comes.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Config } from '../../src/config/config.ts'
import { openDatabase, type Sql } from '../../src/ground/database/connection.ts'
import type { Manifest } from './backup-file.ts'
import { connectionOf, findPrograms, majorOf } from './postgres-programs.ts'
import { Refusal, runProgram, startProgram } from './run-tool.ts'
import { findOwnNames, findServerVersion, findState, refuseServers } from './store.ts'

/** What a database has before anything is restored, and what only its superuser may say. */
const NOT_OURS = /^\d+; \d+ \d+ (SCHEMA - public|COMMENT - SCHEMA|COMMENT - EXTENSION)/

/** A webhook's secret, as it is kept. */
export interface Sealed {
  user_id: string
  id: string
  secret_sealed: string
}

/**
 * Restores the dump at `path`, all of it or nothing.
 * @returns the webhooks' sealed secrets.
 * @throws {Refusal} when the database is in use, or has something that may not be replaced
 */
export async function restorePostgres(
  config: Config,
  path: string,
  manifest: Manifest,
  replace: boolean,
): Promise<Sealed[]> {
  const { sql, close } = await openDatabase(config)
  const major = majorOf(await findServerVersion(sql))
  const dumped = majorOf(manifest.server_version)
  if (major < dumped) {
    throw new Refusal(
      `The backup is of PostgreSQL ${dumped}, this server is ${major}: an older one cannot take it.`,
    )
  }
  const programs = await findPrograms(dumped, `the backup is of PostgreSQL ${dumped}`)
  const list = `${path}.list`
  writeFileSync(list, await listWithout(join(programs, 'pg_restore'), path, NOT_OURS))
  if ((await findState(sql)) === 'used' && !replace) {
    throw new Refusal('That database has people and saves in it. --replace drops them. Nothing was changed.')
  }
  await refuseServers(sql)
  await play(programs, config.DATABASE_URL!, path, list)
  await sql`set statement_timeout = 0`
  await sql`analyze`
  const sealed = await findSealed(sql)
  await close()
  return sealed
}

async function listWithout(program: string, path: string, unwanted: RegExp): Promise<string> {
  const entries = await runProgram([program, '--list', path]).catch((error: Error) => {
    throw new Refusal(`Nothing was changed: ${error}`)
  })
  return entries
    .split('\n')
    .filter(line => !unwanted.test(line))
    .join('\n')
}

/** The commit is sent only when pg_restore has ended well: psql cannot tell a torn script from a whole one. */
async function play(programs: string, databaseUrl: string, path: string, list: string): Promise<void> {
  const { dbname, env } = connectionOf(databaseUrl)
  const flags = [
    '--no-psqlrc',
    '--quiet',
    '--set=ON_ERROR_STOP=1',
    '--output=/dev/null',
    `--dbname=${dbname}`,
  ]
  const psql = startProgram([join(programs, 'psql'), ...flags], { env })
  const failed = psql.ended.then(() => {
    throw new Error('psql ended before all was restored')
  })
  failed.catch(() => {})
  const script = [join(programs, 'pg_restore'), '--no-owner', '--no-privileges', `--use-list=${list}`]
  const restore = startProgram([...script, '--file=-', path], { stdout: 'stream' })
  try {
    psql.child.stdin!.write(await opening())
    const fed = pipeline(restore.child.stdout!, psql.child.stdin!, { end: false })
    await Promise.race([Promise.all([fed, restore.ended]), failed])
    psql.child.stdin!.end('commit;\n')
    await psql.ended
  } catch (error) {
    restore.child.kill('SIGKILL')
    psql.child.kill('SIGKILL')
    throw new Refusal(`Nothing was changed: ${(await psql.ended.catch(reason => reason)) ?? error}`)
  }
}

async function opening(): Promise<string> {
  const { tables, functions } = await findOwnNames()
  return [
    'begin;',
    'set local statement_timeout = 0;',
    'set local idle_in_transaction_session_timeout = 0;',
    "set local client_min_messages = 'warning';",
    'create extension if not exists vector with schema public;',
    'create extension if not exists pg_trgm with schema public;',
    'drop schema if exists pgboss cascade;',
    ...tables.map(name => `drop table if exists public.${name} cascade;`),
    dropFunctions(functions),
    '',
  ].join('\n')
}

/** Each with all that go by its name: an older version may need one with other arguments for a while. */
const dropFunctions = (names: string[]) => `
do $$
declare
  signatures text[] := (
    select array_agg(oid::regprocedure::text)
    from pg_proc
    where pronamespace = 'public'::regnamespace and proname in (${names.map(name => `'${name}'`).join(', ')}));
  signature text;
begin
  foreach signature in array coalesce(signatures, '{}') loop
    execute 'drop function if exists ' || signature || ' cascade';
  end loop;
end $$;`

const findSealed = (sql: Sql) => sql<Sealed[]>`select user_id, id, secret_sealed from public.webhooks`
