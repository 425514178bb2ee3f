// Every list query of a large library goes by an index: its plan, and what each step of it read, is asked of the server.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import * as v from 'valibot'
import { listClusters } from '../../src/clustering/clusters/store.ts'
import { findByWords } from '../../src/discovery/search/store.ts'
import type { Sql } from '../../src/ground/database/connection.ts'
import type { Position } from '../../src/ground/http/paging.ts'
import { ListQuery } from '../../src/library/items/lists/schema.ts'
import { groupItems, listItems } from '../../src/library/items/lists/store.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { fillLibrary } from './fill-library.ts'

const SAVES = 20_000
const LIMIT = 20
/** More matches than these are not sorted by save_count. */
const SORTED_MOST = 2_000
/** Every save_count of the library's is that of so many contents. */
const OF_EQUAL_COUNT = SAVES / 50
/** Tables that grow with what people save. */
const LARGE = new Set(['user_content_saves', 'shared_contents', 'content_embeddings', 'cluster_members'])

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
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

/** Each step of each query that `run` asks, as it was executed. */
async function stepsOf(run: (sql: Sql) => Promise<unknown>): Promise<Plan[]> {
  asked.length = 0
  await run(listening as unknown as Sql)
  const queries = asked.filter(({ text }) => /^\s*(select|with)/i.test(text))
  expect(queries.length).toBeGreaterThan(0)
  const plans = await Promise.all(
    queries.map(async ({ text, parameters }) => {
      const explain = `explain (analyze, timing off, format json) ${text}`
      const [row] = await database.sql.unsafe(explain, parameters as never[])
      return row!['QUERY PLAN'][0].Plan as Plan
    }),
  )
  return plans.flatMap(flatten)
}

const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)]

/** The large tables that are read from end to end. */
const scannedBy = (steps: Plan[]) =>
  steps
    .filter(step => step['Node Type'].includes('Seq Scan') && LARGE.has(step['Relation Name'] ?? ''))
    .map(step => step['Relation Name'])
const scanned = async (run: (sql: Sql) => Promise<unknown>) => scannedBy(await stepsOf(run))

/** The indexes that are read, by name, but for those that find a row by its id. */
const indexesOf = (steps: Plan[]) => {
  const names = steps.flatMap(step => step['Index Name'] ?? []).filter(name => !name.endsWith('_pkey'))
  return [...new Set(names)].sort()
}

/** How many rows the largest sort is given. */
const sortedMost = (steps: Plan[]) =>
  Math.max(
    0,
    ...steps
      .filter(step => step['Node Type'].includes('Sort'))
      .map(({ Plans: [input] = [] }) => input!['Actual Rows'] * input!['Actual Loops']),
  )

type Query = Record<string, string>
const list =
  (query: Query, after?: Position) =>
  (sql: Sql): ReturnType<typeof listItems> =>
    listItems(sql, user, v.parse(ListQuery, { limit: String(LIMIT), ...query }), after)

/** The place in the middle of a list. */
async function middleOf(query: Query): Promise<Position> {
  const { total } = await list(query)(database.sql)
  const { next } = await list({ ...query, offset: String(Math.floor(total / 2)) })(database.sql)
  return next!
}

describe.if(usesRealPostgres)('a page is a range of the index of its own order:', () => {
  const filters: [name: string, filter: Query, prefix: string][] = [
    ['all', {}, 'by_'],
    ['archived too', { is_archived: 'all' }, 'by_'],
    ['archived alone', { is_archived: 'true' }, 'by_'],
    ['of every status', { status: 'all' }, 'by_'],
    ['a category', { category: 'Tech' }, 'by_category_'],
    ['favourites', { is_favorited: 'true' }, 'favorites_'],
  ]
  const orders = { created_at: 'created', updated_at: 'updated', last_viewed_at: 'viewed', title: 'title' }
  // The oldest of the indexes are of the default order.
  const older: Record<string, string> = { by_category_created: 'by_category', favorites_created: 'favorites' }
  const cases = filters.flatMap(([name, filter, prefix]) =>
    Object.entries(orders).flatMap(([sort_by, suffix]) =>
      ['asc', 'desc'].map(sort_order => ({
        name: `${name}, ${sort_by} ${sort_order}`,
        query: { ...filter, sort_by, sort_order },
        index: `user_content_saves_${older[prefix + suffix] ?? prefix + suffix}`,
      })),
    ),
  )

  test.each(cases)('$name', async ({ query, index }) => {
    for (const after of [undefined, await middleOf(query)]) {
      const steps = await stepsOf(list(query, after))
      expect(scannedBy(steps)).toEqual([])
      // A range without rows, as of a status that no save has, may be looked for anywhere.
      expect(indexesOf(steps.filter(step => step['Actual Rows'] > 0))).toEqual([index])
      for (const step of steps.filter(each => each['Index Name'] === index)) {
        expect(step['Actual Rows']).toBeLessThanOrEqual(LIMIT + 1)
        expect(step['Rows Removed by Filter'] ?? 0).toBe(0)
      }
      // At most four ranges, with and without a value, archived and not, are merged.
      expect(sortedMost(steps)).toBeLessThanOrEqual(4 * (LIMIT + 1))
    }
  })

  const popular = ['asc', 'desc'].flatMap(sort_order =>
    filters.map(([name, filter]) => ({ name: `${name}, ${sort_order}`, query: { ...filter, sort_order } })),
  )

  test.each(popular)(
    'by save_count the order is that of all contents, of which each is looked up among the saves: $name',
    async ({ query: filter }) => {
      const query = { ...filter, sort_by: 'save_count' }
      const { total } = await list(query)(database.sql)
      for (const after of [undefined, await middleOf(query)]) {
        const steps = await stepsOf(list(query, after))
        expect(scannedBy(steps)).toEqual([])
        if (total <= SORTED_MOST) expect(sortedMost(steps)).toBeLessThanOrEqual(SORTED_MOST)
        else {
          const read = (of: (step: Plan) => boolean) =>
            steps.filter(of).map(step => step['Actual Rows'] * step['Actual Loops'])
          const walked = read(step => step['Index Name'] === 'shared_contents_by_save_count')
          const lookedUp = read(step => step['Relation Name'] === 'user_content_saves')
          expect(Math.max(...walked)).toBeLessThanOrEqual(2 * OF_EQUAL_COUNT)
          expect(Math.max(...lookedUp)).toBeLessThanOrEqual(2 * OF_EQUAL_COUNT)
          // Two ranges, archived and not, are merged.
          expect(sortedMost(steps)).toBeLessThanOrEqual(2 * (LIMIT + 1))
        }
      }
    },
  )
})

describe.if(usesRealPostgres)('no large table is read from end to end by', () => {
  test.each([
    { status: 'FAILED' },
    { category: 'Tech', is_favorited: 'true', sort_by: 'title' },
    { is_favorited: 'false' },
    { offset: '10000' },
  ] as Query[])('the list %j', async query => {
    expect(await scanned(list(query))).toEqual([])
  })

  test.each(['needle', '100% "quoted_', 'GARDEN 12'])(
    'the search %p, which goes by trigrams',
    async search => {
      for (const sort_by of ['created_at', 'title', 'save_count']) {
        const steps = await stepsOf(list({ search, sort_by }))
        expect(scannedBy(steps)).toEqual([])
        expect(indexesOf(steps)).toEqual(['user_content_saves_substrings'])
      }
    },
  )

  test('the groups, each of which is a range', async () => {
    const steps = await stepsOf(sql => groupItems(sql, user, 'READY', 10))
    expect(scannedBy(steps)).toEqual([])
    expect(indexesOf(steps)).toEqual(['user_content_saves_by_category'])
    for (const step of steps.filter(each => each['Index Name'] === 'user_content_saves_by_category')) {
      expect(step['Actual Rows']).toBeLessThanOrEqual(10)
    }
  })

  test('a search for words, which goes by the words of contents and of notes', async () => {
    const steps = await stepsOf(sql => findByWords(sql, user, { q: 'needle', scope: 'mine' }, 20))
    expect(scannedBy(steps)).toEqual([])
    const words = ['shared_contents_words', 'user_content_saves_note_words']
    expect(indexesOf(steps)).toEqual(expect.arrayContaining(words))
  })

  test('the list of clusters', async () => {
    const query = { min_items: 1, sort_by: 'updated_at', sort_order: 'desc', limit: 100, offset: 0 } as const
    expect(
      await scanned(sql =>
        listClusters(sql, user, { cluster_type: undefined, cursor: undefined, ...query }, undefined),
      ),
    ).toEqual([])
  })

  test('and a query that does is found out', async () => {
    expect(
      await scanned(sql => sql`select id from user_content_saves where raw_share_text like '%x%'`),
    ).toEqual(['user_content_saves'])
  })
})
