// Load by wrk and by pgbench: sixteen connections from two threads, for a few seconds.
import { execFile, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findPostgres } from '../../scripts/postgres.ts'
import type { Server } from './servers.ts'
import type { Statement } from './statements.ts'

const SIZE = ['-c16', '-j2']
const PACKAGES = 'wrk python3-fastapi python3-uvicorn python3-asyncpg python3-uvloop python3-httptools'
/** pgbench's time begins with its connections. */
const LEAST_SECONDS = 3
const run = promisify(execFile)

export interface Figures {
  perSecond: number
  /** Microseconds of the server's processor time for each; NaN where there is no server of ours. */
  cpu: number
}

export interface Route {
  name: string
  path: string
  headers: Record<string, string>
  /** A script of wrk's beside this file, and what it is told. */
  script?: string[]
}

/** Adds what Debian has of it and is not there yet. */
export function installPrograms(): void {
  const missing = PACKAGES.split(' ').filter(name => spawnSync('dpkg', ['-s', name]).status !== 0)
  if (missing.length === 0) return
  const added = spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...missing])
  if (added.status !== 0) throw new Error(`apt-get install ${missing.join(' ')} failed:\n${added.stderr}`)
}

let prefixes = 0

/** What a script is told; save.lua a beginning of links of its own, in each run. */
export function wordsOf([file, ...words]: string[]): string[] {
  return file === 'save.lua' ? [(prefixes++).toString(36).padStart(4, '0')] : words
}

/** @throws when an answer is an error, or a connection breaks */
export async function wrk(server: Server, route: Route, seconds: number): Promise<Figures> {
  const { script = [] } = route
  const before = server.cpuSeconds()
  const { stdout } = await run('wrk', [
    ...['-t2', '-c16', `-d${seconds}`, '--timeout', '10'],
    ...Object.entries(route.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(script[0] ? ['-s', fileURLToPath(new URL(script[0], import.meta.url))] : []),
    ...[server.base + route.path, '--', ...wordsOf(script)],
  ])
  const fault = /Non-2xx or 3xx responses: \d+|Socket errors: .*/.exec(stdout)
  if (fault) throw new Error(`${server.name}, ${route.name}: ${fault[0]}`)
  const requests = read(stdout, /(\d+) requests in/)
  return {
    perSecond: read(stdout, /Requests\/sec:\s+([\d.]+)/),
    cpu: ((server.cpuSeconds() - before) / requests) * 1e6,
  }
}

/** Runs the statements one after the other, each prepared once a connection. */
export async function pgbench(
  url: string,
  statements: Statement[],
  seconds: number,
  folder: string,
): Promise<Figures> {
  const { hostname, port, username, password, pathname } = new URL(url)
  const file = join(folder, 'pgbench.sql')
  // It numbers parameters by itself, and gives them names.
  const texts = statements.map(({ text }, i) => `${text.replace(/\$(\d+)/g, `:p${i}_$1`)};\n`)
  writeFileSync(file, texts.join(''))
  const values = statements.flatMap(({ parameters }, i) =>
    parameters.flatMap((value, n) => ['-D', `p${i}_${n + 1}=${value}`]),
  )
  const { stdout } = await run(
    join(findPostgres()!, 'pgbench'),
    [
      ...['-n', '-M', 'prepared', ...SIZE, `-T${Math.max(seconds, LEAST_SECONDS)}`, '-f', file, ...values],
      ...['-h', hostname, '-p', port, '-U', username, pathname.slice(1)],
    ],
    { env: { ...process.env, PGPASSWORD: password } },
  )
  return { perSecond: read(stdout, /tps = ([\d.]+)/), cpu: Number.NaN }
}

function read(text: string, pattern: RegExp): number {
  const [, figure] = pattern.exec(text) ?? []
  if (figure === undefined) throw new Error(`No ${pattern} in:\n${text}`)
  return Number(figure)
}
