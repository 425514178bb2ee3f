// What acting as a user costs. In this process, on a real PostgreSQL, with 20,000 saves:
//   bun scripts/postgres.ts bun bench/accounts/row-security.ts [rounds]   (inside `sh scripts/run.sh`)
// 1. Requests, each as the tables' owner and as its user, interleaved: GETs, which are not behind row security, in a
//    transaction that is; a PATCH and a POST, which are, without it.
// 2. A list in a transaction that acts as its user, on a connection that does nothing else, and on one that has asked the
//    same as the owner just before: a prepared statement is planned again when the role is another one.
import { serveRoutes } from '../../src/app.ts'
import { openDatabase, type Sql } from '../../src/ground/database/connection.ts'
import { actingAs, secureRows } from '../../src/ground/database/row-security.ts'
import type { Route } from '../../src/ground/http/route.ts'
import { ROOMS } from '../../src/rooms.ts'
import { fillLibrary } from '../../test/library/fill-library.ts'
import { clientOf, startTrove } from '../../test/support/app.ts'
import { testConfig, usesRealPostgres } from '../../test/support/database.ts'
import { signToken } from '../../test/support/token.ts'

const WARM_UP = 100

if (!usesRealPostgres)
  throw new Error('Run it inside `bun scripts/postgres.ts`: the figures are of a real server.')
const [rounds = 1000] = process.argv.slice(2).map(Number)

const trove = await startTrove({ RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'warn', ENVIRONMENT: 'production' })
const { sql } = trove.database
if (!(await secureRows(sql))) throw new Error('Row security is off here.')
const id = await fillLibrary(sql, 20_000)
const token = signToken(trove.context.config.JWT_SECRET_KEY!, { id, email: `${id}@example.com` })

const routes = ROOMS.flatMap(({ routes = [] }) => routes)
const asOwner = (route: Route): Route => ({ ...route, says: { ...route.says, reaches: 'everybody' } })
const asUser = (route: Route): Route => {
  if (route.method !== 'GET' || route.says.may === 'anybody') return route
  const { handle } = route.steps
  const acting: typeof handle = ask =>
    sql.begin(tx => actingAs(tx, ask.user.id, async () => handle({ ...ask, sql: tx })))
  return { ...route, steps: { ...route.steps, handle: acting } }
}
const clientOfAll = (change: (route: Route) => Route) => {
  const app = serveRoutes(trove.context, routes.map(change))
  return clientOf(request => app.handle(request), { authorization: `Bearer ${token}` })
}
const sides = { 'by the owner': clientOfAll(asOwner), 'as the user': clientOfAll(asUser) }

const { body } = await sides['by the owner'].get('/v1/items?limit=1')
const item = `/v1/items/${body.items[0].save.id}`
let saved = 0
const asked: Record<string, (client: (typeof sides)['as the user']) => Promise<{ status: number }>> = {
  'GET /v1/auth/me': client => client.get('/v1/auth/me'),
  'GET /v1/items': client => client.get('/v1/items'),
  'GET /v1/search, words': client => client.get('/v1/search?q=needle&mode=text'),
  'PATCH /v1/items/{id}': client =>
    client.send('PATCH', item, {
      body: `{"is_favorited": ${++saved % 2 === 0}}`,
      headers: { 'content-type': 'application/json' },
    }),
  'POST /v1/items, a new link': client =>
    client.post('/v1/items', { url: `https://youtu.be/n${1e9 + ++saved}` }),
}
for (const [what, ask] of Object.entries(asked)) {
  const each = Object.entries(sides).map(([name, client]) => {
    const once = async () => {
      const { status } = await ask(client)
      if (status >= 300) throw new Error(`${what} answered ${status}`)
    }
    return [name, { once }] as const
  })
  await compare(what, Object.fromEntries(each))
}

const open = () => openDatabase(testConfig({ ...trove.database.settings, DATABASE_POOL_SIZE: '1' }))
const [constant, changing] = [await open(), await open()]
const list = async (sql: Sql) => {
  await sql`
    select s.id, s.title, s.created_at, c.url, c.caption, c.author
    from user_content_saves s
    join shared_contents c on c.id = s.shared_content_id
    where s.user_id = ${id} and s.status = 'READY' and not s.is_archived
    order by s.created_at desc, s.id desc
    limit 20`
}
const acting = (sql: typeof constant.sql) => () => sql.begin(tx => actingAs(tx, id, () => list(tx)))
await compare('a list in a transaction, as the user', {
  'always so': { once: acting(constant.sql) },
  'after the owner': { before: () => list(changing.sql), once: acting(changing.sql) },
})
await Promise.all([constant.close(), changing.close()])
await trove.stop()

interface Side {
  /** Not timed. */
  before?: () => Promise<unknown>
  once: () => Promise<unknown>
}

/** Each in turn, and which comes first in turn too. */
async function compare(what: string, sides: Record<string, Side>) {
  const each = Object.entries(sides).map(([name, side]) => ({ name, ...side, times: [] as number[] }))
  for (let i = 0; i < rounds + WARM_UP; i++) {
    for (const { before, once, times } of i % 2 ? each : each.toReversed()) {
      await before?.()
      const asked = performance.now()
      await once()
      if (i >= WARM_UP) times.push(performance.now() - asked)
    }
  }
  for (const { name, times } of each) {
    const sorted = times.sort((a, b) => a - b)
    const at = (part: number) => sorted[Math.floor(sorted.length * part)]!.toFixed(2)
    console.log(`${what}, ${name}: p50 ${at(0.5)}, p95 ${at(0.95)} ms`)
  }
}
