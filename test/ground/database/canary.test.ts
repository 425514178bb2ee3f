// Reports say that a transaction of postgres.js can land on a connection that others use too. If it did, a rolled-back
// row would be seen, an acknowledged one would be missing, or the server would log 25001/25P01.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { openDatabase } from '../../../src/ground/database/connection.ts'
import { openTestDatabase, type TestDatabase, testConfig } from '../../support/database.ts'

const ROUNDS = 10
const AT_ONCE = 300
const POOL = 3

/** What a real server logged of transactions that were begun twice or ended twice; the embedded one keeps no log. */
const logged = (): string[] => {
  const file = process.env.TEST_DATABASE_LOG
  return file
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(line => / (25001|25P01) /.test(line))
    : []
}

let database: TestDatabase
let narrow: TestDatabase['sql']
let closeNarrow = async () => {}
beforeAll(async () => {
  database = await openTestDatabase({ DATABASE_POOL_SIZE: String(POOL) })
  await database.sql`create table canary (id integer primary key, round integer not null)`
  // The embedded database has one opener: there the pool of the test itself is the narrow one.
  if (database.isEmbedded) narrow = database.sql
  else {
    const own = await openDatabase(testConfig({ ...database.settings, DATABASE_POOL_SIZE: String(POOL) }))
    narrow = own.sql
    closeNarrow = own.close
  }
})
afterAll(async () => {
  await closeNarrow()
  await database.close()
})

describe('transactions on a small pool', () => {
  test('stand alone: hundreds at once, half rolled back, plain queries and errors between', async () => {
    const acknowledged: number[] = []
    const faults: string[] = []
    let seen = 0

    const transact = async (id: number, round: number) => {
      const isKept = id % 2 === 0
      try {
        await narrow.begin(async tx => {
          await tx`insert into canary (id, round) values (${id}, ${round})`
          if (id % 3 === 0) await Promise.all([tx`select 1`, tx`select count(*) from canary`, tx`select 2`])
          if (id % 7 === 1) await tx`select 1 / (${id}::integer - ${id}::integer)`
          if (!isKept) throw new Error('rolled back on purpose')
        })
        if (!isKept) faults.push(`${id} was committed`)
        acknowledged.push(id)
      } catch (error) {
        const { message } = error as Error
        if (message !== 'rolled back on purpose' && message !== 'division by zero') faults.push(message)
      }
    }
    const look = async () => {
      const [found] = await narrow<{ odd: number }[]>`select count(*) as odd from canary where id % 2 = 1`
      seen += found!.odd
    }
    const stumble = () => narrow`select nonsense`.catch(() => {})

    for (let round = 0; round < ROUNDS; round++) {
      const ids = Array.from({ length: AT_ONCE }, (_, i) => round * AT_ONCE + i)
      await Promise.all(
        ids.flatMap(id => [transact(id, round), look(), ...(id % 10 === 0 ? [stumble()] : [])]),
      )
    }

    const rows = await database.sql<{ id: number }[]>`select id from canary order by id`
    expect(faults).toEqual([])
    expect(seen).toBe(0)
    expect(rows.map(({ id }) => id)).toEqual(acknowledged.sort((a, b) => a - b))
    expect(rows.length).toBeGreaterThan((ROUNDS * AT_ONCE) / 3)
    expect(logged()).toEqual([])
  })
})
