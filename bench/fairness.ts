// What one user's load is to another: the other's time alone and beside it, in turn, on a real PostgreSQL:
//   bun scripts/postgres.ts bun bench/fairness.ts [rounds]   (inside `sh scripts/run.sh`)
// One Trove does all (ROLE=all, limits off, so that the load is there at all); the providers are another process. Loads: a
// hundred links that never answer, three thousand tests of a webhook that hangs, forty thousand elements of an array, two
// hundred sign-ins at once. Told are the other's save until READY, and their GET /v1/items; medians of the rounds.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { clientOf } from '../test/support/app.ts'
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
})
const { base: trove } = await bench.start()
const [mallory, bob] = [await bench.user(trove), await bench.user(trove)]
const stranger = clientOf(fetch, {}, trove)
let links = 0

/** Each begins a load and gives what ends it. */
const LOADS: Record<string, () => Promise<() => Promise<unknown>>> = {
  'a hundred hanging links': async () => {
    const items = Array.from({ length: 100 }, () => ({ url: `${base}/hang/${links++}` }))
    await mallory.post('/v1/items/batch', { items })
    await new Promise(resolve => setTimeout(resolve, 500))
    return async () => {
      await bench.database.sql`delete from pgboss.job where state in ('created', 'retry')`
      site.closeAllConnections()
    }
  },
  'three thousand webhook tests': async () => {
    const hook = { url: `${base}/hang/hook`, events: ['content.ready'] }
    const { body } = await mallory.post('/v1/webhooks/register', hook)
    const sending = keepUp(20, 3000, () => mallory.post(`/v1/webhooks/${body.id}/test`))
    return async () => {
      await sending
      await mallory.send('DELETE', `/v1/webhooks/${body.id}`)
      await bench.database.sql`delete from pgboss.job where state in ('created', 'retry')`
      site.closeAllConnections()
    }
  },
  'forty thousand array elements': async () => {
    const events = Array(40_000).fill('x')
    const sending = keepUp(4, 200, () => mallory.post('/v1/webhooks/register', { url: base, events }))
    return () => sending
  },
  'two hundred sign-ins at once': async () => {
    const login = { email: 'nobody@example.com', password: 'a wrong password' }
    const sending = keepUp(200, 200, () => stranger.post('/v1/auth/login', login))
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
    const times: Record<string, number[]> = { alone: [], beside: [], listAlone: [], listBeside: [] }
    for (let round = 0; round < rounds; round++) {
      const alone = await measure()
      const end = await begin()
      const beside = await measure()
      await end()
      times.alone!.push(alone.save)
      times.beside!.push(beside.save)
      times.listAlone!.push(alone.list)
      times.listBeside!.push(beside.list)
    }
    const [alone, beside, listAlone, listBeside] = Object.values(times).map(each => quantile(each, 0.5))
    console.log(
      `${name}: save to READY ${alone!.toFixed(1)} ms alone, ${beside!.toFixed(1)} beside (${(beside! / alone!).toFixed(2)}); ` +
        `list ${listAlone!.toFixed(1)}, ${listBeside!.toFixed(1)} (${(listBeside! / listAlone!).toFixed(2)})`,
    )
  }
} finally {
  site.closeAllConnections()
  await bench.close()
  site.close()
  simulators.stop()
}
