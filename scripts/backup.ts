// npm run backup [-- FILE]: everything that Trove keeps, in one file. docs/operations.md tells the whole story.
// A real Postgres may be in use meanwhile; the embedded database belongs to its server, which must be stopped.
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config } from '../src/config/config.ts'
import { openDatabase } from '../src/ground/database/connection.ts'
import {
  embeddedFolders,
  hasEmbedded,
  lockEmbedded,
} from '../src/ground/database/embedded/embedded-folders.ts'
import { openFiles } from '../src/ground/database/embedded/open-files.ts'
import { liftTimeouts } from '../src/ground/database/every-table.ts'
import { VERSION } from '../src/ground/version.ts'
import { DUMP_NAMES, type Manifest, SECRETS_NAME, writeBackup } from './keeping-data/backup-file.ts'
import { connectionOf, findPrograms, majorOf } from './keeping-data/postgres-programs.ts'
import {
  Refusal,
  readArguments,
  readToolConfig,
  runProgram,
  runTool,
  temporaryFolder,
} from './keeping-data/run-tool.ts'
import { findMigrations, findServerVersion } from './keeping-data/store.ts'

type Facts = Pick<Manifest, 'server_version' | 'migrations'>

await runTool(async () => {
  const given = readArguments({}, 'npm run backup [-- FILE]').file
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const file = resolve(given ?? `trove-backup-${stamp}Z.tar`)
  const config = readToolConfig()
  if (existsSync(file)) throw new Refusal(`${file} is there already: it is not overwritten.`)
  const folder = temporaryFolder(file)
  const kind = config.DATABASE_URL ? 'postgres' : 'embedded'
  const dump = kind === 'postgres' ? dumpPostgres : dumpEmbedded
  const facts = await dump(config, join(folder, DUMP_NAMES[kind]))
  const secrets = join(config.DATA_DIR, SECRETS_NAME)
  if (existsSync(secrets)) copyFileSync(secrets, join(folder, SECRETS_NAME))
  const { checksums } = await writeBackup(file, folder, { kind, trove_version: VERSION, ...facts })
  console.log(`${file}: ${kind} database, schema ${facts.migrations.at(-1)?.version ?? 0}`)
  console.log(
    SECRETS_NAME in checksums
      ? `It holds ${secrets} as well, which makes tokens and opens the webhooks' secrets: keep it private.`
      : 'It holds no secrets: keep JWT_SECRET_KEY, ENCRYPTION_KEY and ADMIN_PASSWORD somewhere else.',
  )
})

/** One snapshot, while servers go on writing. */
async function dumpPostgres(config: Config, path: string): Promise<Facts> {
  const { sql, close } = await openDatabase(config)
  const facts = await sql.begin('isolation level repeatable read read only', async tx => {
    await liftTimeouts(tx)
    const migrations = await findMigrations(tx)
    const server_version = await findServerVersion(tx)
    const [row] = await tx<{ snapshot: string }[]>`select pg_export_snapshot() as snapshot`
    const major = majorOf(server_version)
    const programs = await findPrograms(major, `the server is of version ${major}`)
    const { dbname, env } = connectionOf(config.DATABASE_URL!)
    const what = [
      '--schema=public',
      '--schema=pgboss',
      '--no-unlogged-table-data',
      '--no-owner',
      '--no-privileges',
    ]
    const how = ['--format=custom', `--snapshot=${row!.snapshot}`, `--file=${path}`, `--dbname=${dbname}`]
    await runProgram([join(programs, 'pg_dump'), ...what, ...how], env)
    return { migrations, server_version }
  })
  await close()
  return facts
}

async function dumpEmbedded(config: Config, path: string): Promise<Facts> {
  if (!hasEmbedded(config.DATA_DIR)) {
    throw new Refusal(
      `There is no database in ${config.DATA_DIR}. Is it somewhere else (DATABASE_URL, DATA_DIR)?`,
    )
  }
  const unlock = lockEmbedded(config.DATA_DIR)
  try {
    const db = await openFiles(embeddedFolders(config.DATA_DIR).files)
    const migrations = await db.query<Manifest['migrations'][number]>(
      'select version, name, checksum from schema_migrations order by version',
    )
    const version = await db.query<{ server_version: string }>('show server_version')
    const dump = await db.dumpDataDir('gzip')
    await db.close()
    writeFileSync(path, new Uint8Array(await dump.arrayBuffer()))
    return { migrations: migrations.rows, server_version: version.rows[0]!.server_version }
  } finally {
    unlock()
  }
}
