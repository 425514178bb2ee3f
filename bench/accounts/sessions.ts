// What sessions add to a request, and what a refresh takes. In this process, on a real PostgreSQL:
//   bun scripts/postgres.ts bun bench/accounts/sessions.ts [rounds]   (inside `sh scripts/run.sh`)
// 1. The statement that every request begins with: of before there were sessions, and of now. Interleaved.
// 2. GET /v1/auth/me with a token that names a session, and with one that names none. Interleaved.
// 3. POST /v1/auth/refresh, one after the other.
import { findAccount } from '../../src/accounts/admission/store.ts'
import { startTrove } from '../../test/support/app.ts'
import { usesRealPostgres } from '../../test/support/database.ts'
import { signToken } from '../../test/support/token.ts'

if (!usesRealPostgres)
  throw new Error('Run it inside `bun scripts/postgres.ts`: the figures are of a real server.')
const [rounds = 3000] = process.argv.slice(2).map(Number)

const trove = await startTrove({ RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'warn' })
const { sql } = trove.database
const user = await trove.register()
const [session] = await sql<{ id: string }[]>`select id from sessions where user_id = ${user.id}`
// Others have sessions as well.
await sql`
  insert into sessions (user_id, id, remembers, expires_at)
  select ${user.id}, gen_random_uuid(), false, now() + interval '7 days' from generate_series(1, 20000)`
await sql`analyze`

const before = () => sql`
  select u.id, u.email, u.role, u.created_at, l.version as library_version
  from users u
  join libraries l on l.user_id = u.id
  where u.id = ${user.id}`
const meWith = (token: string) => async () => {
  const { status } = await trove.get('/v1/auth/me', { authorization: `Bearer ${token}` })
  if (status !== 200) throw new Error(`/v1/auth/me answered ${status}`)
}

await compare('the statement', {
  'before sessions': before,
  'with its session': () => findAccount(sql, user.id, session!.id),
})
await compare('GET /v1/auth/me', {
  'names no session': meWith(signToken(trove.context.config.JWT_SECRET_KEY!, user)),
  'names a session': meWith(user.token),
})
const login = await trove.post('/v1/auth/login', { email: user.email, password: user.password })
let { refresh_token } = login.body
await compare('POST /v1/auth/refresh', {
  refresh: async () => {
    const { status, body } = await trove.post('/v1/auth/refresh', { refresh_token })
    if (status !== 200) throw new Error(`a refresh answered ${status}`)
    refresh_token = body.refresh_token
  },
})
await trove.stop()

/** Each in turn, and which comes first in turn too. */
async function compare(what: string, sides: Record<string, () => PromiseLike<unknown>>) {
  const each = Object.entries(sides).map(([name, ask]) => ({ name, ask, times: [] as number[] }))
  for (let i = 0; i < rounds + 200; i++) {
    for (const { ask, times } of i % 2 ? each : each.toReversed()) {
      const asked = performance.now()
      await ask()
      if (i >= 200) times.push(performance.now() - asked)
    }
  }
  for (const { name, times } of each) {
    const sorted = times.sort((a, b) => a - b)
    const at = (part: number) => sorted[Math.floor(sorted.length * part)]!.toFixed(2)
    console.log(`${what}, ${name}: p50 ${at(0.5)}, p95 ${at(0.95)} ms`)
  }
}
