// The API over HTTP beside bare peers, on a real PostgreSQL:
//   bun scripts/postgres.ts bun bench/http.ts [saves] [rounds] [seconds]   (inside `sh scripts/run.sh`)
// One library of 200,000 saves. Trove on Bun and on Deno with everything on: authentication, limits (none is reached),
// request ids, log lines to a file, metrics. The peers answer with the same JSON by the same SQL and do nothing else:
// Fastify and postgres.js on Bun, FastAPI and asyncpg on uvicorn with uvloop and httptools. One process and 20 connections
// each. Load by wrk, sixteen connections, on the same processors; all take turns; medians. Beside requests a second stands
// the processor time of the server for a request, which other work on the machine moves less. pgbench runs the list's and
// the user's statements on as many connections. Needs Debian's packages (installed when root) and the npm registry.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { startTrove } from '../test/support/app.ts'
import { compareAnswers } from './http/compare-answers.ts'
import { openLibrary } from './http/library.ts'
import { type Figures, installPrograms, pgbench, type Route, wrk } from './http/load.ts'
import { describe } from './http/report.ts'
import { type Server, startFastApi, startFastify, startTroveOn } from './http/servers.ts'
import type { Statement } from './http/statements.ts'
import { quantile } from './ready/servers.ts'

const saves = Number(process.argv[2] ?? 200_000)
const rounds = Number(process.argv[3] ?? 5)
const seconds = Number(process.argv[4] ?? 3)
/** How many times as many requests Trove on Bun shall answer as a side does. */
const GOALS: Record<string, Record<string, number>> = {
  list: { Fastify: 1.3, FastAPI: 8, 'pgbench: page, count': 0.35 },
  'one row': { Fastify: 1, 'pgbench: user': 0.7 },
}

installPrograms()
const folder = mkdtempSync(join(tmpdir(), 'trove-http-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
const trove = await startTrove({ ROLE: 'api', DATABASE_POOL_SIZE: '4', STATEMENT_TIMEOUT_MS: '600000' })
const servers: Server[] = []
try {
  const { plan, asked, token, etag, ids } = await openLibrary(trove, saves)
  const databaseUrl = trove.database.settings.DATABASE_URL!
  const place = { folder, databaseUrl, secret: trove.context.config.JWT_SECRET_KEY! }
  servers.push(await startTroveOn('bun', place))
  servers.push(await startTroveOn('deno', place))
  servers.push(await startFastify(plan, place))
  servers.push(await startFastApi(plan, place))

  const idFile = join(folder, 'ids')
  writeFileSync(idFile, ids.join('\n'))
  const headers = { authorization: `Bearer ${token}` }
  const ifNew = { ...headers, 'if-none-match': etag }
  const routes: Route[] = [
    { name: 'list', path: '/v1/items', headers },
    { name: 'one row', path: '/v1/auth/me', headers },
    { name: '304', path: '/v1/items', headers: ifNew },
    { name: 'grouped', path: '/v1/items/grouped', headers },
    { name: 'clusters', path: '/v1/clusters', headers },
    { name: 'detail', path: `/v1/items/${ids[0]}`, headers, script: ['detail.lua', idFile] },
    { name: 'save', path: '/v1/items', headers, script: ['save.lua'] },
  ]

  const { user, page, count } = plan.statements
  const scripts: Record<string, Record<string, Statement[]>> = {
    list: { 'pgbench: page, count': [page, count], "pgbench: Trove's statements": asked.list },
    'one row': { 'pgbench: user': [user], "pgbench: Trove's statements": asked.me },
  }
  for (const route of routes) {
    // Not before: a save changes what all others are answered with.
    await compareAnswers(servers, route)
    const sides: Record<string, (time: number) => Promise<Figures>> = {}
    for (const server of servers) sides[server.name] = time => wrk(server, route, time)
    if (route.name === 'list') {
      sides['FastAPI: json.dumps'] = time =>
        wrk(servers.at(-1)!, { ...route, path: '/direct/v1/items' }, time)
    }
    for (const [name, statements] of Object.entries(scripts[route.name] ?? {})) {
      sides[name] = time => pgbench(databaseUrl, statements, time, folder)
    }
    console.log(describe(route.name, await compete(sides), GOALS[route.name]))
  }
} finally {
  await Promise.all(servers.map(server => server.stop()))
  await trove.stop()
}
// The thread that reads pages would keep this process.
process.exit(0)

/** Until the runtime has compiled what it will run, or does not come to it. */
async function warmUp(run: (seconds: number) => Promise<Figures>): Promise<void> {
  let answered = 0
  for (let tries = 0; tries < 4 && answered < 5000; tries++)
    answered += (await run(seconds)).perSecond * seconds
}

/** All sides in turn, when they are warm. @returns the medians of each */
async function compete(
  sides: Record<string, (seconds: number) => Promise<Figures>>,
): Promise<Record<string, Figures>> {
  const all = new Map(Object.keys(sides).map(name => [name, [] as Figures[]]))
  for (const run of Object.values(sides)) await warmUp(run)
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(sides)) all.get(name)!.push(await run(seconds))
  }
  const medianOf = (figures: Figures[], of: keyof Figures) =>
    quantile(
      figures.map(each => each[of]),
      0.5,
    )
  return Object.fromEntries(
    [...all].map(([name, figures]) => [
      name,
      { perSecond: medianOf(figures, 'perSecond'), cpu: medianOf(figures, 'cpu') },
    ]),
  )
}
