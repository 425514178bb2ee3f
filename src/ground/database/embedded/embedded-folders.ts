// Where the embedded database is, and who may open it.
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { takeLock } from './lock-file.ts'

/** The folder of the embedded database in `dataDir`, and in it that of Postgres' own files. */
export function embeddedFolders(dataDir: string): { home: string; files: string } {
  const home = resolve(dataDir, 'postgres')
  return { home, files: join(home, 'files') }
}

/** Whether there is an embedded database in `dataDir`. */
export const hasEmbedded = (dataDir: string): boolean =>
  existsSync(join(embeddedFolders(dataDir).files, 'PG_VERSION'))

/**
 * Makes the folder of the embedded database, if it is not there, and keeps every other process out of it.
 * @returns what lets others in again.
 * @throws {LockedError} when another process has it open.
 */
export function lockEmbedded(dataDir: string): () => void {
  const { home } = embeddedFolders(dataDir)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  // The database asks for no password, so the folder's mode is what keeps others out.
  chmodSync(home, 0o700)
  return takeLock(join(home, 'lock'))
}
