// What acting as a user costs. In this process, on a real PostgreSQL, with 20,000 saves:
//   bun scripts/postgres.ts bun bench/accounts/row-security.ts [rounds]   (inside `sh scripts/run.sh`)
// Each side in turn. Reads: as a GET does them, by the tables' owner, and as they would be in a transaction that acts as the
// user. A write: the transaction of an edit, without and with.
import type { Sql } from '../../src/ground/database/connection.ts'
import { actingAs } from '../../src/ground/database/row-security.ts'
import { bumpLibrary } from '../../src/library/versions/store.ts'
import { fillLibrary } from '../../test/library/fill-library.ts'
import { startTrove } from '../../test/support/app.ts'
import { usesRealPostgres } from '../../test/support/database.ts'

if (!usesRealPostgres)
  throw new Error('Run it inside `bun scripts/postgres.ts`: the figures are of a real server.')
const [rounds = 1000] = process.argv.slice(2).map(Number)

const trove = await startTrove({ RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'warn' })
const { sql } = trove.database
const user = await fillLibrary(sql, 20_000)

const me = (sql: Sql) => sql`
  select u.id, u.email, l.version from users u join libraries l on l.user_id = u.id where u.id = ${user}`
const list = (sql: Sql) => sql`
  select s.id, s.title, s.created_at, c.url, c.caption, c.author
  from user_content_saves s
  join shared_contents c on c.id = s.shared_content_id
  where s.user_id = ${user} and s.status = 'READY' and not s.is_archived
  order by s.created_at desc, s.id desc
  limit 20`
const words = (sql: Sql) => sql`
  select s.id
  from user_content_saves s
  join shared_contents c on c.id = s.shared_content_id
  where s.user_id = ${user} and s.title ilike '%needle%'`
const acting = (ask: (sql: Sql) => PromiseLike<unknown>) => () =>
  sql.begin(tx => actingAs(tx, user, async () => ask(tx)))

for (const [what, ask] of Object.entries({ 'one row': me, 'a list': list, 'a word': words })) {
  await compare(what, { 'by the owner': () => ask(sql), 'as the user': acting(ask) })
}
await compare('a write', {
  'by the owner': () => sql.begin(tx => bumpLibrary(tx, user)),
  'as the user': acting(tx => bumpLibrary(tx, user)),
})
await trove.stop()

/** Each in turn, and which comes first in turn too. */
async function compare(what: string, sides: Record<string, () => PromiseLike<unknown>>) {
  const each = Object.entries(sides).map(([name, ask]) => ({ name, ask, times: [] as number[] }))
  for (let i = 0; i < rounds + 100; i++) {
    for (const { ask, times } of i % 2 ? each : each.toReversed()) {
      const asked = performance.now()
      await ask()
      if (i >= 100) times.push(performance.now() - asked)
    }
  }
  for (const { name, times } of each) {
    const sorted = times.sort((a, b) => a - b)
    const at = (part: number) => sorted[Math.floor(sorted.length * part)]!.toFixed(2)
    console.log(`${what}, ${name}: p50 ${at(0.5)}, p95 ${at(0.95)} ms`)
  }
}
