// Who was erased, beside the database and not in it, so that a backup of before can be told when it is restored.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const NAME = 'erasures.log'
const HASH = /^[\da-f]{64}$/

export const erasureLogOf = (dataDir: string): string => join(dataDir, NAME)

/** Adds a hash, unless it is there. @throws where the folder cannot be written to */
export function noteErased(dataDir: string, hash: string): void {
  const path = erasureLogOf(dataDir)
  if (readErased(path).includes(hash)) return
  mkdirSync(dataDir, { recursive: true })
  appendFileSync(path, `${hash}\n`, { mode: 0o600 })
}

/** The hashes of a file; none where there is no file. A line that was cut off counts as none. */
export function readErased(path: string): string[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => HASH.test(line))
}
