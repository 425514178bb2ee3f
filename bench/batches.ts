// Two hundred new links saved before any worker runs, with providers that take their time, on a real PostgreSQL:
//   bun scripts/postgres.ts bun bench/batches.ts [latency_ms] [rounds]   (inside `sh scripts/run.sh`)
// How often each provider is asked, and how long all takes from the first claim to the last READY. The ideal is the
// slowest stage, the pictures, four at once of one host (src/ground/fetch/limits.ts), and one call of each other stage.
import { openBench, quantile, startSimulators } from './ready/servers.ts'
import { linkOf } from './ready/videos.ts'

const LINKS = 200
const A_BATCH = { youtube_data_api: 50, chat: 10, embeddings: 50 }
const PICTURES_AT_ONCE = 8
const [latency, rounds] = [Number(process.argv[2] ?? 300), Number(process.argv[3] ?? 5)]

const simulators = await startSimulators(LINKS, latency)
const ratios: number[] = []
try {
  for (let round = 0; round < rounds; round++) ratios.push(await runOnce())
} finally {
  simulators.stop()
}
console.log(`Median of ${rounds} rounds: ${quantile(ratios, 0.5).toFixed(2)} times the ideal`)

async function runOnce(): Promise<number> {
  const bench = await openBench(simulators.env)
  const { sql } = bench.database
  try {
    const { base } = await bench.start({ ROLE: 'api' })
    const user = await bench.user(base)
    for (let from = 0; from < LINKS; from += 100) {
      const items = Array.from({ length: 100 }, (_, i) => ({ url: linkOf(from + i) }))
      const { status, body } = await user.post('/v1/items/batch', { items })
      if (status !== 200 && status !== 201)
        throw new Error(`The batch answered ${status}: ${JSON.stringify(body)}`)
    }
    simulators.forget()
    const { promise, resolve } = Promise.withResolvers<void>()
    await sql.listen('trove_events', async () => {
      const [{ ready } = { ready: 0 }] = await sql<{ ready: number }[]>`
        select count(*)::integer as ready from shared_contents where status = 'READY'`
      if (ready === LINKS) resolve()
    })
    await bench.start({ ROLE: 'worker' })
    await promise
    const [times] = await sql<{ ms: number }[]>`
      select extract(epoch from max(completed_on) - min(started_on))::float8 * 1000 as ms
      from pgboss.job where name in ('fetch-content', 'understand-content', 'embed-content')`
    const stages = await sql<{ name: string; starts: number[]; ends: number }[]>`
      select name, (extract(epoch from max(completed_on) - min(started_on)) * 1000)::integer as ends,
        (select jsonb_agg(distinct (extract(epoch from j.started_on - f.first) * 1000)::integer)
          from pgboss.job j where j.name = jobs.name) as starts
      from pgboss.job jobs, (select min(started_on) as first from pgboss.job where state = 'completed') f
      where name in ('fetch-content', 'understand-content', 'embed-content') group by name, f.first`
    for (const { name, starts, ends } of stages)
      console.log(`  ${name}: claims at ${starts} ms; takes ${ends} ms`)
    const calls = await simulators.calls()
    for (const [source, size] of Object.entries(A_BATCH)) {
      const made = calls[source]?.length ?? 0
      const most = Math.ceil(LINKS / size) + 1
      console.log(`  ${source}: ${made} calls (${calls[source]}), at most ${most} allowed`)
    }
    const ideal = (Math.ceil(LINKS / PICTURES_AT_ONCE) + 3) * latency
    console.log(`  ${times!.ms.toFixed(0)} ms, ideal ${ideal} ms, pictures ${calls.thumbnail?.length}`)
    return times!.ms / ideal
  } finally {
    await bench.close()
  }
}
