// bun scripts/schema.ts: writes sql/schema.sql, the whole schema as the migrations leave it, for reading.
// test/ground/database/schema.test.ts checks that it is up to date.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { readMigrations } from '../src/ground/database/migrate.ts'
import { findPostgres, startPostgres } from './postgres.ts'

export const SCHEMA_FILE = new URL('../sql/schema.sql', import.meta.url)

const HEADER = `-- The schema as the migrations leave it, written by: bun scripts/schema.ts
-- Read it; change it by a new migration.
`

/** Applies the migrations to a new database of `server` and dumps what they make, without what differs by release. */
export async function dumpSchema(server: string): Promise<string> {
  const admin = postgres(server, { max: 1, onnotice: () => {} })
  const name = `trove_schema_${crypto.randomUUID().replaceAll('-', '')}`
  await admin`create database ${admin(name)}`
  const url = new URL(server)
  url.pathname = `/${name}`
  const sql = postgres(url.href, { max: 1, onnotice: () => {} })
  try {
    for (const { text } of await readMigrations()) await sql.unsafe(text)
    const options = ['--schema-only', '--schema=public', '--no-owner', '--no-privileges', url.href]
    const dump = execFileSync(join(findPostgres()!, 'pg_dump'), options, { encoding: 'utf8' })
    return HEADER + readable(dump)
  } finally {
    await sql.end()
    await admin`drop database ${admin(name)} with (force)`
    await admin.end()
  }
}

/** Leaves out comments, settings and the dump's own commands. */
function readable(dump: string): string {
  const lines = dump
    .split('\n')
    .filter(line => !/^(--|SET |SELECT pg_catalog|\\|CREATE SCHEMA public|COMMENT ON SCHEMA)/.test(line))
  return `${lines
    .join('\n')
    .replace(/\n{2,}/g, '\n\n')
    .trim()}\n`
}

if (import.meta.main) {
  const server = await startPostgres()
  try {
    writeFileSync(SCHEMA_FILE, await dumpSchema(server.url))
  } finally {
    await server.stop()
  }
}
