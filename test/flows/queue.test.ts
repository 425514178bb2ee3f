import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import * as v from 'valibot'
import { clusterLibrary } from '../../src/clustering/jobs.ts'
import { BreakerOpen } from '../../src/ground/breakers.ts'
import type { Sql } from '../../src/ground/database/connection.ts'
import { defineJob, type Effect, Unseen } from '../../src/ground/queue/queue.ts'
import { handle } from '../../src/handler.ts'
import { startTrove, type Trove } from '../support/app.ts'
import { usesRealPostgres } from '../support/database.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
  await trove.database.sql`create table effects (note text not null)`
  await trove.context.queue.start([marking, failing, waiting, single, early])
  const giveUp =
    ({ note }: Note) =>
    async (tx: Sql) => {
      await tx`insert into effects (note) values (${`gave up: ${note}`})`
    }
  const handlers = [
    handle(marking, { run: mark }),
    handle(single, { run: mark }),
    handle(failing, { run: fail, giveUp }),
    handle(early, { run: seek }),
    handle(waiting, { run: async notes => notes.map(() => new BreakerOpen('a provider', 30)), giveUp }),
  ]
  await trove.context.queue.work(handlers, trove.context)
})
afterAll(() => trove.stop())

const Note = v.object({ note: v.string() })
type Note = v.InferOutput<typeof Note>
let claimed = Promise.withResolvers<void>()
let goOn = Promise.withResolvers<void>()

const marking = defineJob<Note>({ name: 'marking', schema: Note })
const failing = defineJob<Note>({ name: 'failing', schema: Note })
const waiting = defineJob<Note>({ name: 'waiting', schema: Note })
const early = defineJob<Note>({ name: 'early', schema: Note })
/** One of each note waits, and one runs. */
const single = defineJob<Note>({ name: 'single', schema: Note, onceFor: ({ note }) => note })

async function mark(payloads: Note[]): Promise<Effect[]> {
  claimed.resolve()
  await goOn.promise
  return payloads.map(({ note }) => async tx => {
    await tx`insert into effects (note) values (${note})`
  })
}

/** Needs an effect that somebody else writes. */
const seek = (payloads: Note[]) =>
  Promise.all(
    payloads.map(async ({ note }) => {
      if ((await notes(`data of ${note}`)) === 0) return new Unseen()
      return async (tx: Sql) => {
        await tx`insert into effects (note) values (${`seen: ${note}`})`
      }
    }),
  )

async function fail(payloads: Note[]): Promise<Error[]> {
  if (payloads.some(({ note }) => note === 'thrown')) throw new Error('all of the batch failed')
  return payloads.map(() => new Error('the provider is away'))
}

const state = async (id: string) => {
  const [job] = await trove.database.sql<{ state: string; retry_count: number }[]>`
    select state::text, retry_count from pgboss.job where id = ${id}`
  return job
}
const notes = async (note: string) =>
  (await trove.database.sql`select note from effects where note like ${`%${note}`}`).length

describe('a job', () => {
  test('that was sent in a transaction which rolls back never was', async () => {
    const { sql } = trove.database
    let id = ''
    const rolledBack = sql.begin(async tx => {
      id = await trove.context.queue.enqueue(tx, marking, { note: 'never' })
      throw new Error('rolled back')
    })
    expect(rolledBack).rejects.toThrow('rolled back')
    await rolledBack.catch(() => {})
    expect(await state(id)).toBeUndefined()
  })

  test('writes nothing once another worker may have it', async () => {
    const { sql } = trove.database
    claimed = Promise.withResolvers()
    goOn = Promise.withResolvers()
    const id = await sql.begin(tx => trove.context.queue.enqueue(tx, marking, { note: 'twice' }))
    await claimed.promise
    // What the monitor does to a worker that went silent: the job is to be tried again, by anybody.
    await sql`update pgboss.job set state = 'retry', start_after = now() + interval '1 hour' where id = ${id}`
    goOn.resolve()
    while (!trove.logs.some(line => line.includes('another worker has it'))) {
      if ((await notes('twice')) > 0) break
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    expect(await notes('twice')).toBe(0)
    expect(await state(id)).toMatchObject({ state: 'retry' })
  })

  test('completes in the transaction of what it writes', async () => {
    const { sql } = trove.database
    const id = await sql.begin(tx => trove.context.queue.enqueue(tx, marking, { note: 'once' }))
    while ((await notes('once')) === 0) await new Promise(resolve => setTimeout(resolve, 20))
    expect(await state(id)).toMatchObject({ state: 'completed' })
    expect(await notes('once')).toBe(1)
  })

  test.each(['returned', 'thrown'])(
    'that fails for good (its error %s) gives up and goes to the dead-letter queue',
    async note => {
      const { sql } = trove.database
      const id = await sql.begin(async tx => {
        const sent = await trove.context.queue.enqueue(tx, failing, { note })
        await tx`update pgboss.job set retry_count = retry_limit where id = ${sent}`
        return sent
      })
      while ((await state(id))?.state !== 'failed') await new Promise(resolve => setTimeout(resolve, 20))
      const dead = await sql`
        select data ->> 'note' as note from pgboss.job where name = 'dead-letter' and data ->> 'note' = ${note}`
      expect([...dead]).toEqual([{ note }])
      expect(await notes(`gave up: ${note}`)).toBe(1)
    },
  )

  test('that meets an open breaker is put off without using up a try', async () => {
    const { sql } = trove.database
    const id = await sql.begin(tx => trove.context.queue.enqueue(tx, waiting, { note: 'later' }))
    while ((await state(id))?.state !== 'completed') await new Promise(resolve => setTimeout(resolve, 20))
    const again = await sql<{ note: string; retry_count: number; seconds: number }[]>`
      select data ->> 'note' as note, retry_count, extract(epoch from start_after - created_on)::float8 as seconds
      from pgboss.job
      where name = 'waiting' and state = 'created'`
    expect([...again]).toMatchObject([{ note: 'later', retry_count: 0 }])
    expect(again[0]!.seconds).toBeGreaterThanOrEqual(30)
    expect(again[0]!.seconds).toBeLessThanOrEqual(61)
    expect(await notes('gave up: later')).toBe(0)
  })

  test.each([
    ['a moment', 50, 1],
    ['some seconds', 1000, 2],
  ])('that comes %s before its data waits for it, and uses up no try', async (note, ms, jobs) => {
    const { sql } = trove.database
    await sql.begin(tx => trove.context.queue.enqueue(tx, early, { note }))
    await new Promise(resolve => setTimeout(resolve, ms))
    expect(await notes(`seen: ${note}`)).toBe(0)
    await sql`insert into effects (note) values (${`data of ${note}`})`
    while ((await notes(`seen: ${note}`)) === 0) await new Promise(resolve => setTimeout(resolve, 20))
    const sent = await sql<{ state: string; retry_count: number }[]>`
      select state::text, retry_count from pgboss.job where name = 'early' and data ->> 'note' = ${note}`
    expect([...sent]).toEqual(Array(jobs).fill({ state: 'completed', retry_count: 0 }))
  })

  test('whose data has not come within a minute is dropped', async () => {
    const { sql } = trove.database
    const payload = { note: 'removed', unseen_since: Date.now() - 61_000 }
    const id = await sql.begin(tx => trove.context.queue.enqueue(tx, early, payload))
    while ((await state(id))?.state !== 'completed') await new Promise(resolve => setTimeout(resolve, 20))
    const sent = await sql`select from pgboss.job where name = 'early' and data ->> 'note' = 'removed'`
    expect(sent).toHaveLength(1)
    expect(trove.logs.some(line => line.includes(id) && line.includes('did not come'))).toBe(true)
  })

  test('that failed for good is sent back to its queue by a redrive, once', async () => {
    const { sql } = trove.database
    const dead = await sql<{ id: string }[]>`
      select id from pgboss.job where name = 'dead-letter' and state = 'created' and data ->> 'note' = 'returned'`
    const count = async () =>
      (await sql`select 1 from pgboss.job where name = 'failing' and data ->> 'note' = 'returned'`).length
    const before = await count()
    const ids = dead.map(({ id }) => id)
    expect(ids).toHaveLength(1)
    expect(await trove.context.queue.redrive(ids)).toBe(1)
    expect(await trove.context.queue.redrive(ids)).toBe(0)
    expect(await count()).toBe(before + 1)
  })

  test('of which one waits at a time is sent once, and its id given to who asks again', async () => {
    const { sql, queue } = { ...trove.database, ...trove.context }
    const user_id = crypto.randomUUID()
    const ask = () => sql.begin(tx => queue.enqueue(tx, clusterLibrary, { user_id }, { delaySeconds: 60 }))
    const ids = new Set(await Promise.all([ask(), ask(), ask()]))
    expect(ids.size).toBe(1)
    const jobs = await sql`select id from pgboss.job where data ->> 'user_id' = ${user_id}`
    expect([...jobs]).toEqual([{ id: [...ids][0] }])
  })

  // The monitor that notes what runs belongs to a server of its own.
  test.if(usesRealPostgres)(
    'of which one runs at a time begins soon after the one before it, however long that ran',
    async () => {
      const { sql, queue } = { ...trove.database, ...trove.context }
      const send = () => sql.begin(tx => queue.enqueue(tx, single, { note: 'one by one' }))
      claimed = Promise.withResolvers()
      goOn = Promise.withResolvers()
      await send()
      await claimed.promise
      const isNoted = async () =>
        (await sql`select from pgboss.queue where 'one by one' = any (singletons_active)`).length > 0
      while (!(await isNoted())) await new Promise(resolve => setTimeout(resolve, 100))
      // What is noted of the queue is read anew.
      await queue.start([single])
      goOn.resolve()
      const second = await send()
      while ((await state(second))?.state !== 'completed')
        await new Promise(resolve => setTimeout(resolve, 20))
    },
    30_000,
  )
})
