// npm run restore -- FILE [--replace] [--erasures FILE]: puts a backup where the configuration says, without those who
// were erased since. docs/operations.md tells the whole story. All that can be looked at first is; what was there is replaced in one step, or not at all.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config } from '../src/config/config.ts'
import {
  embeddedFolders,
  hasEmbedded,
  lockEmbedded,
} from '../src/ground/database/embedded/embedded-folders.ts'
import { openFiles } from '../src/ground/database/embedded/open-files.ts'
import { readMigrations } from '../src/ground/database/migrate.ts'
import { openSecret } from '../src/notifications/webhooks/seal-secret.ts'
import { DUMP_NAMES, type Manifest, readBackup, SECRETS_NAME } from './keeping-data/backup-file.ts'
import { eraseFromRestored, readErasures } from './keeping-data/erase-again.ts'
import { restorePostgres, type Sealed } from './keeping-data/restore-postgres.ts'
import { isRowsFile, readRowsHeader, restoreRows } from './keeping-data/restore-rows.ts'
import { Refusal, readArguments, readToolConfig, runTool, UsageError } from './keeping-data/run-tool.ts'

const USAGE = 'npm run restore -- FILE [--replace] [--erasures FILE]'

async function restore(): Promise<void> {
  const { values, file } = readArguments(
    { replace: { type: 'boolean' }, erasures: { type: 'string' } },
    USAGE,
  )
  if (!file) throw new UsageError(`Which file?\n${USAGE}`)
  const config = readToolConfig()
  const erased = readErasures(config, values.erasures)
  const path = resolve(file)
  if (existsSync(path) && isRowsFile(readBeginning(path))) await putRows(config, path)
  else await putDump(config, path, values.replace === true)
  await eraseFromRestored(config, erased)
}

function readBeginning(path: string): Uint8Array {
  const beginning = new Uint8Array(2)
  const file = openSync(path, 'r')
  readSync(file, beginning, 0, beginning.length, 0)
  closeSync(file)
  return beginning
}

/** What the API has made; it holds no secrets. */
async function putRows(config: Config, path: string): Promise<void> {
  const header = await readRowsHeader(path)
  await refuseUnknown(header.migrations)
  await restoreRows(config, path, header)
  console.log(`Restored what Trove ${header.trove_version} had on ${header.created_at}`)
}

async function putDump(config: Config, path: string, replace: boolean): Promise<void> {
  const { manifest, folder } = await readBackup(path)
  await refuseStrange(manifest, config)
  const secrets = join(config.DATA_DIR, SECRETS_NAME)
  const kept = join(folder, SECRETS_NAME)
  const differs = existsSync(kept) && existsSync(secrets) && !readFileSync(kept).equals(readFileSync(secrets))
  if (differs && !replace) {
    throw new Refusal(
      `${secrets} is not the one of the backup. With --replace it is kept beside it under another name. Nothing was changed.`,
    )
  }
  const unlock = lockFor(config)
  try {
    const dump = join(folder, DUMP_NAMES[manifest.kind])
    const put = config.DATABASE_URL ? restorePostgres : restoreEmbedded
    const sealed = await put(config, dump, manifest, replace)
    if (existsSync(kept)) {
      if (differs) setAside(secrets)
      mkdirSync(config.DATA_DIR, { recursive: true })
      if (!existsSync(secrets)) writeFileSync(secrets, readFileSync(kept), { mode: 0o600 })
    }
    console.log(`Restored what Trove ${manifest.trove_version} had on ${manifest.created_at}`)
    tellOfSecrets(config, sealed, secrets)
  } finally {
    unlock()
  }
}

const lockFor = (config: Config) => (config.DATABASE_URL ? () => {} : lockEmbedded(config.DATA_DIR))

/** What this program cannot put there, or could not read afterwards. */
async function refuseStrange({ kind, migrations }: Manifest, config: Config): Promise<void> {
  if (kind === 'embedded' && config.DATABASE_URL) {
    throw new Refusal(
      'This is a backup of an embedded database. Restore it without DATABASE_URL (DATA_DIR says where), then: npm run move -- --to DATABASE_URL',
    )
  }
  if (kind === 'postgres' && !config.DATABASE_URL) {
    throw new Refusal(
      'This is a backup of a real Postgres: set DATABASE_URL. It cannot go into the embedded database.',
    )
  }
  await refuseUnknown(migrations)
}

/** Of a newer Trove. */
async function refuseUnknown(migrations: Manifest['migrations']): Promise<void> {
  const known = new Map((await readMigrations()).map(migration => [migration.version, migration]))
  for (const { version, name, checksum } of migrations) {
    if (known.get(version)?.checksum === checksum) continue
    throw new Refusal(
      `This backup has the migration ${name}, which this version of Trove ${known.has(version) ? 'has otherwise' : 'does not know'}. Restore it with a newer Trove. Nothing was changed.`,
    )
  }
}

/** Into a new folder beside the old one; then they change names. */
async function restoreEmbedded(
  config: Config,
  path: string,
  _: Manifest,
  replace: boolean,
): Promise<Sealed[]> {
  const { files } = embeddedFolders(config.DATA_DIR)
  if (hasEmbedded(config.DATA_DIR) && !replace) {
    throw new Refusal(
      `There is a database in ${config.DATA_DIR}. With --replace it is kept beside the new one under another name. Nothing was changed.`,
    )
  }
  const coming = `${files}.restoring`
  rmSync(coming, { recursive: true, force: true })
  const db = await openFiles(coming, new Blob([readFileSync(path)])).catch(error => {
    throw new Refusal(`The backup's files did not open: ${error.message}. Nothing was changed.`)
  })
  const sealed = await db.query<Sealed>('select user_id, id, secret_sealed from webhooks')
  await db.close()
  if (existsSync(files)) setAside(files)
  renameSync(coming, files)
  return sealed.rows
}

function setAside(path: string): void {
  const aside = `${path}.replaced-${new Date().toISOString().replaceAll(':', '-')}`
  renameSync(path, aside)
  console.log(`What was there is kept as ${aside}`)
}

/** Whoever restores without the keys should hear of it now, not from a receiver of webhooks. */
function tellOfSecrets(config: Config, sealed: Sealed[], path: string): void {
  const made = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Config) : config
  const JWT_SECRET_KEY = config.JWT_SECRET_KEY ?? made.JWT_SECRET_KEY
  const unreadable = sealed.filter(({ user_id, id, secret_sealed }) => {
    try {
      openSecret({ ...config, JWT_SECRET_KEY }, { user_id, webhook_id: id }, secret_sealed)
      return false
    } catch {
      return true
    }
  })
  if (unreadable.length === 0) return
  console.log(
    `${unreadable.length} of ${sealed.length} webhooks have secrets that the configured keys do not open: set JWT_SECRET_KEY and ENCRYPTION_KEY as they were where the backup was made.`,
  )
}

await runTool(restore)
