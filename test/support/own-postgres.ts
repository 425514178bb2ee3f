// A Postgres of a test's own, which it may stop in any way and start again: same port, same data.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { findPostgres, startPostgres } from '../../scripts/postgres.ts'

/** What the server does on each signal: docs of `pg_ctl stop`. */
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const
export type StopMode = keyof typeof SIGNALS

export interface OwnPostgres {
  url: string
  /** Resolves when the server is gone. */
  down(mode: StopMode): Promise<void>
  /** Resolves when it answers again. */
  up(): Promise<void>
  remove(): Promise<void>
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const { url, dataDir, logFile, stop } = await startPostgres()
  const pidFile = join(dataDir, 'postmaster.pid')
  return {
    url,
    remove: stop,
    down: async mode => {
      process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), SIGNALS[mode])
      while (existsSync(pidFile)) await delay(10)
    },
    up: async () => {
      const program = [join(findPostgres()!, 'postgres'), '-D', dataDir]
      const log = openSync(logFile, 'a')
      // Root lends it the user `postgres`; it ends with this process, as scripts/postgres.ts has it.
      const user = process.getuid?.() === 0 ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : []
      const server = spawn('setpriv', ['--pdeathsig', 'INT', ...user, '--', ...program], {
        cwd: dirname(dataDir),
        stdio: ['ignore', log, log],
        detached: true,
      })
      const ended = once(server, 'exit').then(() => {
        throw new Error(`PostgreSQL did not start again:\n${readFileSync(logFile, 'utf8').slice(-2000)}`)
      })
      ended.catch(() => {})
      await Promise.race([ended, untilItAnswers(url)])
    },
  }
}

async function untilItAnswers(url: string): Promise<void> {
  for (;;) {
    const sql = postgres(url, { max: 1, connect_timeout: 2 })
    const isUp = await sql`select 1`.then(
      () => true,
      () => false,
    )
    await sql.end()
    if (isUp) return
    await delay(50)
  }
}
