// Jobs a second through the queue, with work that does nothing, on a real PostgreSQL:
//   bun scripts/postgres.ts bun bench/jobs.ts [jobs] [rounds]   (inside `sh scripts/run.sh`)
// Ours, where every job's effect and completion are a transaction of their own, beside pg-boss alone, which completes
// five hundred in one statement and promises nothing of the effects. In turn, one process, medians.
import { PgBoss } from 'pg-boss'
import * as v from 'valibot'
import { createLog } from '../src/ground/log/log.ts'
import { createMetrics } from '../src/ground/metrics/metrics.ts'
import { defineJob, Queue } from '../src/ground/queue/queue.ts'
import { openTestDatabase, testConfig, usesRealPostgres } from '../test/support/database.ts'
import { quantile } from './ready/servers.ts'

if (!usesRealPostgres)
  throw new Error('Run it inside `bun scripts/postgres.ts`: the figures are of a real server.')
const BATCH = 500
const [jobs, rounds] = [Number(process.argv[2] ?? 20_000), Number(process.argv[3] ?? 5)]
const rates: Record<'plain' | 'ours', number[]> = { plain: [], ours: [] }
for (let round = 0; round < rounds; round++) {
  rates.plain.push(await runPlain())
  rates.ours.push(await runOurs())
}
for (const [name, each] of Object.entries(rates)) {
  console.log(`${name}: ${quantile(each, 0.5).toFixed(0)} jobs a second (${each.map(Math.round).join(', ')})`)
}

/** Calls `count` for every job that was done; resolves with jobs a second. */
function meter() {
  const { promise, resolve } = Promise.withResolvers<number>()
  const start = performance.now()
  let done = 0
  const count = (many: number) => {
    done += many
    if (done === jobs) resolve((jobs / (performance.now() - start)) * 1000)
  }
  return { promise, count }
}

async function runPlain(): Promise<number> {
  const database = await openTestDatabase()
  const boss = new PgBoss({ connectionString: database.url, max: 6, schedule: false })
  await boss.start()
  await boss.createQueue('no-op', { partition: true })
  await boss.insert(
    'no-op',
    Array.from({ length: jobs }, () => ({ data: {} })),
  )
  const { promise, count } = meter()
  const options = { batchSize: BATCH, burstWhenBatchFull: true } as const
  await boss.work('no-op', options, async claimed => count(claimed.length))
  const rate = await promise
  await boss.stop({ graceful: true, timeout: 5000 })
  await database.close()
  return rate
}

async function runOurs(): Promise<number> {
  const database = await openTestDatabase()
  const config = testConfig(database.settings)
  const log = createLog(config)
  const queue = new Queue(database, config, log)
  let count = (_: number) => {}
  const noOp = defineJob<object>({ name: 'no-op', schema: v.object({}), batchSize: BATCH })
  await queue.start([noOp])
  await database.sql`
    insert into pgboss.job (id, name, data, policy, retry_limit)
    select gen_random_uuid(), 'no-op', '{}', 'standard', 8 from generate_series(1, ${jobs}::integer)`
  const measured = meter()
  count = measured.count
  const run = async (payloads: object[]) => payloads.map(() => async () => count(1))
  await queue.work([{ job: noOp, run }], { metrics: createMetrics() })
  const rate = await measured.promise
  await queue.stop(5)
  await database.close()
  return rate
}
