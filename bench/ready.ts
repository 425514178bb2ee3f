// From a save to READY with providers that answer at once, on a real PostgreSQL:
//   bun scripts/postgres.ts bun bench/ready.ts [saves] [polled]   (inside `sh scripts/run.sh`)
// One save at a time over HTTP to a server that does all (ROLE=all); the providers are another process. The time runs
// from before the POST until `content.ready` arrives on an open stream, and until the row says READY. In turn with the
// saves, a job of nothing by pg-boss alone. Then, in turn with a few more, a second server whose queue is polled twice a
// second instead of woken: not before, since its polls would take the processor from the first.
import { fileURLToPath } from 'node:url'
import { openEvents } from '../test/support/events.ts'
import { startReference } from './ready/reference.ts'
import { type Bench, openBench, quantile, startSimulators } from './ready/servers.ts'
import { linkOf } from './ready/videos.ts'

const saves = Number(process.argv[2] ?? 300)
const polled = Number(process.argv[3] ?? 6)
const WARM_UP = 300
const PAUSE_MS = 20
const CHAIN = ['fetch', 'understand', 'embed'] as const
/** What may be spent on a save, and what a job of nothing took where that was decided: milliseconds. */
const GOAL = { p50: [25, 2.3], p99: [60, 7.9] } as const

const simulators = await startSimulators(WARM_UP + saves + polled)
const woken = await openBench(simulators.env)
const polling = await openBench(simulators.env)
await polling.database.sql`update pgboss.queue set notify = false`
const reference = await startReference()
const preload = fileURLToPath(new URL('ready/polling.ts', import.meta.url))
try {
  const one = await startSaver(woken)
  for (let i = 0; i < WARM_UP; i++) {
    await one.save(i)
    await reference.send()
  }
  // As autovacuum does within a minute: plans made while the tables were empty go on reading them whole until then.
  await woken.database.sql`vacuum (analyze)`
  const times: Times[] = []
  const nothings: number[] = []
  for (let i = 0; i < saves; i++) {
    times.push(await one.save(WARM_UP + i))
    await pause()
    nothings.push(await reference.send())
    await pause()
  }
  report(times)
  reportReference(
    times.map(each => each.row!),
    nothings,
  )
  const other = await startSaver(polling, { BUN_OPTIONS: `--preload=${preload}` })
  const [wokenTimes, polledTimes]: [number[], number[]] = [[], []]
  for (let i = 0; i < polled; i++) {
    wokenTimes.push((await one.save(WARM_UP + saves + i)).event!)
    await pause()
    polledTimes.push((await other.save(WARM_UP + saves + i)).event!)
    await pause()
  }
  reportRatio(wokenTimes, polledTimes)
} finally {
  await reference.stop()
  await woken.close()
  await polling.close()
  simulators.stop()
}

type Times = Record<string, number>

async function startSaver(bench: Bench, env: Record<string, string> = {}) {
  const { base } = await bench.start(env)
  const user = await bench.user(base)
  const events = await openEvents(fetch, { token: user.token, base })
  const { sql } = bench.database
  let committed = () => {}
  // The third notice of a save is the one of READY; it comes when its transaction commits.
  await sql.listen('trove_events', () => committed())
  return {
    async save(i: number): Promise<Times> {
      let notices = 0
      const { promise: row, resolve } = Promise.withResolvers<number>()
      committed = () => ++notices === 3 && resolve(now())
      const start = now()
      const { status, body } = await user.post('/v1/items', { url: linkOf(i) })
      const answered = now()
      if (status !== 201) throw new Error(`The save answered ${status}: ${JSON.stringify(body)}`)
      let event = await events.next()
      while (event?.type === 'job.progress') event = await events.next()
      const arrived = now()
      if (event?.type !== 'content.ready') throw new Error(`It ended with ${JSON.stringify(event)}`)
      const ready = await row
      const jobs = await sql<{ created: number; completed: number }[]>`
        select extract(epoch from created_on)::float8 * 1000 as created,
          extract(epoch from completed_on)::float8 * 1000 as completed
        from pgboss.job
        where data ->> 'attempt' = ${body.job_id} order by created_on`
      const times: Times = { answered: answered - start, row: ready - start, event: arrived - start }
      times['POST until its transaction begins'] = jobs[0]!.created - start
      for (const [at, name] of CHAIN.entries()) {
        const { created, completed } = jobs[at]!
        times[`${name}: from its sender's transaction to that of its effect`] = completed - created
      }
      times['effect of READY, until the row is seen'] = ready - jobs[2]!.completed
      times['event on the stream after that'] = arrived - ready
      return times
    },
  }
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

function pause(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, PAUSE_MS))
}

function figures(values: number[]): string {
  return `p50 ${quantile(values, 0.5).toFixed(1)} ms, p99 ${quantile(values, 0.99).toFixed(1)} ms`
}

function report(times: Times[]): void {
  for (const name of Object.keys(times[0]!)) {
    console.log(`${name}: ${figures(times.map(each => each[name]!))}`)
  }
}

function reportReference(saves: number[], nothings: number[]): void {
  console.log(`a job of nothing by pg-boss alone, in turn: ${figures(nothings)}`)
  const ratios = Object.entries(GOAL).map(([name, [most, nothing]]) => {
    const q = Number(name.slice(1)) / 100
    const ratio = quantile(saves, q) / quantile(nothings, q)
    return `${name} ${ratio.toFixed(1)} times it (goal ${(most / nothing).toFixed(1)})`
  })
  console.log(`the row beside that: ${ratios.join(', ')}`)
}

function reportRatio(woken: number[], polled: number[]): void {
  if (polled.length === 0) return
  const ratio = quantile(woken, 0.5) / quantile(polled, 0.5)
  console.log(`polled twice a second, in turn, ${polled.length} saves: ${figures(polled)}`)
  console.log(`woken, in turn with them: ${figures(woken)}; ratio ${ratio.toFixed(3)}`)
}
