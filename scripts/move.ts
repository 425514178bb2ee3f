// npm run move -- --to DATABASE_URL: from the embedded database of DATA_DIR to a real Postgres. Everything is copied
// in one transaction, jobs that wait included; the embedded database stays as it was. docs/operations.md tells more.

import type { Config } from '../src/config/config.ts'
import { type Database, openDatabase } from '../src/ground/database/connection.ts'
import { hasEmbedded } from '../src/ground/database/embedded/embedded-folders.ts'
import { agreeOnText, findTables, liftTimeouts } from '../src/ground/database/every-table.ts'
import { MigrationError, migrate } from '../src/ground/database/migrate.ts'
import { createLog } from '../src/ground/log/log.ts'
import { Queue } from '../src/ground/queue/queue.ts'
import { QUEUE_TABLES } from '../src/ground/queue/tables.ts'
import { JOBS } from '../src/rooms.ts'
import { copyTables } from './keeping-data/copy-tables.ts'
import { Refusal, readArguments, readToolConfig, runTool, UsageError } from './keeping-data/run-tool.ts'
import { findState, refuseServers } from './keeping-data/store.ts'

const USAGE = 'npm run move -- --to postgres://user:password@host:port/database   (or set DATABASE_URL)'

await runTool(async () => {
  const { values } = readArguments({ to: { type: 'string' } }, USAGE)
  const { DATABASE_DIRECT_URL, ...env } = process.env
  const DATABASE_URL = values.to ?? env.DATABASE_URL
  if (!DATABASE_URL) throw new UsageError(`Where to?\n${USAGE}`)
  const to = { DATABASE_URL, ...(values.to ? {} : { DATABASE_DIRECT_URL }) }
  // One connection each: the embedded database gives a transaction to nobody else, and nobody else is wanted.
  const config = { ...readToolConfig({ ...env, ...to }), ROLE: 'api' as const }
  if (!hasEmbedded(config.DATA_DIR)) {
    throw new Refusal(`There is no embedded database in ${config.DATA_DIR}. DATA_DIR says where it is.`)
  }
  const target = await openDatabase(config)
  await refuseServers(target.sql)
  if ((await findState(target.sql)) === 'used') {
    throw new Refusal(
      'That database has people and saves in it already. Move to an empty one. Nothing was changed.',
    )
  }
  const source = await openDatabase({ ...config, DATABASE_URL: undefined })
  await prepare(source, config)
  await prepare(target, config)
  await move(source, target)
  await target.sql`set statement_timeout = 0`
  await target.sql`analyze`
  await source.close()
  await target.close()
  tellWhatIsNext(config)
})

/** The newest schema on both sides, so that they have the same tables. */
async function prepare(database: Database, config: Config): Promise<void> {
  await migrate(database).catch(error => {
    throw error instanceof MigrationError ? new Refusal(error.message) : error
  })
  const queue = new Queue(database, config, createLog({ ...config, LOG_LEVEL: 'error' }))
  await queue.start(JOBS)
  await queue.stop(1)
}

async function move(source: Database, target: Database): Promise<void> {
  await target.sql.begin(async to => {
    await liftTimeouts(to)
    await agreeOnText(to)
    await to`lock table public.users, public.shared_contents, public.audit_entries in share row exclusive mode`
    if ((await findState(to)) !== 'empty') throw new Refusal('Somebody began to use that database just now.')
    await source.sql.begin('isolation level repeatable read read only', async from => {
      await liftTimeouts(from)
      await agreeOnText(from)
      await copyTables(from, to, await findTables(to, QUEUE_TABLES))
    })
  })
}

function tellWhatIsNext({ DATA_DIR, JWT_SECRET_KEY, ADMIN_PASSWORD }: Config): void {
  console.log('Moved: every table has the same rows as before.\n')
  console.log('Start Trove from now on with DATABASE_URL set to that database.')
  if (!JWT_SECRET_KEY || !ADMIN_PASSWORD) {
    console.log(
      `Keep ${DATA_DIR}/secrets.json where DATA_DIR says, or set JWT_SECRET_KEY and ADMIN_PASSWORD to what it holds (production asks for them): tokens and the webhooks' secrets depend on them.`,
    )
  }
  console.log(`The embedded database is as it was. When all is well, remove ${DATA_DIR}/postgres`)
}
