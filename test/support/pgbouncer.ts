// PgBouncer in front of the tests' Postgres, in transaction mode and with few connections, as an operator would set it up.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'

/** Where Debian's package and Homebrew put it. */
const PLACES = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer']

export const findPgbouncer = (): string | undefined => PLACES.find(place => existsSync(place))

export interface Pgbouncer {
  /** The same database, through it. */
  url: string
  stop(): Promise<void>
}

/** @param server the address of a database; its user's password is what clients give, too. */
export async function startPgbouncer(server: string, poolSize: number): Promise<Pgbouncer> {
  const { hostname, port: serverPort, username, password } = new URL(server)
  const folder = mkdtempSync(join(tmpdir(), 'trove-pgbouncer-'))
  const port = await freePort()
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(join(folder, 'userlist.txt'), `"${username}" "${decodeURIComponent(password)}"\n`)
  writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${folder}/userlist.txt
pool_mode = transaction
default_pool_size = ${poolSize}
`,
  )
  // It refuses to run as root.
  const isRoot = process.getuid?.() === 0
  if (isRoot) execFileSync('chown', ['-R', 'postgres:postgres', folder])
  const user = isRoot ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : []
  const command = ['--pdeathsig', 'TERM', ...user, '--', findPgbouncer()!, '--quiet', file]
  const child = spawn('setpriv', command, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  const exit = once(child, 'exit')
  const url = new URL(server)
  url.port = String(port)
  await untilItAnswers(url.href)
  return {
    url: url.href,
    stop: async () => {
      child.kill('SIGTERM')
      await exit
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilItAnswers(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, prepare: false, fetch_types: false, backoff: () => 0.05 })
  for (let tries = 0; ; tries++) {
    try {
      await sql`select 1`
      return await sql.end()
    } catch (error) {
      if (tries === 100) throw error
      await delay(50)
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}
