// Whose turn it is: nobody's slow or failing jobs take the runs of everybody else.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { defineJob } from '../../src/ground/queue/queue.ts'
import { handle } from '../../src/handler.ts'
import { startTrove, type Trove } from '../support/app.ts'

const Work = v.object({ who: v.string(), n: v.number(), lane: v.optional(v.string()) })
type Work = v.InferOutput<typeof Work>

/** What has begun, in order, and how each ends. */
const begun: string[] = []
const together: string[][] = []
const ends = new Map<string, PromiseWithResolvers<void>>()
const failing = new Set<string>()
const gaveUp: string[] = []
const nameOf = ({ who, n }: Work) => `${who}${n}`

const shared = defineJob<Work>({
  name: 'shared',
  schema: Work,
  batchSize: 10,
  concurrency: 20,
  lane: work => work.lane ?? nameOf(work),
  group: { of: ({ who }) => who, most: 3 },
})

const sharing = handle(shared, {
  async run(payloads) {
    together.push(payloads.map(nameOf))
    return Promise.all(
      payloads.map(async payload => {
        begun.push(nameOf(payload))
        await ends.get(payload.who)?.promise
        return failing.has(payload.who) ? new Error('the site is down') : async () => {}
      }),
    )
  },
  giveUp: work => async () => {
    gaveUp.push(nameOf(work))
  },
})

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
  await trove.context.queue.start([shared])
  await trove.context.queue.work([sharing], trove.context)
})
afterAll(() => trove.stop())

const send = (works: Work[]) =>
  trove.database.sql.begin(async tx => {
    const ids = []
    for (const work of works) ids.push(await trove.context.queue.enqueue(tx, shared, work))
    return ids
  })
const many = (who: string, count: number, lane?: string): Work[] =>
  Array.from({ length: count }, (_, n) => ({ who, n, ...(lane ? { lane } : {}) }))
const hang = (who: string) => ends.set(who, Promise.withResolvers())
const of = (who: string) => begun.filter(name => name.startsWith(who))
async function until(holds: () => boolean | Promise<boolean>) {
  while (!(await holds())) await delay(10)
}
const stateOf = async (id: string) => {
  const [job] = await trove.database.sql<{ state: string; retry_count: number }[]>`
    select state::text, retry_count from pgboss.job where id = ${id}`
  return job!
}

describe('of one group', () => {
  test('no more than its share is begun, and what others send begins while all of it hangs', async () => {
    hang('a')
    await send(many('a', 40))
    await until(() => of('a').length === 3)
    await send(many('b', 2))
    await until(() => of('b').length === 2)
    // By order of events: none of the forty has ended, and no fourth has begun.
    expect(of('a')).toHaveLength(3)
    ends.get('a')!.resolve()
    await until(() => of('a').length === 40)
  })

  test('what is tried again has a share of its own, and what is fresh does not wait for it', async () => {
    const { sql } = trove.database
    failing.add('c')
    const ids = await send(many('c', 6))
    await until(async () => (await Promise.all(ids.map(stateOf))).every(({ state }) => state === 'retry'))
    failing.delete('c')
    hang('c')
    begun.length = 0
    await sql`update pgboss.job set start_after = now() where id in ${sql(ids)}`
    await send(many('wakes', 1))
    await until(() => of('c').length === 3)
    await send([100, 101, 102].map(n => ({ who: 'c', n })))
    await until(() => of('c').length === 6)
    expect(of('c').slice(3).sort()).toEqual(['c100', 'c101', 'c102'])
    ends.get('c')!.resolve()
    await until(() => of('c').length === 9)
  })
})

describe('a lane', () => {
  test('has one run at a time: what comes meanwhile waits, and then runs together', async () => {
    hang('d')
    await send(many('d', 1, 'd'))
    await until(() => of('d').length === 1)
    const ids = await send([1, 2].map(n => ({ who: 'd', n, lane: 'd' })))
    await until(async () => (await Promise.all(ids.map(stateOf))).every(({ state }) => state === 'active'))
    expect(of('d')).toEqual(['d0'])
    ends.get('d')!.resolve()
    await until(() => of('d').length === 3)
    expect(together).toContainEqual(['d1', 'd2'])
  })
})

describe('a try that ended with its process', () => {
  /** What the monitor leaves of a worker that fell silent while it had these jobs. */
  const fallSilent = (ids: string[], retryCount: number) =>
    trove.database.sql`
      update pgboss.job
      set state = 'retry', retry_count = ${retryCount}, started_on = now(), start_after = now(),
        output = '{"value": {"message": "job heartbeat timeout"}}'
      where id in ${trove.database.sql(ids)}`
  const sendLater = (works: Work[]) =>
    trove.database.sql.begin(async tx => {
      const ids = []
      for (const work of works) {
        ids.push(await trove.context.queue.enqueue(tx, shared, work, { delaySeconds: 3600 }))
      }
      return ids
    })

  test('counts double, and what was claimed with it runs by itself from then on', async () => {
    const ids = await sendLater(many('e', 3, 'e'))
    together.length = 0
    await fallSilent(ids, 0)
    await send([{ who: 'e', n: 9, lane: 'e' }])
    await until(async () => (await Promise.all(ids.map(stateOf))).every(({ state }) => state === 'completed'))
    expect(together.filter(([name]) => name!.startsWith('e')).map(run => run.length)).not.toContain(2)
    expect((await Promise.all(ids.map(stateOf))).map(({ retry_count }) => retry_count)).toEqual([2, 2, 2])
  })

  test('four times ends in the dead letters without being run again, and gives up what it was about', async () => {
    const [id] = await sendLater(many('f', 1))
    begun.length = 0
    await fallSilent([id!], 6)
    await send(many('g', 1))
    await until(async () => (await stateOf(id!)).state === 'failed')
    expect(of('f')).toEqual([])
    expect(gaveUp).toEqual(['f0'])
    const dead = await trove.database.sql`
      select from pgboss.job where name = 'dead-letter' and data ->> 'who' = 'f'`
    expect(dead).toHaveLength(1)
  })
})
