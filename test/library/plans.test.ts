// Every list query of a large library goes by an index: its plan is asked of the server.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import * as v from 'valibot'
import type { Sql } from '../../src/database/connection.ts'
import { listClusters } from '../../src/intelligence/clusters/store.ts'
import { findByWords } from '../../src/intelligence/search/store.ts'
import { ListQuery } from '../../src/library/items/lists/schema.ts'
import { groupItems, listItems } from '../../src/library/items/lists/store.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { fillLibrary } from './fill-library.ts'

const SAVES = 20_000
/** Tables that grow with what people save. */
const LARGE = new Set(['user_content_saves', 'shared_contents', 'content_embeddings', 'cluster_members'])

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  Plans?: Plan[]
}

let database: TestDatabase
let listening: postgres.Sql
let user: string
const asked: { text: string; parameters: unknown[] }[] = []
beforeAll(async () => {
  if (!usesRealPostgres) return
  database = await openTestDatabase()
  user = await fillLibrary(database.sql, SAVES)
  listening = postgres(database.url, {
    max: 1,
    fetch_types: false,
    debug: (_, text, parameters) => asked.push({ text, parameters }),
  })
})
afterAll(async () => {
  if (!usesRealPostgres) return
  await listening.end()
  await database.close()
})

/** The large tables that a query would read from end to end. */
async function scanned(run: (sql: Sql) => Promise<unknown>): Promise<string[]> {
  asked.length = 0
  await run(listening as unknown as Sql)
  const queries = asked.filter(({ text }) => /^\s*(select|with)/i.test(text))
  expect(queries.length).toBeGreaterThan(0)
  const plans = await Promise.all(
    queries.map(async ({ text, parameters }) => {
      const [row] = await database.sql.unsafe(`explain (format json) ${text}`, parameters as never[])
      return row!['QUERY PLAN'][0].Plan as Plan
    }),
  )
  return plans.flatMap(readTables)
}

const readTables = (plan: Plan): string[] => {
  const table = plan['Relation Name']
  const own = plan['Node Type'].includes('Seq Scan') && table && LARGE.has(table) ? [table] : []
  return [...own, ...(plan.Plans ?? []).flatMap(readTables)]
}

const list = (query: Record<string, string>) => (sql: Sql) =>
  listItems(sql, user, v.parse(ListQuery, query), undefined)

describe.if(usesRealPostgres)('no large table is read from end to end by', () => {
  test.each([
    {},
    { sort_by: 'updated_at' },
    { sort_by: 'last_viewed_at', sort_order: 'asc' },
    { sort_by: 'title', sort_order: 'asc' },
    { category: 'Tech' },
    { is_favorited: 'true' },
    { status: 'FAILED' },
    { search: 'needle' },
    { search: '100% "quoted_' },
    { offset: '10000' },
  ] as Record<string, string>[])('the list %j', async query => {
    expect(await scanned(list(query))).toEqual([])
  })

  test('the groups', async () => {
    expect(await scanned(sql => groupItems(sql, user, 'READY', 10))).toEqual([])
  })

  test('a search for words', async () => {
    expect(await scanned(sql => findByWords(sql, user, { q: 'needle garden', scope: 'mine' }, 20))).toEqual(
      [],
    )
  })

  test('the list of clusters', async () => {
    const query = { min_items: 1, sort_by: 'updated_at', sort_order: 'desc' } as const
    expect(await scanned(sql => listClusters(sql, user, { cluster_type: undefined, ...query }))).toEqual([])
  })

  test('and a query that does is found out', async () => {
    expect(
      await scanned(sql => sql`select id from user_content_saves where raw_share_text like '%x%'`),
    ).toEqual(['user_content_saves'])
  })
})
