// What signing in costs, and what it tells. Against a server of its own on a real PostgreSQL:
//   bun scripts/postgres.ts bun bench/login.ts [tries] [rounds] [seconds]   (inside `sh scripts/run.sh`)
// 1. Login with a wrong password, email known beside unknown; register, email taken beside new. Interleaved, medians.
// 2. GET /v1/items alone, and while fifty clients sign in again and again; p99 of each round, medians of the rounds.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fillLibrary } from '../test/library/fill-library.ts'
import { clientOf } from '../test/support/app.ts'
import { openTestDatabase, usesRealPostgres } from '../test/support/database.ts'
import { startProcess } from '../test/support/process.ts'
import { signToken } from '../test/support/token.ts'

if (!usesRealPostgres)
  throw new Error('Run it inside `bun scripts/postgres.ts`: the figures are of a real server.')
const [tries = 300, rounds = 5, seconds = 6] = process.argv.slice(2).map(Number)
const PARALLEL_LOGINS = 50
const JWT_SECRET_KEY = 'a secret of a bench, of more than 32 bytes'
const password = 'correct horse battery staple'

const folder = mkdtempSync(join(tmpdir(), 'trove-login-'))
const database = await openTestDatabase()
const server = startProcess({
  ...database.settings,
  ...{ DATA_DIR: folder, ROLE: 'api', LOG_LEVEL: 'warn', RATE_LIMIT_ENABLED: 'false', JWT_SECRET_KEY },
})
const base = await server.address()
await server.until(/Queues/)
const client = clientOf(fetch, {}, base)
const newEmail = () => `${crypto.randomUUID()}@example.com`
const logIn = (email: string, attempt: string) => client.post('/v1/auth/login', { email, password: attempt })
const register = (email: string) => client.post('/v1/auth/register', { email, password })

try {
  const known = newEmail()
  await register(known)
  await compare('login, wrong password', 401, 401, {
    known: () => logIn(known, 'a wrong password, as long'),
    unknown: () => logIn(newEmail(), 'a wrong password, as long'),
  })
  await compare('register', 400, 201, { taken: () => register(known), new: () => register(newEmail()) })
  await storm(known)
} finally {
  server.child.kill('SIGTERM')
  await server.exit
  await database.close()
  rmSync(folder, { recursive: true, force: true })
}

type Ask = () => Promise<{ status: number }>

/** Two kinds of request in turn, and which of them comes first in turn too. */
async function compare(what: string, first: number, second: number, sides: Record<string, Ask>) {
  const expected = [first, second]
  const each = Object.entries(sides).map(([name, ask], i) => ({
    name,
    ask,
    status: expected[i],
    times: [] as number[],
  }))
  for (let i = -20; i < tries; i++) {
    for (const side of i % 2 ? each : each.toReversed()) {
      const { ms, status } = await timed(side.ask)
      if (status !== side.status) throw new Error(`${what}, ${side.name}: ${status}`)
      // The first twenty warm up.
      if (i >= 0) side.times.push(ms)
    }
  }
  const [one, other] = each.map(({ times }) => quantile(times, 0.5))
  const figures = each.map(({ name, times }) => {
    const [low, middle, high] = [0.25, 0.5, 0.75].map(q => quantile(times, q).toFixed(2))
    return `${name} ${middle} ms (quartiles ${low}–${high})`
  })
  const difference = ((other! / one! - 1) * 100).toFixed(1)
  console.log(`${what}, ${tries} each: ${figures.join(', ')}; difference of the medians ${difference} %`)
}

/** Clients that sign in with the right password, one login after the other, and wait when they are told to. */
async function storm(email: string) {
  const id = await fillLibrary(database.sql, 200)
  const user = { id, email: `${id}@example.com` }
  const token = signToken(JWT_SECRET_KEY, user)
  const reader = clientOf(fetch, { authorization: `Bearer ${token}` }, base)
  const p50s: Record<string, number[]> = { idle: [], storm: [] }
  const p99s: Record<string, number[]> = { idle: [], storm: [] }
  const statuses = new Map<number, number>()

  async function read(): Promise<number[]> {
    const times: number[] = []
    for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
      const { ms, status } = await timed(() => reader.get('/v1/items'))
      if (status !== 200) throw new Error(`GET /v1/items: ${status}`)
      times.push(ms)
    }
    return times
  }
  for (let round = -1; round < rounds; round++) {
    for (const name of ['idle', 'storm'] as const) {
      let isOver = false
      const clients = Array.from({ length: name === 'storm' ? PARALLEL_LOGINS : 0 }, async () => {
        while (!isOver) {
          const { status, headers } = await logIn(email, password)
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          const wait = Number(headers.get('retry-after') ?? 0)
          if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait * 1000))
        }
      })
      const times = await read()
      isOver = true
      await Promise.all(clients)
      // The first round warms up.
      if (round < 0) continue
      p50s[name]!.push(quantile(times, 0.5))
      p99s[name]!.push(quantile(times, 0.99))
    }
  }
  for (const name of ['idle', 'storm']) {
    const [p50, p99] = [p50s, p99s].map(of => quantile(of[name]!, 0.5).toFixed(2))
    console.log(
      `GET /v1/items, ${name}: p50 ${p50} ms, p99 ${p99} ms (medians of ${rounds} rounds of ${seconds} s)`,
    )
  }
  console.log(
    `p99 of the rounds: ${JSON.stringify(p99s)}; logins by status: ${JSON.stringify([...statuses])}`,
  )
}

async function timed<Answer>(ask: () => Promise<Answer>): Promise<Answer & { ms: number }> {
  const start = performance.now()
  const answer = await ask()
  return { ...answer, ms: performance.now() - start }
}

function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!
}
