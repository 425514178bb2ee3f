// sql/spread.sql, as far as a PostgreSQL without Citus tells: the rest is `npm run test:spread` with a cluster.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { TABLES } from '../../../src/rooms.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'

const SCRIPT = readFileSync(new URL('../../../sql/spread.sql', import.meta.url), 'utf8')
/** How the tables lie that are not a user's: the column by which they are spread, or undefined on the coordinator. */
const PLACES: Record<string, string | undefined> = {
  users: 'id',
  tags: 'id',
  tag_edges: 'child_id',
  tag_closure: 'descendant_id',
  tag_aliases: 'id',
  shared_tag_stats: 'tag_id',
  shared_contents: 'id',
  content_embeddings: 'content_id',
  thumbnails: 'content_id',
  content_links: 'url_hash',
  known_networks: 'pair_hash',
  category_shares: 'token_hash',
  server_settings: undefined,
  model_usage: undefined,
  rate_limits: undefined,
  schema_migrations: undefined,
  two_phase: undefined,
  sign_in_identities: 'identity_hash',
  used_nonces: 'nonce_hash',
  api_clients: undefined,
  backups: undefined,
  erasures: undefined,
  interaction_days: undefined,
  invitations: undefined,
  settings: undefined,
  signing_keys: undefined,
}

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

test('each table is spread once, by the user or the content that it is of, or is known to stay', async () => {
  const [, layout = ''] = /create temporary table layout on commit drop as([^;]*);/.exec(SCRIPT) ?? []
  const rows = await database.sql.unsafe<{ name: string; key: string }[]>(
    layout.replace('c.oid::regclass as name', 'c.relname as name'),
  )
  const places = Object.entries(TABLES)
    .map(([name, { of }]) => ({ name, key: of === 'user' ? 'user_id' : PLACES[name] }))
    .filter(({ key }) => key !== undefined)
  const sorted = (all: readonly { name: string; key: string | undefined }[]) =>
    all.map(({ name, key }) => `${name} by ${key}`).sort()
  expect(sorted(rows)).toEqual(sorted(places))
  const others = Object.keys(TABLES).filter(name => TABLES[name]!.of !== 'user')
  expect(Object.keys(PLACES).sort()).toEqual(others.sort())
})

test('where there is no Citus it says so, and changes nothing', async () => {
  const keys = () => database.sql`
    select conrelid::regclass::text, conname
    from pg_constraint
    where connamespace = 'public'::regnamespace
    order by 1, 2`
  const before = await keys()
  const refused = database.sql.unsafe(SCRIPT)
  expect(refused).rejects.toThrow('This database has no Citus. Nothing was changed')
  await refused.catch(() => {})
  expect(before.length).toBeGreaterThan(20)
  expect(await keys()).toEqual(before)
})
