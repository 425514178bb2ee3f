// A backup brings back whoever was erased since it was made: they are erased again, before anybody sees them.
import { existsSync } from 'node:fs'
import { eraseAgain } from '../../src/accounts/privacy/erasure/erase.ts'
import { erasureLogOf, readErased } from '../../src/accounts/privacy/erasure/erasure-log.ts'
import { listErased } from '../../src/accounts/privacy/store.ts'
import type { Config } from '../../src/config/config.ts'
import { openDatabase } from '../../src/ground/database/connection.ts'
import { readLayout } from '../../src/ground/database/layout.ts'
import { migrate } from '../../src/ground/database/migrate.ts'
import { createLog } from '../../src/ground/log/log.ts'
import { makeContext } from '../../src/make-context.ts'
import { Refusal } from './run-tool.ts'
import { hasTable } from './store.ts'

/** Who was erased, as DATA_DIR knows it, and a file that comes from elsewhere. @throws {Refusal} where that is none */
export function readErasures(config: Config, file: string | undefined): string[] {
  if (file !== undefined && !existsSync(file)) throw new Refusal(`There is no file ${file}`)
  return [erasureLogOf(config.DATA_DIR), ...(file === undefined ? [] : [file])].flatMap(readErased)
}

/**
 * Erases from a restored database whom it must not bring back.
 * @param hashes besides those that the database knows itself
 */
export async function eraseFromRestored(config: Config, hashes: string[]): Promise<void> {
  const database = await openDatabase(config)
  try {
    // One of before there were erasures is left as it is, unless somebody is to go.
    if (hashes.length === 0 && !(await hasTable(database.sql, 'erasures'))) return
    await migrate(database)
    await readLayout(database)
    const context = makeContext(config, createLog({ ...config, LOG_LEVEL: 'error' }), database)
    const all = new Set([...hashes, ...(await listErased(database.sql))])
    const erased = await eraseAgain(context, [...all])
    if (erased > 0) console.log(`Erased again who was erased since: ${erased}`)
  } finally {
    await database.close()
  }
}
