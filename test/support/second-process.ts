// As if a second process ran on the same database: its own pool where the database allows one, its own memory always.
import type { Context } from '../../src/context.ts'
import { openDatabase } from '../../src/ground/database/connection.ts'
import type { Trove } from './app.ts'
import { testConfig, usesRealPostgres } from './database.ts'

/** @returns its context, and what closes its pool. */
export async function openSecond(trove: Trove): Promise<{ context: Context; close(): Promise<void> }> {
  if (!usesRealPostgres) return { context: { ...trove.context }, close: async () => {} }
  const database = await openDatabase(testConfig(trove.database.settings))
  return { context: { ...trove.context, database }, close: database.close }
}
