// What other requests feel while 50,000 saves are grouped by the same process, on a real PostgreSQL:
//   bun scripts/postgres.ts bun bench/clustering/isolation.ts [saves] [rounds] [requests a second]
// (Linux; inside `sh scripts/run.sh`). GET /v1/items at a fixed rate, whether answers come or not, idle and during a run
// by turns. Every third request reads another page, so that not all are answered from what was read before.
import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { quantile } from '../ready/servers.ts'
import { openBigLibrary } from './library.ts'

const saves = Number(process.argv[2] ?? 50_000)
const rounds = Number(process.argv[3] ?? 3)
const rate = Number(process.argv[4] ?? 50)
const library = await openBigLibrary(saves)
const authorization = `Bearer ${library.user.token}`
const times = { idle: [] as number[], running: [] as number[] }
let failed = 0

await measureWhile([], delay(3000))
for (let round = 1; round <= rounds; round++) {
  await measureWhile(times.idle, delay(8000))
  const run = library.rebuild()
  await measureWhile(times.running, run)
  const { seconds, retries, beats } = await run
  console.log(
    `run ${round}: ${seconds.toFixed(1)} s, heartbeats seen ${beats}, given to another worker ${retries} times`,
  )
  await delay(2000)
}
for (const [name, each] of Object.entries(times)) {
  const of = (q: number) => quantile(each, q).toFixed(1)
  console.log(`${name}: ${each.length} requests, p50 ${of(0.5)} ms, p99 ${of(0.99)} ms, longest ${of(1)} ms`)
}
const ratio = (q: number) => (quantile(times.running, q) / quantile(times.idle, q)).toFixed(2)
console.log(
  `${saves} saves, ${rate} requests a second: running / idle p50 ${ratio(0.5)}, p99 ${ratio(0.99)} (goal 2); ` +
    `${failed} requests failed; load average ${loadavg().map(load => load.toFixed(1))}`,
)
await library.bench.close()

/** Sends a request every `1 / rate` seconds until `end`, and adds what each took. */
async function measureWhile(into: number[], end: Promise<unknown>): Promise<void> {
  let isOver = false
  void end.finally(() => {
    isOver = true
  })
  const answers: Promise<void>[] = []
  const start = performance.now()
  for (let sent = 0; !isOver; sent++) {
    const due = start + (sent * 1000) / rate
    await delay(Math.max(0, due - performance.now()))
    answers.push(ask(sent, into))
  }
  await Promise.all(answers)
}

async function ask(n: number, into: number[]): Promise<void> {
  const start = performance.now()
  const page = n % 3 === 0 ? `?offset=${20 * (n % 90)}` : ''
  const response = await fetch(`${library.base}/v1/items${page}`, { headers: { authorization } })
  await response.arrayBuffer()
  if (!response.ok) failed++
  into.push(performance.now() - start)
}
