// Postgres without a server: for trying Trove and for tests. The rest of the code does not know of it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startThread } from '../../threads.ts'
import { embeddedFolders, lockEmbedded } from './embedded-folders.ts'
import type { EmbeddedThreadData } from './embedded-thread.ts'

/** A socket's address holds 108 bytes on Linux and 104 elsewhere, its end included (unix(7)). */
const LONGEST_SOCKET_PATH = 103

export interface EmbeddedDatabase {
  /** The folder of the socket `.s.PGSQL.5432`, which both Postgres clients take as a host. */
  socketFolder: string
  close(): Promise<void>
}

/**
 * Opens the embedded database in `dataDir`, making it when there is none (about 4 s; 0.5 s after that).
 * It survives a crash of this process; a loss of power may cost the last writes, since nothing is fsynced.
 * @throws {LockedError} when another process has it open.
 */
export async function openEmbedded(dataDir: string): Promise<EmbeddedDatabase> {
  const giveLockBack = lockEmbedded(dataDir)
  const { home, files } = embeddedFolders(dataDir)
  const socket = socketPath(home)
  rmSync(socket, { force: true })

  const data: EmbeddedThreadData = { folder: files, socket }
  const thread = startThread<'open' | 'close', void>(new URL('./embedded-thread.ts', import.meta.url), data)
  const close = async () => {
    await thread.close()
    rmSync(socket, { force: true })
    if (dirname(socket) !== home) rmSync(dirname(socket), { recursive: true, force: true })
    giveLockBack()
  }
  try {
    await thread.call('open')
  } catch (error) {
    await close()
    throw error
  }
  return {
    socketFolder: dirname(socket),
    close: async () => {
      await thread.call('close')
      await close()
    },
  }
}

function socketPath(home: string): string {
  const path = join(home, '.s.PGSQL.5432')
  if (path.length <= LONGEST_SOCKET_PATH) return path
  return join(mkdtempSync(join(tmpdir(), 'trove-')), '.s.PGSQL.5432')
}
