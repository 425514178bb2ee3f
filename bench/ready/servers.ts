// What the benches of the pipeline run: Trove, and the providers, each a process of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { fillLibrary } from '../../test/library/fill-library.ts'
import { type Client, clientOf } from '../../test/support/app.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../../test/support/database.ts'
import { type Started, startProcess } from '../../test/support/process.ts'
import { signToken } from '../../test/support/token.ts'

const JWT_SECRET_KEY = 'a secret of a bench, of more than 32 bytes'

if (!usesRealPostgres) {
  throw new Error('Run it inside `bun scripts/postgres.ts`: the figures are of a real server.')
}

export interface Simulators {
  env: Record<string, string>
  /** How many items each call asked for, by source, since `forget`. */
  calls(): Promise<Record<string, number[]>>
  forget(): void
  stop(): void
}

export async function startSimulators(videos: number, latency_ms = 0): Promise<Simulators> {
  const file = fileURLToPath(new URL('simulators.ts', import.meta.url))
  const child = spawn(process.execPath, [file, String(videos), String(latency_ms)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async () => JSON.parse(String((await lines.next()).value))
  return {
    env: await read(),
    calls: () => {
      child.stdin.write('calls\n')
      return read()
    },
    forget: () => void child.stdin.write('forget\n'),
    stop: () => void child.stdin.end(),
  }
}

export interface Bench {
  database: TestDatabase
  /** Starts a Trove on the database; resolves when it is ready. */
  start(env?: Record<string, string>): Promise<{ base: string; server: Started }>
  /** A new user with an empty library. */
  user(base: string): Promise<Client & { id: string; token: string }>
  close(): Promise<void>
}

/** A fresh database, and servers on it, which `close` stops. */
export async function openBench(settings: Record<string, string>): Promise<Bench> {
  const database = await openTestDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'trove-bench-'))
  const servers: Started[] = []
  return {
    database,
    async start(env = {}) {
      const quiet = { LOG_LEVEL: 'warn', RATE_LIMIT_ENABLED: 'false', CLUSTER_MIN_ITEMS: '1000' }
      const server = startProcess({
        ...{ DATA_DIR: folder, JWT_SECRET_KEY, ...quiet },
        ...{ ...settings, ...database.settings, ...env },
      })
      servers.push(server)
      if (env.ROLE === 'worker') return { base: '', server }
      const base = await server.address()
      await server.until(/Queues/)
      return { base: base!, server }
    },
    async user(base) {
      const id = await fillLibrary(database.sql, 0)
      const user = { id, email: `${id}@example.com` }
      const token = signToken(JWT_SECRET_KEY, user)
      return { ...clientOf(fetch, { authorization: `Bearer ${token}` }, base), id, token }
    },
    async close() {
      for (const { child, exit, printed } of servers) {
        child.kill('SIGTERM')
        await exit
        const warnings = printed().match(/^.*(WARN|ERROR|warn|error).*$/gm) ?? []
        if (warnings.length > 0) console.log(`Its log has ${warnings.length} warnings:`, warnings.slice(0, 3))
      }
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!
}
