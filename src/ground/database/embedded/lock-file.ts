// The embedded database has one process, since two would write over each other's pages.
// The lock names that process by its id and its start time, because ids are used again (in a container, always 1).
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'

interface Holder {
  pid: number
  started: string | undefined
}

/** Thrown when another living process has the database open. */
export class LockedError extends Error {}

/**
 * Takes the lock at `path`, also when the process that held it is gone.
 * @returns a function that gives it back.
 * @throws {LockedError} naming the process that holds it.
 */
export function takeLock(path: string): () => void {
  const mine: Holder = { pid: process.pid, started: startTime(process.pid) }
  // Only one process at a time may judge the old lock, else a late judge would remove a new one.
  const judging = `${path}.judging`
  try {
    mkdirSync(judging)
  } catch {
    throw new LockedError(`Another process is opening this database now. If none is, remove ${judging}`)
  }
  try {
    const holder = readHolder(path)
    if (holder && isAlive(holder)) {
      throw new LockedError(
        `Process ${holder.pid} has this database open (${path}). The embedded database serves one process: stop that one, or set DATABASE_URL.`,
      )
    }
    writeFileSync(path, JSON.stringify(mine), { mode: 0o600 })
  } finally {
    rmdirSync(judging)
  }
  return () => rmSync(path, { force: true })
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return started === startTime(pid)
}

/** Field 22 of proc(5)'s stat; not known where there is no /proc. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
