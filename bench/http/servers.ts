// Trove on both runtimes and its peers, each a process of its own on one database.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Plan } from './library.ts'

const FASTIFY = 'fastify@5.12.8'
const PYTHON = '/usr/bin/python3'
const START_MS = 60_000
/** Nobody is refused, and everybody is counted. */
const RATE_LIMITS = ['default', 'items_read', 'items_write', 'clusters_read']
  .map(name => `${name}=999999999/1h`)
  .join()

export interface Server {
  name: string
  base: string
  /** Of processor time, since it started. */
  cpuSeconds(): number
  stop(): Promise<void>
}

export interface Place {
  /** Emptied by the caller. */
  folder: string
  databaseUrl: string
  secret: string
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** Trove as an operator runs it, with its log in a file. */
export function startTroveOn(runtime: 'bun' | 'deno', { folder, databaseUrl, secret }: Place) {
  const words = runtime === 'bun' ? [] : ['run', '--allow-all', '--no-lock', '--unstable-no-legacy-abort']
  return start(
    `Trove on ${runtime === 'bun' ? 'Bun' : 'Deno'}`,
    [runtime, ...words, 'src/main.ts'],
    '/ready',
    folder,
    {
      ENVIRONMENT: 'production',
      ROLE: 'api',
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      DATA_DIR: folder,
      JWT_SECRET_KEY: secret,
      ADMIN_PASSWORD: 'the admin of a bench that nobody reaches',
      MODELS: 'local',
      RATE_LIMITS,
    },
  )
}

/** Fastify comes from the registry, at one version, and goes with the folder. */
export function startFastify(plan: Plan, { folder, databaseUrl }: Place) {
  const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save', FASTIFY]
  const { status, stderr } = spawnSync('npm', install, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${FASTIFY} was not installed:\n${stderr}`)
  const command = ['bun', here('fastify.ts'), folder, writePlan(plan, folder)]
  return start('Fastify', command, '/v1/auth/me', folder, { DATABASE_URL: databaseUrl })
}

export function startFastApi(plan: Plan, { folder, databaseUrl }: Place) {
  const words = ['--loop', 'uvloop', '--http', 'httptools', '--no-access-log', '--log-level', 'warning']
  const command = [PYTHON, '-m', 'uvicorn', 'fast_api:app', '--app-dir', here('.'), ...words]
  return start('FastAPI', command, '/v1/auth/me', folder, {
    ...{ DATABASE_URL: databaseUrl, PLAN: writePlan(plan, folder), PYTHONDONTWRITEBYTECODE: '1' },
  })
}

function writePlan(plan: Plan, folder: string): string {
  const file = join(folder, 'plan.json')
  writeFileSync(file, JSON.stringify(plan))
  return file
}

/** Resolves when `path` answers 200; what it prints is in a file of `folder`. */
async function start(
  name: string,
  [program, ...words]: string[],
  path: string,
  folder: string,
  env: Record<string, string>,
): Promise<Server> {
  const port = await freePort()
  const file = join(folder, `${name.replaceAll(' ', '-')}.log`)
  const log = openSync(file, 'w')
  const { PATH = '', HOME = '' } = process.env
  const withPort = program === PYTHON ? [...words, '--port', String(port)] : words
  const child = spawn(program!, withPort, {
    cwd: root,
    env: { PATH, HOME, PORT: String(port), ...env },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  // However this process ends, the server ends with it.
  process.on('exit', () => child.kill('SIGKILL'))
  const base = `http://127.0.0.1:${port}`
  if (!(await answers(child, base + path))) {
    throw new Error(`${name} does not answer:\n${readFileSync(file, 'utf8').slice(-2000)}`)
  }
  return {
    name,
    base,
    cpuSeconds: () => cpuSecondsOf(child.pid!),
    stop: async () => {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 30_000)
      await ended
      clearTimeout(late)
    },
  }
}

async function answers(child: ChildProcess, url: string): Promise<boolean> {
  const deadline = Date.now() + START_MS
  while (child.exitCode === null && Date.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined)
    await answer?.text()
    if (answer?.ok) return true
    await delay(100)
  }
  return false
}

/** Of all threads (proc(5)): the kernel counts hundredths of a second. */
export function cpuSecondsOf(pid: number): number {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const fields = after.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number }
    server.close(() => resolve(port))
  })
  return promise
}
