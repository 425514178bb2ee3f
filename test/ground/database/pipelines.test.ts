// Statements that are sent behind each other on one connection do not touch each other, however one of them ends.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { finished } from 'node:stream/promises'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../../support/database.ts'

/** As many as postgres.js sends on a connection before it waits for answers. */
const MOST_AT_ONCE = 100

describe('on one connection', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase({ DATABASE_POOL_SIZE: '1' })
  })
  afterAll(() => database.close())

  test('a statement that fails after its first rows leaves none of them to the next', async () => {
    const { sql } = database
    const failing = sql`select 1 / (3 - n) as n from generate_series(1, 5) n`
    await expect(failing.execute()).rejects.toMatchObject({ code: '22012' })
    expect([...(await sql`select 4 as n`)]).toEqual([{ n: 4 }])
  })

  test('a value that cannot be sent fails its own statement, not the one before it', async () => {
    const { sql } = database
    await sql`select 1 as n`
    const before = sql`select 1 as n`.execute()
    const unsendable = sql`select ${undefined as unknown as number}::integer as n`.execute()
    const behind = sql`select 3 as n`.execute()
    await expect(unsendable).rejects.toMatchObject({ code: 'UNDEFINED_VALUE' })
    expect([...(await before)]).toEqual([{ n: 1 }])
    expect([...(await behind)]).toEqual([{ n: 3 }])
  })

  test('a transaction has its connection, however many statements are under way on it', async () => {
    const { sql } = database
    await sql`select 5 as n`
    for (let count = MOST_AT_ONCE - 2; count <= MOST_AT_ONCE + 2; count++) {
      const underWay = Array.from({ length: count }, () => sql`select 5 as n`.execute())
      const inside = sql.begin(async tx => (await tx`select 7 as n`)[0]!.n)
      expect(await inside).toBe(7)
      for (const rows of await Promise.all(underWay)) expect([...rows]).toEqual([{ n: 5 }])
    }
  })

  // The embedded database does not copy.
  test.skipIf(!usesRealPostgres)(
    'a copy that the server refuses at its end ends with the error',
    async () => {
      const { sql } = database
      await sql`create temporary table numbers (n integer)`
      const copy = await sql`copy numbers (n) from stdin`.writable()
      const end = finished(copy)
      copy.end('1\nnot a number\n')
      await expect(end).rejects.toMatchObject({ code: '22P02' })
      expect([...(await sql`select n from numbers`)]).toEqual([])
    },
  )
})
