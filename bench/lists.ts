// A library of 200,000 saves on a real PostgreSQL: `bun bench/lists.ts [saves] [rounds]` (inside `sh scripts/run.sh`).
// The deepest cursor page beside the first (and one in the middle), and search beside ILIKE, interleaved; medians, through the store's functions.

import { startPostgres } from '../scripts/postgres.ts'
import { findByWords } from '../src/discovery/search/store.ts'
import { openDatabase } from '../src/ground/database/connection.ts'
import { migrate } from '../src/ground/database/migrate.ts'
import type { ListQuery } from '../src/library/items/lists/schema.ts'
import { groupItems, listItems } from '../src/library/items/lists/store.ts'
import { fillLibrary } from '../test/library/fill-library.ts'
import { testConfig } from '../test/support/database.ts'

const SAVES = Number(process.argv[2] ?? 200_000)
const rounds = Number(process.argv[3] ?? 15)
const base: ListQuery = {
  status: 'READY',
  sort_by: 'created_at',
  sort_order: 'desc',
  limit: 20,
  offset: 0,
} as ListQuery

const server = await startPostgres()
const database = await openDatabase(testConfig({ DATABASE_URL: server.url, STATEMENT_TIMEOUT_MS: '600000' }))
const { sql } = database
await migrate(database)
const user = await fillLibrary(sql, SAVES)

for (const sort_by of ['created_at', 'updated_at', 'last_viewed_at', 'title', 'save_count'] as const) {
  const query = { ...base, sort_by }
  // The last page but one of the order: reached from its other end, where it is near.
  const back = await listItems(sql, user, { ...query, limit: 100, offset: SAVES - 130 }, undefined)
  const deepest = back.next!
  const middle = (await listItems(sql, user, { ...query, offset: SAVES / 2 }, undefined)).next!
  await compare(`${sort_by}: deepest page / first`, {
    first: () => listItems(sql, user, query, undefined),
    middle: () => listItems(sql, user, query, middle),
    deepest: () => listItems(sql, user, query, deepest),
  })
}
await compare('offset, for comparison: deepest page / first', {
  first: () => listItems(sql, user, base, undefined),
  deepest: () => listItems(sql, user, { ...base, offset: SAVES - 30 }, undefined),
})
for (const search of ['needle', 'garden 1234']) {
  await compare(`?search=${search}: ILIKE / search`, {
    search: () => listItems(sql, user, { ...base, search }, undefined),
    ilike: () => ilike(search),
  })
}
await compare('/v1/search?q=needle: ILIKE / full text', {
  'full text': () => findByWords(sql, user, { q: 'needle', scope: 'mine' }, 50),
  ilike: () => ilike('needle'),
})
await compare('grouped', { grouped: () => groupItems(sql, user, 'READY', 10) })
await database.close()
await server.stop()

/** What the same list costs without an index: the page and its count. */
async function ilike(search: string) {
  const which = sql`
    from user_content_saves s
    join shared_contents c on c.id = s.shared_content_id
    where s.user_id = ${user} and c.status = 'READY' and not s.is_archived
      and (c.title ilike ${`%${search}%`} or c.topic_main ilike ${`%${search}%`} or s.raw_share_text ilike ${`%${search}%`})`
  await Promise.all([
    sql`select s.id, c.title ${which} order by s.created_at desc, s.id desc limit 20`,
    sql`select count(*) ${which}`,
  ])
}

async function compare(what: string, sides: Record<string, () => Promise<unknown>>) {
  const times = new Map(Object.keys(sides).map(name => [name, [] as number[]]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of Object.entries(sides)) {
      const start = performance.now()
      await run()
      // The first round warms up.
      if (round >= 0) times.get(name)!.push(performance.now() - start)
    }
  }
  const medians = [...times].map(([name, each]) => [name, median(each)] as const)
  const ratio = medians.length > 1 ? `  ratio ${(medians.at(-1)![1] / medians[0]![1]).toFixed(2)}` : ''
  console.log(`${what}: ${medians.map(([name, ms]) => `${name} ${ms.toFixed(2)} ms`).join(', ')}${ratio}`)
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}
