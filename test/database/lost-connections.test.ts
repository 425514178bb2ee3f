// A connection that the server ends, at whatever moment, fails its own transaction and nothing else.
import { expect, test } from 'bun:test'
import postgres from 'postgres'
import { openTestDatabase, usesRealPostgres } from '../support/database.ts'

const ROUNDS = 150

test.skipIf(!usesRealPostgres)(
  'a transaction whose connection is gone rejects, and the process lives',
  async () => {
    const database = await openTestDatabase({ DATABASE_POOL_SIZE: '3' })
    const admin = postgres(database.settings.DATABASE_URL!, { max: 3 })
    const { sql } = database
    await sql`create table kept (n integer)`

    const lose = (n: number) =>
      sql.begin(async tx => {
        await tx`insert into kept (n) values (${n})`
        const [{ pid } = { pid: 0 }] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
        const gone = admin`select pg_terminate_backend(${pid}, 5000)`
        // What is sent next meets a connection that is open, about to close, or closed; at last only the rollback.
        if (n % 3 > 0) await gone
        if (n % 3 === 1) throw new Error('rolled back')
        await tx`insert into kept (n) values (${n})`
        await gone
      })
    const outcomes: string[] = []
    const waiting = Array.from({ length: ROUNDS }, (_, n) => n).values()
    const inTurn = async () => {
      for (const n of waiting) {
        outcomes.push(
          await lose(n).then(
            () => 'committed',
            () => 'rejected',
          ),
        )
      }
    }
    await Promise.all([inTurn(), inTurn(), inTurn()])
    expect(outcomes.filter(outcome => outcome === 'committed')).toHaveLength(0)
    expect(await sql`select n from kept`).toHaveLength(0)
    const [alive] = await sql`select 1 as n`
    expect(alive).toEqual({ n: 1 })
    await admin.end()
    await database.close()
  },
)
