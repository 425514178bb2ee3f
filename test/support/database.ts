// A database of its own for each test file, cloned from a template that is migrated once a run.
// TEST_DATABASE_URL names a real Postgres; without it the embedded database is used.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import postgres from 'postgres'
import { type Config, readConfig } from '../../src/config/config.ts'
import { type Database, openDatabase } from '../../src/ground/database/connection.ts'
import { migrate, readMigrations } from '../../src/ground/database/migrate.ts'
import { createLog } from '../../src/ground/log/log.ts'
import { Queue } from '../../src/ground/queue/queue.ts'
import { JOBS } from '../../src/rooms.ts'

const SERVER = process.env.TEST_DATABASE_URL

export const usesRealPostgres = SERVER !== undefined

/** The configuration of a test: secrets that any test may know, quiet, on its own database. */
export function testConfig(settings: Record<string, string> = {}): Config {
  return readConfig({
    ENVIRONMENT: 'test',
    LOG_LEVEL: 'error',
    PORT: '0',
    JWT_SECRET_KEY: 'a secret for tests, of more than 32 bytes',
    ADMIN_PASSWORD: 'admin-for-tests',
    MODELS: 'local',
    RATE_LIMIT_ENABLED: 'false',
    DRAIN_SECONDS: '5',
    // On a busy machine filling a library takes longer than a request may.
    STATEMENT_TIMEOUT_MS: '60000',
    ...settings,
  })
}

export interface TestDatabase extends Database {
  /** What a configuration needs to open the same database: DATABASE_URL or DATA_DIR. */
  settings: Record<string, string>
}

/** Opens a fresh, migrated database; `close` removes it. */
export async function openTestDatabase(settings: Record<string, string> = {}): Promise<TestDatabase> {
  return SERVER ? openClone(SERVER, settings) : openCopy(settings)
}

async function openClone(server: string, settings: Record<string, string>): Promise<TestDatabase> {
  const admin = postgres(server, { max: 1, onnotice: () => {} })
  const template = await templateDatabase(admin, server)
  const name = `trove_test_${crypto.randomUUID().replaceAll('-', '')}`
  await admin`create database ${admin(name)} template ${admin(template)}`
  const own = { DATABASE_URL: urlOf(server, name) }
  const database = await openDatabase(testConfig({ ...settings, ...own }))
  return {
    ...database,
    settings: own,
    close: async () => {
      await database.close()
      await admin`drop database if exists ${admin(name)} with (force)`
      await admin.end()
    },
  }
}

/** Made by the first test that needs it; the lock makes the others wait. */
async function templateDatabase(admin: postgres.Sql, server: string): Promise<string> {
  const name = `trove_template_${await fingerprint()}`
  await admin`select pg_advisory_lock(7)`
  try {
    const [found] = await admin`select from pg_database where datname = ${name}`
    if (!found) {
      const building = `${name}_building`
      await admin`drop database if exists ${admin(building)} with (force)`
      await admin`create database ${admin(building)}`
      await prepare({ DATABASE_URL: urlOf(server, building) })
      await admin`alter database ${admin(building)} rename to ${admin(name)}`
    }
  } finally {
    await admin`select pg_advisory_unlock(7)`
  }
  return name
}

async function openCopy(settings: Record<string, string>): Promise<TestDatabase> {
  const template = join(tmpdir(), `trove-template-${await fingerprint()}`)
  if (!existsSync(template)) {
    const building = mkdtempSync(join(tmpdir(), 'trove-building-'))
    await prepare({ DATA_DIR: building })
    try {
      renameSync(building, template)
    } catch {
      // Another test file was faster, and made the same.
      rmSync(building, { recursive: true })
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'trove-test-'))
  mkdirSync(folder, { recursive: true })
  cpSync(template, folder, { recursive: true })
  const own = { DATA_DIR: folder }
  const database = await openDatabase(testConfig({ ...settings, ...own }))
  return {
    ...database,
    settings: own,
    close: async () => {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function prepare(own: Record<string, string>): Promise<void> {
  const config = testConfig(own)
  const database = await openDatabase(config)
  await migrate(database)
  const queue = new Queue(database, config, createLog(config))
  await queue.start(JOBS)
  await queue.stop(1)
  await database.close()
}

/** Changes when the schema or the jobs do. */
async function fingerprint(): Promise<string> {
  const checksums = (await readMigrations()).map(({ checksum }) => checksum)
  const names = JOBS.map(({ name }) => name)
  return createHash('sha256')
    .update([...checksums, ...names].join())
    .digest('hex')
    .slice(0, 16)
}

function urlOf(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
