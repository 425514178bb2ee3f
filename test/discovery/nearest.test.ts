// A small library is read whole and a large one goes by the index of all vectors: both find what is nearest.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { toVector } from '../../src/discovery/vectors/convert-vector.ts'
import { findNearest, findNearestOfUser } from '../../src/discovery/vectors/store.ts'
import type { Sql } from '../../src/ground/database/connection.ts'
import { EMBEDDING_DIMENSIONS } from '../../src/vocabulary.ts'
import { generateRows } from '../clustering/generated-rows.ts'
import { fillLibrary } from '../library/fill-library.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'

const MODEL = 'test'
/** sql/0008_nearest_at_once.sql reads up to 2,000 saves whole. */
const SIZES = { small: 200, large: 2_100 }

let database: TestDatabase
const users: Record<string, string> = {}
const dimensions = EMBEDDING_DIMENSIONS
const { points } = generateRows({ rows: SIZES.large, groups: 30, spread: 2, seed: 5, dimensions })
const vectorAt = (row: number) => points.slice(row * EMBEDDING_DIMENSIONS, (row + 1) * EMBEDDING_DIMENSIONS)

beforeAll(async () => {
  database = await openTestDatabase()
  const { sql } = database
  // Built at the end, as it is an order faster than row by row.
  const [index] = await sql<{ text: string }[]>`
    select pg_get_indexdef('content_embeddings_nearest'::regclass) as text`
  await sql`drop index content_embeddings_nearest`
  for (const [name, saves] of Object.entries(SIZES)) {
    const user = await fillLibrary(sql, saves)
    users[name] = user
    const vectors = Array.from({ length: saves }, (_, row) => toVector(vectorAt(row)))
    for (let from = 0; from < saves; from += 500) {
      await sql`
        insert into content_embeddings (content_id, model, embedding)
        select s.shared_content_id, ${MODEL}, v.embedding::vector
        from jsonb_array_elements_text(${sql.json(vectors.slice(from, from + 500))}) with ordinality v (embedding, at)
        join shared_contents c on c.url_hash = ${user} || (v.at + ${from})
        join user_content_saves s on s.user_id = ${user} and s.shared_content_id = c.id`
    }
  }
  await sql.unsafe(index!.text)
  await sql`vacuum (analyze) content_embeddings, library_counts`
}, 120_000)
afterAll(() => database.close())

/** The user's saves nearest to row 7, how often an index of the vectors was opened for them, and what is true. */
async function ask(name: string) {
  const asked = { vector: vectorAt(7), model: MODEL }
  return database.sql.begin(async tx => {
    const before = await countLooks(tx)
    const found = await findNearestOfUser(tx, users[name]!, asked, 10)
    const looks = (await countLooks(tx)) - before
    const exact = await tx<{ id: string }[]>`
      select content_id as id
      from nearest_of_user_exactly(${toVector(asked.vector)}::vector, ${MODEL}, ${users[name]!}, 10)`
    return { found, looks, exact }
  })
}

/** The same of what a user may find, when `part` of all contents may be found by everybody. */
async function askAll(name: string, part: 'none' | 'few' | 'many') {
  const asked = { vector: vectorAt(7), model: MODEL }
  const { sql } = database
  await sql`
    update shared_contents
    set save_count = 2, is_shareable = case ${part} when 'few' then external_id::integer % 20 = 0 else ${part} = 'many' end`
  return sql.begin(async tx => {
    const before = await countLooks(tx)
    const found = await findNearest(tx, users[name]!, asked, 10, 2)
    const looks = (await countLooks(tx)) - before
    const exact = await tx<{ id: string }[]>`
      select c.id
      from shared_contents c
      join content_embeddings e on e.content_id = c.id and e.model = ${MODEL}
      left join user_content_saves s on s.user_id = ${users[name]!} and s.shared_content_id = c.id
      where c.is_shareable or s.id is not null
      order by (e.embedding <=> ${toVector(asked.vector)}::vector) + 0, c.id
      limit 10`
    return { found: found.map(({ id }) => id), looks, exact: exact.map(({ id }) => id) }
  })
}

async function countLooks(tx: Sql): Promise<number> {
  const [counted] = await tx<{ looks: number }[]>`
    select idx_scan as looks from pg_stat_xact_user_tables where relname = 'content_embeddings'`
  return counted!.looks
}

describe('the nearest of a library', () => {
  test('that is small are found by looking at each of its vectors', async () => {
    const { found, looks, exact } = await ask('small')
    expect(looks).toBe(SIZES.small)
    expect(found.map(({ id }) => id)).toEqual(exact.map(({ id }) => id))
    expect(found[0]!.score).toBeCloseTo(1, 5)
  })

  test('that is large are found by the index of all, which may miss one', async () => {
    const { found, looks, exact } = await ask('large')
    // Once, and again each time that it goes on.
    expect(looks).toBeLessThan(10)
    const ids = new Set(found.map(({ id }) => id))
    expect(exact.filter(({ id }) => ids.has(id)).length).toBeGreaterThanOrEqual(9)
    expect(found[0]!.score).toBeCloseTo(1, 5)
  })

  test('are those of its own user, best first', async () => {
    const { found } = await ask('small')
    const mine = await database.sql<{ id: string }[]>`
      select shared_content_id as id from user_content_saves where user_id = ${users.small!}`
    const own = new Set(mine.map(({ id }) => id))
    expect(found).toHaveLength(10)
    expect(found.every(({ id }) => own.has(id))).toBe(true)
    const scores = found.map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  })
})

describe('the nearest of what a user may find', () => {
  test('are their own where nothing else may be found', async () => {
    const { found, looks, exact } = await askAll('small', 'none')
    expect(looks).toBe(SIZES.small)
    expect(found).toEqual(exact)
  })

  test('are found by looking at each, where little may be found: the index would pass it by', async () => {
    const { found, looks, exact } = await askAll('small', 'few')
    expect(looks).toBe(SIZES.small + SIZES.small / 20 + SIZES.large / 20)
    expect(found).toEqual(exact)
  })

  test('are found by the index, where much may be found', async () => {
    const { found, looks, exact } = await askAll('small', 'many')
    expect(looks).toBeLessThan(SIZES.small + 10)
    expect(exact.filter(id => found.includes(id)).length).toBeGreaterThanOrEqual(9)
  })
})
