// A connection that the server ends, or the network resets, at whatever moment, fails its own transaction and nothing else.
// What else may be under way on it, and Deno: test/portability/lost-connections.test.ts.
import { expect, test } from 'bun:test'
import postgres from 'postgres'
import { openDatabase } from '../../../src/ground/database/connection.ts'
import { startCuttingProxy } from '../../support/cutting-proxy.ts'
import { openTestDatabase, testConfig, usesRealPostgres } from '../../support/database.ts'

const ROUNDS = 120

test.skipIf(!usesRealPostgres)(
  'a transaction whose connection is gone rejects, and what follows has its own answer',
  async () => {
    const database = await openTestDatabase()
    const admin = postgres(database.settings.DATABASE_URL!, { max: 3, onnotice: () => {} })
    const proxy = await startCuttingProxy(database.settings.DATABASE_URL!)
    const pool = await openDatabase(testConfig({ DATABASE_POOL_SIZE: '3', DATABASE_URL: proxy.url }))
    proxy.judge = ({ chunk }) => (chunk.includes('reset here') ? 'reset' : undefined)
    const { sql } = pool
    await sql`create table kept (n integer)`

    const lose = (n: number) =>
      sql.begin(async tx => {
        await tx`insert into kept (n) values (${n})`
        const [{ pid } = { pid: 0 }] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
        if (n % 4 === 3) return await tx`insert into kept (n) values (0) returning 'reset here'`
        const gone = admin`select pg_terminate_backend(${pid}, 5000)`
        // What is sent next meets a connection that is open, about to close, or closed; or only the rollback.
        if (n % 4 > 0) await gone
        if (n % 4 === 1) throw new Error('rolled back')
        await tx`insert into kept (n) values (${n})`
        await gone
      })
    const outcomes: string[] = []
    const waiting = Array.from({ length: ROUNDS }, (_, n) => n).values()
    const inTurn = async () => {
      for (const n of waiting) {
        const lost = lose(n).then(
          () => 'committed',
          () => 'rejected',
        )
        outcomes.push(await lost)
        const [own] = await sql`select ${n}::integer as n`
        expect(own).toEqual({ n })
      }
    }
    await Promise.all([inTurn(), inTurn(), inTurn()])
    expect(outcomes.filter(outcome => outcome === 'committed')).toHaveLength(0)
    expect(await sql`select n from kept`).toHaveLength(0)
    await pool.close()
    await proxy.close()
    await admin.end()
    await database.close()
  },
)
