// A connection that is cut, at whatever moment, fails what was under way on it and nothing else, on Bun and on Deno: nobody
// waits for ever, and nobody gets an answer that is not theirs.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { toProblem } from '../../src/ground/http/problems.ts'
import { type Cut, type CuttingProxy, type Passing, startCuttingProxy } from '../support/cutting-proxy.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'

const POOL_SIZES = [1, 2, 20]
const CUTS: Cut[] = ['reset', 'end']
const ROUNDS = 2
/** Of a connection's first chunks: its greeting, the password, what the server says of itself, the first statement. */
const CHUNKS_TO_OPEN = 10
const CUTS_IN_A_ROW = 100
/** Not a multiple of what a connection takes to open, so that the cuts come at ever other moments. */
const CHUNKS_A_CUT = 37
/** Far longer than anything here takes; what had waited for ever fails instead. */
const FOR_EVER_MS = 30_000

/** In a statement's text and in its answer. */
const MARK = 'cut here'
const MOMENTS: Record<string, (passing: Passing) => boolean> = {
  'as it is sent': ({ from, chunk }) => from === 'client' && chunk.includes(MARK),
  'as its answer comes': ({ from, chunk }) => from === 'server' && chunk.includes(MARK),
  'in the middle of its answer': ({ from, bytes }) => from === 'server' && bytes > 1_000_000,
}

describe('a lost connection', { skip: !usesRealPostgres }, () => {
  let database: TestDatabase
  let proxy: CuttingProxy
  before(async () => {
    database = await openTestDatabase()
    proxy = await startCuttingProxy(database.settings.DATABASE_URL!)
    await database.sql`create table kept (n integer)`
  })
  after(async () => {
    await proxy.close()
    await database.close()
  })

  const openPool = (max: number, options: postgres.Options<Record<string, never>> = {}) =>
    postgres(proxy.url, { max, fetch_types: false, backoff: () => 0.01, ...options })

  const cutting = (how: Cut, isMoment: (passing: Passing) => boolean) => {
    proxy.judge = passing => (isMoment(passing) ? how : undefined)
  }
  const leaveAlone = () => {
    proxy.judge = () => undefined
  }

  for (const size of POOL_SIZES) {
    for (const [moment, isMoment] of Object.entries(MOMENTS)) {
      test(`cut ${moment}, in a pool of ${size}: refused as unavailable, and all that follows is answered`, async () => {
        const sql = openPool(size)
        await answerAll(sql, size * 2)
        for (const how of CUTS.flatMap(how => Array<Cut>(ROUNDS).fill(how))) {
          cutting(how, isMoment)
          const marked = Array.from({ length: size }, () =>
            sql`select ${MARK} as mark, repeat('x', 100000) from generate_series(1, 30)`.then(
              () => 'answered',
              refusal,
            ),
          )
          // These are sent behind the marked ones, or wait for a connection.
          const behind = Array.from({ length: size * 2 }, (_, n) => ask(sql, n))
          assert.deepEqual([...new Set(await within(Promise.all(marked)))], ['refused'])
          leaveAlone()
          await within(Promise.all(behind))
          await answerAll(sql, size * 3)
        }
        await within(sql.end())
      })
    }

    test(`cut hundreds of times in a row, in a pool of ${size}: each statement has its own answer or is refused`, async () => {
      const sql = openPool(size)
      let chunks = 0
      let cuts = 0
      proxy.judge = () => (++chunks % CHUNKS_A_CUT === 0 ? CUTS[cuts++ % CUTS.length] : undefined)
      let asked = 0
      const outcomes: string[] = []
      const askOn = async () => {
        while (cuts < CUTS_IN_A_ROW) {
          const n = ++asked
          const outcome =
            n % 3 === 0 ? askInTransaction(sql, n) : n % 3 === 1 ? askForMany(sql, n) : ask(sql, n)
          outcomes.push(await outcome)
        }
      }
      await within(Promise.all(Array.from({ length: size * 3 }, askOn)))
      leaveAlone()
      assert.equal(outcomes.length, asked)
      assert.ok(outcomes.includes('refused'))
      await answerAll(sql, size * 3)
      await within(sql.end())
    })

    test(`idle connections of a pool of ${size} are cut: at most what was sent just then is refused`, async () => {
      let closed = () => {}
      const sql = openPool(size, { onclose: () => closed() })
      for (const how of CUTS) {
        await answerAll(sql, size * 3)
        const { promise: allClosed, resolve } = Promise.withResolvers<void>()
        let open = proxy.cut(how)
        closed = () => --open === 0 && resolve()
        await within(Promise.all(Array.from({ length: size }, (_, n) => ask(sql, n))))
        await within(allClosed)
        await answerAll(sql, size * 3)
      }
      await within(sql.end())
    })
  }

  for (const how of CUTS) {
    test(`cut (${how}) at any chunk while it opens: the statement that waits is refused, the next is answered`, async () => {
      for (let chunk = 1; chunk <= CHUNKS_TO_OPEN; chunk++) {
        // With the question for the types of arrays, and without it.
        const sql = openPool(1, { fetch_types: chunk % 2 === 0 })
        cutting(how, ({ nth }) => nth === chunk)
        await within(ask(sql, 1))
        leaveAlone()
        await answerAll(sql, 3)
        await within(sql.end())
      }
    })

    test(`cut (${how}) at any chunk of a transaction: it is refused, and no other statement is part of it`, async () => {
      const sql = openPool(1)
      const kept: number[] = []
      for (let chunk = 1; chunk <= CHUNKS_TO_OPEN; chunk++) {
        await answerAll(sql, 1)
        let chunks = 0
        cutting(how, () => ++chunks === chunk)
        const lost = sql.begin(async tx => {
          await tx`insert into kept (n) values (${-chunk})`
          await tx.savepoint(step =>
            Promise.all([step`insert into kept (n) values (${-chunk})`, ask(step, chunk)]),
          )
          throw new Error('rolled back')
        })
        const next = ask(sql, chunk)
        await within(assert.rejects(lost))
        await within(next)
        leaveAlone()
        await within(sql`insert into kept (n) values (${chunk})`)
        kept.push(chunk)
      }
      const rows = await database.sql`select n from kept order by n`
      assert.deepEqual(
        rows.map(({ n }) => n),
        kept,
      )
      await database.sql`delete from kept`
      await within(sql.end())
    })
  }

  test('a server that is silent while a connection opens is given up, and the next statement is answered', async () => {
    const sql = openPool(1, { connect_timeout: 1 })
    proxy.isSilent = true
    assert.equal(await within(ask(sql, 1)), 'refused')
    proxy.isSilent = false
    // On a busy machine a second may be too little for a server that does answer.
    await within(untilAnswered(sql))
    await within(sql.end())
  })

  test('a cursor ends with the error, not as if there were no more rows', async () => {
    let closed = () => {}
    const sql = openPool(1, { onclose: () => closed() })
    for (const how of CUTS) {
      let rows = 0
      const read = async () => {
        for await (const some of sql`select generate_series(1, 100) as n`.cursor(10)) {
          rows += some.length
          if (rows < 50) continue
          // The reader is slow: the connection is gone before it asks for more.
          const { promise: gone, resolve } = Promise.withResolvers<void>()
          closed = resolve
          proxy.cut(how)
          await gone
        }
      }
      await within(assert.rejects(read, isUnavailable))
      assert.equal(rows, 50)
      await answerAll(sql, 3)
    }
    await within(sql.end())
  })

  test('copies in and out end with the error', async () => {
    const sql = openPool(1)
    for (const how of CUTS) {
      const into = await sql`copy kept (n) from stdin`.writable()
      const failed = once(into, 'error')
      into.write('1\n')
      proxy.cut(how)
      assert.ok(isUnavailable((await within(failed))[0]))
      await answerAll(sql, 3)

      const ending = await sql`copy kept (n) from stdin`.writable()
      const notKept = once(ending, 'error')
      cutting(how, ({ from }) => from === 'client')
      ending.end('1\n')
      assert.ok(isUnavailable((await within(notKept))[0]))
      leaveAlone()
      await answerAll(sql, 3)

      const out =
        await sql`copy (select repeat('x', 1000) from generate_series(1, 100000)) to stdout`.readable()
      const read = async () => {
        for await (const _ of out) proxy.cut(how)
      }
      await within(assert.rejects(read, isUnavailable))
      await answerAll(sql, 3)
    }
    assert.deepEqual([...(await database.sql`select n from kept`)], [])
    await within(sql.end())
  })

  test('who listens hears again after every cut', async () => {
    const sql = openPool(2)
    let heard: (payload: string) => void = () => {}
    let listens = () => {}
    await sql.listen(
      'told',
      payload => heard(payload),
      () => listens(),
    )
    for (const [round, how] of [...CUTS, ...CUTS].entries()) {
      const { promise: again, resolve: listening } = Promise.withResolvers<void>()
      listens = listening
      proxy.cut(how)
      await within(again)
      const { promise: told, resolve: tell } = Promise.withResolvers<string>()
      heard = tell
      await database.sql.notify('told', String(round))
      assert.equal(await within(told), String(round))
    }
    await within(sql.end())
  })
})

/** @returns whether the statement had its own number for an answer, or was refused as one whose database is away */
const ask = (sql: postgres.ISql, n: number): Promise<string> =>
  sql`select ${n}::integer as n`.then(rows => own(rows, n, 1), refusal)

const askForMany = (sql: postgres.ISql, n: number): Promise<string> =>
  sql`select ${n}::integer as n from generate_series(1, 300)`.then(rows => own(rows, n, 300), refusal)

const askInTransaction = (sql: postgres.Sql, n: number): Promise<string> =>
  sql
    .begin(async tx => {
      const answers = await Promise.all([tx`select ${n}::integer as n`, tx`select ${n}::integer as n`])
      for (const rows of answers) own(rows, n, 1)
      return tx`select ${n}::integer as n`
    })
    .then(rows => own(rows, n, 1), refusal)

function own(rows: postgres.Row[], n: number, length: number): 'answered' {
  assert.deepEqual([...rows], Array(length).fill({ n }))
  return 'answered'
}

function refusal(error: unknown): 'refused' {
  if (!isUnavailable(error)) throw error
  return 'refused'
}

const isUnavailable = (error: unknown) => toProblem(error).status === 503

/** Asks one after the other, then all at once. */
async function answerAll(sql: postgres.Sql, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n)
  for (const n of numbers) assert.equal(await within(ask(sql, n)), 'answered')
  const together = await within(Promise.all(numbers.map(n => ask(sql, n))))
  assert.deepEqual([...new Set(together)], ['answered'])
}

async function untilAnswered(sql: postgres.Sql): Promise<void> {
  while ((await ask(sql, 1)) === 'refused');
}

async function within<T>(promise: Promise<T>): Promise<T> {
  const given = new AbortController()
  const forEver = delay(FOR_EVER_MS, undefined, { signal: given.signal }).then(() => {
    throw new Error('It waits for ever')
  })
  forEver.catch(() => {})
  return Promise.race([promise, forEver]).finally(() => given.abort())
}
