// What one user's load is to another: the other's time alone and beside it, in turn, on a real PostgreSQL:
//   bun scripts/postgres.ts bun bench/fairness.ts [rounds] [unlimited]   (inside `sh scripts/run.sh`)
// One Trove does all (ROLE=all), with its limits as it is delivered or without any; the providers are another process, and
// each round has new users, so that a limit counts that round alone. Loads: a hundred links that never answer, three
// thousand tests of a webhook that hangs, forty thousand elements of an array, two hundred sign-ins at once. Told are the
// other's save until READY, and their GET /v1/items; medians of the rounds. The processors are shared, by the load's own
// client too: so the same requests are also sent elsewhere, to a server that answers each with 404 at once.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Client, clientOf } from '../test/support/app.ts'
import { openBench, quantile, startSimulators } from './ready/servers.ts'

const rounds = Number(process.argv[2] ?? 7)
const SAVES_A_ROUND = 5

const simulators = await startSimulators(10)
const site = createServer((request, response) => {
  if (request.url!.startsWith('/hang')) return
  response.writeHead(200, { 'content-type': 'text/html' })
  response.end(`<title>A page ${request.url}</title><p>Some words about it.</p>`)
}).listen(0, '127.0.0.1')
await new Promise(resolve => site.once('listening', resolve))
const base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
const bench = await openBench({
  ...simulators.env,
  PLATFORMS: 'youtube,instagram,web',
  FETCH_ALLOW_HOSTS: new URL(base).host,
  RATE_LIMIT_ENABLED: process.argv[3] === 'unlimited' ? 'false' : 'true',
})
const { base: trove } = await bench.start()
let bob = await bench.user(trove)
const stranger = clientOf(fetch, {}, trove)
const bare = spawn(process.execPath, [
  '-e',
  `
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: async request => {
    await request.arrayBuffer()
    return new Response(null, { status: 404 })
  } })
  console.log(server.url.origin)`,
])
const [origin] = await once(bare.stdout, 'data')
const elsewhere = clientOf(fetch, {}, String(origin).trim())
let links = 0

/** Each begins a load of a client's and gives what ends it. */
const LOADS: Record<string, (as: Client) => Promise<() => Promise<unknown>>> = {
  'a hundred hanging links': async as => {
    const items = Array.from({ length: 100 }, () => ({ url: `${base}/hang/${links++}` }))
    await as.post('/v1/items/batch', { items })
    await new Promise(resolve => setTimeout(resolve, 500))
    return async () => {
      await bench.database.sql`delete from pgboss.job where state in ('created', 'retry')`
      site.closeAllConnections()
    }
  },
  'three thousand webhook tests': async as => {
    const hook = { url: `${base}/hang/hook`, events: ['content.ready'] }
    const { body } = await as.post('/v1/webhooks/register', hook)
    const sending = keepUp(20, 3000, () => as.post(`/v1/webhooks/${body.id}/test`))
    return async () => {
      await sending
      await as.send('DELETE', `/v1/webhooks/${body.id}`)
      await bench.database.sql`delete from pgboss.job where state in ('created', 'retry')`
      site.closeAllConnections()
    }
  },
  'forty thousand array elements': async as => {
    const events = Array(40_000).fill('x')
    const sending = keepUp(4, 200, () => as.post('/v1/webhooks/register', { url: base, events }))
    return () => sending
  },
  'two hundred sign-ins at once': async as => {
    const login = { email: 'nobody@example.com', password: 'a wrong password' }
    const sending = keepUp(200, 200, () => as.post('/v1/auth/login', login))
    return () => sending
  },
}

/** `count` requests, so many at a time. */
async function keepUp(atOnce: number, count: number, ask: () => Promise<unknown>): Promise<void> {
  const waiting = Array.from({ length: count }).keys()
  const work = async () => {
    for (const _ of waiting) await ask()
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Until the row says READY: a stream would be one more thing that shares the process. */
const saveToReady = () =>
  timed(async () => {
    const { body } = await bob.post('/v1/items', { url: `${base}/quick/${links++}` })
    for (;;) {
      const [row] = await bench.database.sql`select status from shared_contents where id = ${body.content.id}`
      if (row?.status === 'READY') return
      await new Promise(resolve => setTimeout(resolve, 2))
    }
  })
const list = () => timed(() => bob.get('/v1/items'))

async function measure() {
  bob = await bench.user(trove)
  const [saves, lists]: [number[], number[]] = [[], []]
  for (let i = 0; i < SAVES_A_ROUND; i++) {
    saves.push(await saveToReady())
    lists.push(await list())
  }
  return { save: quantile(saves, 0.5), list: quantile(lists, 0.5) }
}

try {
  for (let i = 0; i < 20; i++) await measure()
  for (const [name, begin] of Object.entries(LOADS)) {
    const measures: Awaited<ReturnType<typeof measure>>[][] = [[], [], []]
    for (let round = 0; round < rounds; round++) {
      measures[0]!.push(await measure())
      for (const [i, client] of [
        elsewhere,
        name.includes('sign-ins') ? stranger : await bench.user(trove),
      ].entries()) {
        const end = await begin(client)
        measures[i + 1]!.push(await measure())
        await end()
      }
    }
    const told = (of: 'save' | 'list') => {
      const [alone, load, beside] = measures.map(each =>
        quantile(
          each.map(one => one[of]),
          0.5,
        ),
      ) as number[] as [number, number, number]
      return `${alone.toFixed(1)} ms alone, ${load.toFixed(1)} beside the load elsewhere, ${beside.toFixed(1)} here (${(beside / load).toFixed(2)})`
    }
    console.log(`${name}: save to READY ${told('save')}; list ${told('list')}`)
  }
} finally {
  site.closeAllConnections()
  await bench.close()
  site.close()
  simulators.stop()
  bare.kill()
}
