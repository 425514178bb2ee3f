// What a Trove takes: memory and connections of its processes, bytes and rows of a save in Postgres, tokens of a save,
// and the index of all vectors. Linux, a real PostgreSQL, simulated platforms and models; inside `sh scripts/run.sh`:
//   bun scripts/postgres.ts bun bench/size.ts [saves] [vectors]
// A clustering of a big library has a bench of its own, bench/clustering/memory.ts.
import { setTimeout as delay } from 'node:timers/promises'
import { type Bench, openBench, startSimulators } from './ready/servers.ts'
import { linkOf } from './ready/videos.ts'
import { measureIndex } from './size/index-of-vectors.ts'
import { type Measured, measureProcess } from './size/process.ts'
import { reportRows } from './size/rows.ts'
import { reportTokens } from './size/tokens.ts'

const saves = Number(process.argv[2] ?? 10_000)
const vectors = Number(process.argv[3] ?? 100_000)
const MORE = 1000
const LOCAL_SAVES = 20
const READERS = 32
const READING_MS = 10_000
const SETTLE_MS = 5000
const A_BATCH = 100

type Client = Awaited<ReturnType<Bench['user']>>

const simulators = await startSimulators(saves + MORE + LOCAL_SAVES)
try {
  await measureRoles()
  await measureLocalModel()
} finally {
  simulators.stop()
}
await measureIndex(vectors)
await reportTokens()

/** One role after the other, so that connections and memory are those of one process. */
async function measureRoles(): Promise<void> {
  const bench = await openBench(simulators.env)
  try {
    await (await start(bench, 'worker')).end('nothing to do')
    const api = await start(bench, 'api')
    const user = await bench.user(api.base)
    const stream = await fetch(`${api.base}/v1/events`, {
      headers: { authorization: `Bearer ${user.token}` },
    })
    await save(user, 0, saves)
    await read(user)
    await api.end(`takes ${saves} saves, then ${READERS} readers for ${READING_MS / 1000} s`)
    await stream.body?.cancel().catch(() => {})

    const worker = await start(bench, 'worker')
    const started = performance.now()
    await untilReady(bench, saves)
    const seconds = (performance.now() - started) / 1000
    await worker.end(`makes ${saves} saves READY in ${seconds.toFixed(0)} s, grouping them meanwhile`)
    await reportRows(bench.database.sql, saves)

    const all = await start(bench, 'all')
    const same = await bench.user(all.base)
    await Promise.all([save(same, saves, MORE), read(same)])
    await untilReady(bench, saves + MORE)
    await all.end(`takes ${MORE} saves, makes them READY, ${READERS} readers meanwhile`)
  } finally {
    await bench.close()
  }
}

async function measureLocalModel(): Promise<void> {
  const bench = await openBench({ ...simulators.env, MODELS: 'local' })
  try {
    const all = await start(bench, 'all')
    await save(await bench.user(all.base), saves + MORE, LOCAL_SAVES)
    await untilReady(bench, LOCAL_SAVES)
    await delay(SETTLE_MS)
    await all.end(`${LOCAL_SAVES} saves with the local model, ${SETTLE_MS / 1000} s later`)
  } finally {
    await bench.close()
  }
}

interface Role extends Measured {
  base: string
}

/** Starts a process, lets it settle and tells what it takes. */
async function start(bench: Bench, role: string): Promise<Role> {
  let base = ''
  // Connects, so that the bench's own connection is counted as somebody else's.
  await bench.database.sql`select 1`
  const url = bench.database.settings.DATABASE_URL!
  const measured = await measureProcess(url, role, async () => {
    const started = await bench.start({ ROLE: role, LOG_LEVEL: 'info' })
    base = started.base
    await started.server.until(/is ready/)
    return started.server
  })
  await delay(SETTLE_MS)
  await measured.tell(`${SETTLE_MS / 1000} s after its start`)
  return { ...measured, base }
}

async function save(user: Client, from: number, count: number): Promise<void> {
  for (let i = from; i < from + count; i += A_BATCH) {
    const items = Array.from({ length: Math.min(A_BATCH, from + count - i) }, (_, n) => ({
      url: linkOf(i + n),
    }))
    const { status, body } = await user.post('/v1/items/batch', { items })
    if (status >= 300) throw new Error(`The batch answered ${status}: ${JSON.stringify(body)}`)
  }
}

/** Many ask for what a library's page asks for. */
async function read(user: Client): Promise<void> {
  const paths = ['/v1/items?limit=20', '/v1/items/grouped', '/v1/search?q=garden&mode=text', '/v1/clusters']
  const ends = performance.now() + READING_MS
  const reader = async (_: unknown, n: number) => {
    for (let i = n; performance.now() < ends; i++) await user.get(paths[i % paths.length]!)
  }
  await Promise.all(Array.from({ length: READERS }, reader))
}

async function untilReady({ database: { sql } }: Bench, count: number): Promise<void> {
  for (;;) {
    const [row] = await sql<{ ready: number; failed: number }[]>`
      select count(*) filter (where status = 'READY')::integer as ready,
        count(*) filter (where status = 'FAILED')::integer as failed
      from shared_contents`
    if (row!.failed > 0) throw new Error(`${row!.failed} contents FAILED`)
    if (row!.ready >= count) return
    await delay(1000)
  }
}
