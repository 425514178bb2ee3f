// A throw-away PostgreSQL for tests and developers: real durability, its own port and folder, gone afterwards.
//   bun scripts/postgres.ts              starts one, prints its address and runs until interrupted
//   bun scripts/postgres.ts <command …>  runs the command with TEST_DATABASE_URL and _LOG set, then stops
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  globSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { exitOnSignals, runCommand } from './command.ts'

const OLDEST_MAJOR = 13
const START_TIMEOUT_MS = 60_000
const PORT_ATTEMPTS = 3

// Durability stays on, so that a test of a crash means something.
const SETTINGS = `
listen_addresses = '127.0.0.1'
max_connections = 200
shared_buffers = '128MB'
fsync = on
log_statement = 'none'
log_line_prefix = '%m [%p] %e '
`

export interface RunningPostgres {
  /** Of the database `postgres`, as a superuser who may make databases and extensions. */
  url: string
  dataDir: string
  /** Every line carries its SQLSTATE after the process id. */
  logFile: string
  /** Stops the server and removes its folder. Doing it twice is harmless. */
  stop(): Promise<void>
}

/** The folder of the newest server programs (13 or newer) that have pgvector, or undefined. */
export function findPostgres(): string | undefined {
  const packaged = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => majorOf(b) - majorOf(a))
  const onPath = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' }).stdout?.trim()
  return [...packaged, ...(onPath ? [onPath] : [])].find(isComplete)
}

/**
 * Starts a server on a port of its own, on 127.0.0.1 only, and waits until it answers.
 * It ends with this process, however that ends; an orderly end removes its folder too.
 * @throws when no server with pgvector is installed, or with the log's end when the server does not start
 */
export async function startPostgres(): Promise<RunningPostgres> {
  const bin = findPostgres()
  if (!bin) {
    throw new Error(
      'No PostgreSQL 13 or newer with pgvector was found: sh scripts/install-postgres.sh adds it.',
    )
  }
  const folder = mkdtempSync(join(tmpdir(), 'trove-pg-'))
  const dataDir = join(folder, 'data')
  const logFile = join(folder, 'postgres.log')
  const stopNow = () => {
    process.off('exit', stopNow)
    for (const mode of ['fast', 'immediate']) {
      if (!existsSync(join(dataDir, 'postmaster.pid'))) break
      const stop = asServer([join(bin, 'pg_ctl'), 'stop', '-D', dataDir, '-m', mode, '-t', '20'])
      spawnSync(stop.file, stop.args, { cwd: folder })
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  process.on('exit', stopNow)
  try {
    const password = initialise(bin, folder, dataDir)
    const port = await serve(bin, folder, dataDir, logFile)
    const url = `postgres://trove:${password}@127.0.0.1:${port}/postgres`
    return { url, dataDir, logFile, stop: async () => stopNow() }
  } catch (error) {
    stopNow()
    throw error
  }
}

function initialise(bin: string, folder: string, dataDir: string): string {
  const password = randomBytes(24).toString('hex')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (isRoot()) execFileSync('chown', ['-R', 'postgres:postgres', folder])
  const { file, args } = asServer([
    ...[join(bin, 'initdb'), '-D', dataDir, '-U', 'trove', `--pwfile=${passwordFile}`],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
  ])
  const made = spawnSync(file, args, { cwd: folder, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`)
  rmSync(passwordFile)
  appendFileSync(join(dataDir, 'postgresql.conf'), `${SETTINGS}unix_socket_directories = '${folder}'\n`)
  return password
}

/** Another process may take the port between its choice and its use: then the next one is tried. */
async function serve(bin: string, folder: string, dataDir: string, logFile: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    appendFileSync(join(dataDir, 'postgresql.conf'), `port = ${port}\n`)
    const log = openSync(logFile, 'a')
    const { file, args } = asServer([join(bin, 'postgres'), '-D', dataDir])
    // A session of its own: Ctrl-C must end what uses the server first.
    const server = spawn(file, args, { cwd: folder, stdio: ['ignore', log, log], detached: true })
    if (await answers(join(bin, 'pg_isready'), port, server)) return port
    const reason = readFileSync(logFile, 'utf8')
    if (attempt === PORT_ATTEMPTS || !reason.includes('Address already in use')) {
      throw new Error(`PostgreSQL did not start:\n${reason.slice(-2000)}`)
    }
  }
}

async function answers(pgIsReady: string, port: number, server: ChildProcess): Promise<boolean> {
  let ended = false
  server.once('error', () => {
    ended = true
  })
  server.once('exit', () => {
    ended = true
  })
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!ended && Date.now() < deadline) {
    if (spawnSync(pgIsReady, ['-q', '-h', '127.0.0.1', '-p', String(port)]).status === 0) return !ended
    await delay(25)
  }
  return false
}

/**
 * The server refuses to run as root, so root lends it the user `postgres`.
 * On Linux the kernel interrupts it when this process dies, even by SIGKILL.
 */
function asServer(command: [string, ...string[]] | string[]): { file: string; args: string[] } {
  const [file = '', ...args] = command
  if (process.platform !== 'linux') return { file, args }
  const user = isRoot() ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : []
  return { file: 'setpriv', args: ['--pdeathsig', 'INT', ...user, '--', ...command] }
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

function majorOf(bin: string): number {
  return Number.parseInt(bin.split('/').at(-2) ?? '', 10)
}

function isComplete(bin: string): boolean {
  if (!['initdb', 'postgres', 'pg_ctl', 'pg_isready'].every(program => existsSync(join(bin, program))))
    return false
  const ask = (flag: string) =>
    spawnSync(join(bin, 'pg_config'), [flag], { encoding: 'utf8' }).stdout?.trim() ?? ''
  const major = Number.parseInt(ask('--version').replace(/^\D+/, ''), 10)
  return major >= OLDEST_MAJOR && existsSync(join(ask('--sharedir'), 'extension', 'vector.control'))
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

if (import.meta.main) {
  exitOnSignals()
  const command = process.argv.slice(2)
  const postgres = await startPostgres()
  if (command.length > 0) {
    const env = { TEST_DATABASE_URL: postgres.url, TEST_DATABASE_LOG: postgres.logFile }
    process.exit(await runCommand(command, { env: { ...process.env, ...env } }))
  }
  console.log(postgres.url)
  console.error(`The log is ${postgres.logFile}. Ctrl-C stops the server and removes all of it.`)
  setInterval(() => {}, 60_000)
}
