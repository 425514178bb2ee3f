// npm run test:spread -- DATABASE_URL: whether Trove works on a Citus of yours, whose database is empty. Migrates it,
// spreads it (sql/spread.sql), then saves, groups, lists, finds and removes, and says what held.
// With --plain on one PostgreSQL, where nothing is spread: that tries this script. With --plain --copies it works there as if
// it were spread, and so reads what lies beside saves.
import { readFileSync } from 'node:fs'
import { type Database, openDatabase } from '../src/ground/database/connection.ts'
import { migrate } from '../src/ground/database/migrate.ts'
import { client, type DemoLibrary, type DemoResult, runDemo } from './demo-flow.ts'
import { Refusal, readArguments, readToolConfig, runTool, UsageError } from './keeping-data/run-tool.ts'
import { findState } from './keeping-data/store.ts'

const USAGE = 'npm run test:spread -- postgres://user:password@host:port/database [--plain [--copies]]'
const VIDEOS = 60
const LEAST_CLUSTERS = 2

await runTool(async () => {
  const { values, file: DATABASE_URL } = readArguments(
    { plain: { type: 'boolean' }, copies: { type: 'boolean' } },
    USAGE,
  )
  if (!DATABASE_URL) throw new UsageError(`Which database?\n${USAGE}`)
  const database = await openDatabase(readToolConfig({ DATABASE_URL }))
  try {
    await prepare(database, values.plain === true, values.copies === true)
  } finally {
    await database.close()
  }
  const held = new Map<string, boolean>()
  const result = await runDemo({
    videos: VIDEOS,
    settings: { DATABASE_URL },
    onFilled: async (library, result) => {
      const checked = Object.entries(await checkLibrary(library, result))
      for (const [rule, isSo] of checked) held.set(rule, isSo)
    },
  })
  console.log(`${result.ready} READY, ${result.failed} FAILED, ${result.clusters.length} clusters`)
  for (const [rule, isSo] of held) console.log(`${isSo ? 'held      ' : 'NOT HELD  '}${rule}`)
  if ([...held.values()].includes(false))
    throw new Refusal('Trove does not work there as it does on one PostgreSQL.')
})

async function prepare({ sql, direct }: Database, isPlain: boolean, hasCopies: boolean): Promise<void> {
  if ((await findState(sql)) === 'used') {
    throw new Refusal(
      'That database has people and saves in it already. Name an empty one. Nothing was changed.',
    )
  }
  const [citus] = await sql<{ version: string }[]>`
    select extversion as version
    from pg_extension
    where extname = 'citus'`
  if (!citus && !isPlain) {
    throw new Refusal('That database has no Citus: create extension citus. Nothing was changed.')
  }
  await migrate({ direct })
  if (!citus) {
    if (hasCopies) await sql`insert into server_settings (name, value) values ('layout', 'spread')`
    console.log(`No Citus: nothing is spread${hasCopies ? ', and there are copies beside saves' : ''}`)
    return
  }
  await direct.unsafe(readFileSync(new URL('../sql/spread.sql', import.meta.url), 'utf8'))
  const tables = await sql<{ name: string; key: string; shards: number }[]>`
    select table_name::text as name, distribution_column as key, shard_count as shards
    from citus_tables
    order by 1`
  console.log(`Citus ${citus.version}`)
  for (const { name, key, shards } of tables) console.log(`  ${name} by ${key}, ${shards} shards`)
}

/** What has held of the library that the demo made; the last thing tried removes from it. */
async function checkLibrary(
  { base, email, password }: DemoLibrary,
  { ready, failed, clusters, groups, similar }: DemoResult,
): Promise<Record<string, boolean>> {
  const { access_token } = await client(base)('POST', '/v1/auth/login', { email, password })
  const own = client(base, access_token)
  const listed = await own('GET', '/v1/items?limit=100')
  const [{ save, content }] = listed.items
  const found = async (mode: string, scope: string) => {
    const query = new URLSearchParams({ q: content.title, mode, scope })
    const { results } = await own('GET', `/v1/search?${query}`)
    return results.some((result: { save_id: string }) => result.save_id === save.id)
  }
  const inClusters = clusters.reduce((sum, { item_count }) => sum + item_count, 0)
  const held = {
    'all that was saved is READY': ready === VIDEOS && failed === 0,
    'the list has each save once':
      new Set(listed.items.map((item: typeof listed) => item.save.id)).size === VIDEOS,
    'the groups by category add up': groups.reduce((sum, { count }) => sum + count, 0) === VIDEOS,
    'there are clusters of it': clusters.length >= LEAST_CLUSTERS && inClusters <= VIDEOS,
    'the map has points': (await own('GET', '/v1/clusters/map')).points.length > 0,
    'something is similar': similar.titles.length > 0,
    'words find it in the library': await found('text', 'mine'),
    'meaning finds it in the library': await found('semantic', 'mine'),
    'words find it everywhere': await found('text', 'all'),
    'meaning finds it everywhere': await found('semantic', 'all'),
  }
  await own('DELETE', `/v1/items/${save.id}`)
  const left = await own('GET', '/v1/items?limit=1')
  return { ...held, 'what is removed is gone, and counted so': left.total === VIDEOS - 1 }
}
