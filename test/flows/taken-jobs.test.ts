// A job that is sent by a process which works on it, while nothing else waits: claimed with the transaction that sends it.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { defineJob } from '../../src/ground/queue/queue.ts'
import { handle } from '../../src/handler.ts'
import { startTrove, type Trove } from '../support/app.ts'

const Note = v.object({ note: v.string() })
type Note = v.InferOutput<typeof Note>

let trove: Trove
let running = 0
let mostAtOnce = 0
/** The notes of each run of `second`. */
const runs: string[][] = []
let begun = Promise.withResolvers<void>()
let goOn = Promise.withResolvers<void>()
let outcome: Error | undefined

const first = handle(defineJob<Note>({ name: 'first', schema: Note, batchSize: 10, handOff: true }), {
  run: async (payloads, { queue }) =>
    payloads.map(({ note }) => async tx => {
      await queue.enqueue(tx, second.job, { note })
      if (note === 'breaks') throw new Error('the effect broke')
    }),
})

const second = handle(defineJob<Note>({ name: 'second', schema: Note, batchSize: 10, handOff: true }), {
  async run(payloads) {
    runs.push(payloads.map(({ note }) => note))
    mostAtOnce = Math.max(mostAtOnce, ++running)
    begun.resolve()
    await goOn.promise
    running--
    return payloads.map(
      ({ note }) =>
        outcome ??
        (async tx => {
          await tx`insert into effects (note) values (${note})`
        }),
    )
  },
})

beforeAll(async () => {
  trove = await startTrove()
  await trove.database.sql`create table effects (note text not null)`
  await trove.context.queue.start([first.job, second.job])
  await trove.context.queue.work([first, second], trove.context)
})
afterAll(() => trove.stop())

/** Sends `first` to whoever works on it. */
const send = (note: string) =>
  trove.database.sql.begin(tx => trove.context.queue.enqueue(tx, first.job, { note }))

/** The next run of `second` waits for `goOn`. */
function hold() {
  begun = Promise.withResolvers()
  goOn = Promise.withResolvers()
  outcome = undefined
}

const jobsOf = (note: string, queue = 'second') => trove.database.sql<
  { id: string; state: string; retry_count: number; was_taken: boolean; heartbeat_on: string | null }[]
>`
  select id, state::text, retry_count, started_on = created_on as was_taken, heartbeat_on::text
  from pgboss.job
  where name = ${queue} and data ->> 'note' = ${note}
  order by created_on`

async function untilState(note: string, state: string, queue = 'second') {
  for (;;) {
    const [job] = await jobsOf(note, queue)
    if (job?.state === state) return job
    await delay(10)
  }
}
const effects = async (note: string) =>
  (await trove.database.sql`select from effects where note = ${note}`).length

describe('what a job by itself sends on', () => {
  test('is claimed with it, and done once', async () => {
    hold()
    await send('plain')
    await begun.promise
    expect(await untilState('plain', 'active')).toMatchObject({ was_taken: true, retry_count: 0 })
    expect(await untilState('plain', 'completed', 'first')).toBeDefined()
    goOn.resolve()
    await untilState('plain', 'completed')
    expect(await effects('plain')).toBe(1)
  })

  test('keeps its claim while it runs', async () => {
    hold()
    await send('slow')
    await begun.promise
    const { heartbeat_on } = await untilState('slow', 'active')
    while ((await untilState('slow', 'active')).heartbeat_on === heartbeat_on) await delay(100)
    goOn.resolve()
    await untilState('slow', 'completed')
  })

  test('runs by itself: what comes meanwhile waits for it, and then runs together', async () => {
    hold()
    mostAtOnce = 0
    runs.length = 0
    await send('alone')
    await begun.promise
    const later = ['a', 'b', 'c']
    await trove.database.sql.begin(async tx => {
      for (const note of later) await trove.context.queue.enqueue(tx, second.job, { note })
    })
    for (const note of later) await untilState(note, 'active')
    expect(runs).toEqual([['alone']])
    goOn.resolve()
    for (const note of later) await untilState(note, 'completed')
    expect(runs.map(notes => notes.toSorted())).toEqual([['alone'], later])
    expect(mostAtOnce).toBe(1)
  })

  test('is tried again when it fails', async () => {
    hold()
    outcome = new Error('the provider is away')
    goOn.resolve()
    await send('fails')
    const { id, was_taken } = await untilState('fails', 'retry')
    expect(was_taken).toBe(true)
    expect(await effects('fails')).toBe(0)
    outcome = undefined
    await trove.database.sql`update pgboss.job set start_after = now() where id = ${id}`
    expect(await untilState('fails', 'completed')).toMatchObject({ retry_count: 1 })
    expect(await effects('fails')).toBe(1)
  })

  test('goes with a transaction that fails, and leaves its turn to the next', async () => {
    hold()
    goOn.resolve()
    await send('breaks')
    await untilState('breaks', 'retry', 'first')
    expect([...(await jobsOf('breaks'))]).toEqual([])
    await send('next')
    expect(await untilState('next', 'completed')).toMatchObject({ was_taken: true })
  })
})

describe('what a request sends', () => {
  test('begins when its transaction commits, and never was when that fails', async () => {
    const { queue } = trove.context
    hold()
    await queue.begin(tx => queue.enqueue(tx, second.job, { note: 'asked' }))
    await begun.promise
    expect(await untilState('asked', 'active')).toMatchObject({ was_taken: true })
    goOn.resolve()
    await untilState('asked', 'completed')

    const failed = queue.begin(async tx => {
      await queue.enqueue(tx, second.job, { note: 'undone' })
      throw new Error('refused')
    })
    await expect(failed).rejects.toThrow('refused')
    expect([...(await jobsOf('undone'))]).toEqual([])
    await queue.begin(tx => queue.enqueue(tx, second.job, { note: 'asked again' }))
    expect(await untilState('asked again', 'completed')).toMatchObject({ was_taken: true })
  })
})
