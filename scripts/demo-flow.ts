// The main job from end to end through the HTTP API: a real server process, real videos from the simulator.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { startPlatformSimulator } from '../test/simulators/platforms.ts'

export interface DemoResult {
  ready: number
  failed: number
  groups: { category: string; count: number }[]
  clusters: {
    label: string
    cluster_type: string
    item_count: number
    short_description: string
    sample_items: { title: string }[]
  }[]
  /** Titles like the first READY item's, best first. */
  similar: { of: string; titles: { title: string; similarity_score: number }[] }
}

export interface DemoOptions {
  videos: number
  /** Variables for the server, such as DATABASE_URL. */
  settings?: Record<string, string>
  onProgress?: (stage: 'saved' | 'ready', done: number, of: number) => void
  /** While it waits, the server answers. */
  onFilled?: (library: DemoLibrary, result: DemoResult) => Promise<void>
  /** Ends the demo early. */
  signal?: AbortSignal
}

/** Where the library is, and who owns it. */
export interface DemoLibrary {
  base: string
  email: string
  password: string
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const LONGEST_WAIT_MS = 300_000
const ACCOUNT = { email: 'demo@example.com', password: 'a password for the demo' }

/**
 * Starts a server on this runtime, saves `videos` videos, waits until all are READY or FAILED, groups them.
 * Stops and removes all that it started, also when it fails.
 * @throws when a request is refused, the wait takes longer than five minutes, the server ends or `signal` says so.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { videos, settings = {}, onProgress, onFilled, signal } = options
  const simulator = await startPlatformSimulator()
  const folder = mkdtempSync(join(tmpdir(), 'trove-demo-'))
  const port = settings.PORT ?? String(await freePort())
  const base = `http://127.0.0.1:${port}`
  const server = startServer({ ...simulator.env, ...settings, DATA_DIR: folder, PORT: port })
  const untilSo = (isSo: () => Promise<boolean>) => until(isSo, server, signal)
  try {
    await untilSo(async () => (await fetch(`${base}/ready`)).ok)
    const { access_token } = await client(base)('POST', '/v1/auth/register', ACCOUNT)
    const own = client(base, access_token)

    // Every other one, so that all kinds are there.
    const chosen = simulator.videos.filter((_, i) => i % 2 === 0).slice(0, videos)
    for (const [i, { video_id }] of chosen.entries()) {
      signal?.throwIfAborted()
      await own('POST', '/v1/items', { url: `https://www.youtube.com/watch?v=${video_id}` })
      onProgress?.('saved', i + 1, chosen.length)
    }
    const count = async (status: string): Promise<number> =>
      (await own('GET', `/v1/items?status=${status}&limit=1`)).total
    let failed = 0
    await untilSo(async () => {
      const ready = await count('READY')
      failed = await count('FAILED')
      onProgress?.('ready', ready, chosen.length)
      return ready + failed >= chosen.length
    })

    const { job_id } = await own('POST', '/v1/clusters/rebuild')
    await untilSo(async () => (await own('GET', `/v1/jobs/${job_id}`)).stage === 'done')

    const { groups } = await own('GET', '/v1/items/grouped?limit_per_category=1')
    const { clusters } = await own('GET', '/v1/clusters?sort_by=item_count')
    const { items } = await own('GET', '/v1/items?limit=1')
    const { similar_items, content } = await own(
      'GET',
      `/v1/items/${items[0].save.id}?include_similar=true&similar_limit=3`,
    )
    const result: DemoResult = {
      ready: await count('READY'),
      failed,
      groups: Object.values(groups),
      clusters,
      similar: {
        of: content.title,
        titles: similar_items.map((item: { content: { title: string }; similarity_score: number }) => ({
          title: item.content.title,
          similarity_score: item.similarity_score,
        })),
      },
    }
    const ended = once(server, 'exit').then(() => Promise.reject(endOf(server)))
    await Promise.race([onFilled?.({ base, ...ACCOUNT }, result), ended])
    return result
  } finally {
    await stopServer(server)
    await simulator.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function startServer(env: Record<string, string>): ChildProcess {
  const isDeno = 'Deno' in globalThis
  const args = isDeno
    ? ['run', '--allow-all', '--no-lock', '--unstable-no-legacy-abort', 'src/main.ts']
    : ['src/main.ts']
  return spawn(process.execPath, args, {
    cwd: ROOT,
    // Nothing of the caller's own configuration, so that the demo is the same everywhere.
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      LOG_LEVEL: 'warn',
      RATE_LIMIT_ENABLED: 'false',
      MODELS: 'local',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
    // A group of its own: Ctrl-C reaches this process alone, which stops the server in order.
    detached: true,
  })
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  const exited = once(server, 'exit')
  server.kill('SIGTERM')
  await exited
}

/** JSON calls that throw on any answer but 2xx. */
export function client(base: string, token?: string) {
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, read by name
  return async (method: string, path: string, body?: unknown): Promise<any> => {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    return text ? JSON.parse(text) : undefined
  }
}

const endOf = ({ exitCode }: ChildProcess) => new Error(`The server ended with code ${exitCode}`)

/** Asks again until it is so, the server has ended, or it took too long. */
async function until(
  isSo: () => Promise<boolean>,
  server: ChildProcess,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = Date.now() + LONGEST_WAIT_MS
  while (!(await isSo().catch(() => false))) {
    signal?.throwIfAborted()
    if (server.exitCode !== null) throw endOf(server)
    if (Date.now() > deadline) throw new Error('It took longer than five minutes')
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
