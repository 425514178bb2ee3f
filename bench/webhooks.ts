// How long a healthy receiver waits for its delivery, alone and beside receivers that are dead, slow (10 s) and
// redirecting, which are other users'. On a real PostgreSQL, with a worker process of its own:
//   bun scripts/postgres.ts bun bench/webhooks.ts [deliveries] [rounds]   (inside `sh scripts/run.sh`)
// The time runs from before the event's transaction until the request has arrived. Both kinds in turn, medians.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { happen, register } from '../test/notifications/delivery-driver.ts'
import { startReceiver } from '../test/simulators/webhook-receiver.ts'
import { startTrove, type User } from '../test/support/app.ts'
import { startProcess } from '../test/support/process.ts'
import { quantile } from './ready/servers.ts'

const [deliveries, rounds] = [Number(process.argv[2] ?? 40), Number(process.argv[3] ?? 5)]
const SLOW_MS = 10_000

const healthy = await startReceiver()
const redirecting = await startReceiver(302)
const slow = createServer((_, response) => void setTimeout(() => response.end(), SLOW_MS)).listen(
  0,
  '127.0.0.1',
)
const dead = createServer().listen(0, '127.0.0.1')
await new Promise(resolve => setTimeout(resolve, 100))
const hostOf = (server: typeof slow) => `127.0.0.1:${(server.address() as AddressInfo).port}`
const bad = [redirecting.host, hostOf(slow), hostOf(dead)]
dead.close()

const secret = { JWT_SECRET_KEY: 'a secret for tests, of more than 32 bytes' }
const hosts = { FETCH_ALLOW_HOSTS: [healthy.host, ...bad].join() }
const trove = await startTrove({ ...secret, ...hosts, ROLE: 'api' })
const { settings, sql } = trove.database
const worker = startProcess({ ...secret, ...hosts, ...settings, ROLE: 'worker', LOG_LEVEL: 'info' })
await worker.until(/is ready/)
try {
  const well = await trove.register()
  await register(well, healthy.url)
  const others: User[] = []
  for (const host of bad) {
    const user = await trove.register()
    await register(user, `http://${host}/hook`)
    others.push(user)
  }
  const times: Record<'alone' | 'beside', number[]> = { alone: [], beside: [] }
  for (let round = -1; round < rounds; round++) {
    for (const kind of ['alone', 'beside'] as const) {
      const these = await deliver(well, kind === 'beside' ? others : [])
      if (round >= 0) times[kind].push(quantile(these, 0.5))
      await drain()
    }
  }
  for (const [kind, each] of Object.entries(times)) {
    console.log(`${kind}: ${quantile(each, 0.5).toFixed(1)} ms (${each.map(ms => ms.toFixed(1)).join(', ')})`)
  }
  console.log(`ratio ${(quantile(times.beside, 0.5) / quantile(times.alone, 0.5)).toFixed(2)}`)
} finally {
  worker.child.kill('SIGKILL')
  await worker.exit
  await trove.stop()
  await healthy.close()
  await redirecting.close()
  slow.closeAllConnections()
  slow.close()
}

/** Each healthy delivery with one to each of the others just before it. */
async function deliver(well: User, others: User[]): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < deliveries; i++) {
    for (const user of others) await happen(trove, user)
    // It may arrive before our own transaction says that it is committed.
    const arrival = healthy.until(healthy.received.length + 1)
    const start = performance.now()
    await happen(trove, well)
    await arrival
    times.push(performance.now() - start)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return times
}

/** What waits is dropped, and what is under way is waited for. */
async function drain(): Promise<void> {
  for (;;) {
    await sql`delete from pgboss.job where name = 'deliver-webhook' and state in ('created', 'retry')`
    const active = await sql`select from pgboss.job where name = 'deliver-webhook' and state = 'active'`
    if (active.length === 0) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}
