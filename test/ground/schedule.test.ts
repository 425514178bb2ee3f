import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import clusterDueHandler from '#jobs/cluster-due'
import { clusterDue } from '../../src/clustering/jobs.ts'
import { startSchedule, tickId } from '../../src/ground/clock/schedule.ts'
import { startTrove, type Trove } from '../support/app.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

const sent = async () =>
  (await trove.database.sql`select 1 from pgboss.job where name = ${clusterDue.name}`).length

describe('the schedule', () => {
  test('sends the job of one tick once, however many processes tick', async () => {
    const id = tickId(clusterDue.name, new Date('2026-01-15T02:00:00.004Z'))
    expect(tickId(clusterDue.name, new Date('2026-01-15T02:00:00.950Z'))).toBe(id)
    expect(tickId(clusterDue.name, new Date('2026-01-15T02:01:00.000Z'))).not.toBe(id)
    expect(tickId('another', new Date('2026-01-15T02:00:00.004Z'))).not.toBe(id)
    const { queue } = trove.context
    await Promise.all(Array.from({ length: 4 }, () => queue.enqueueOnce(clusterDue, {}, id)))
    expect(await sent()).toBe(1)
  })

  test('ticks by its pattern until it is stopped', async () => {
    const before = await sent()
    // A pattern of six fields has seconds.
    const stop = startSchedule(trove.context, [{ pattern: '* * * * * *', job: clusterDue }])
    while ((await sent()) === before) await new Promise(resolve => setTimeout(resolve, 50))
    stop()
    expect(await sent()).toBe(before + 1)
  })

  test('groups every library that has changed, and no other', async () => {
    const [changed, still] = [await trove.register(), await trove.register()]
    await trove.database.sql`update libraries set changes_since_clustering = 1 where user_id = ${changed.id}`
    const [effect] = await clusterDueHandler.run([{}], trove.context)
    if (typeof effect === 'function') await trove.database.sql.begin(tx => effect(tx))
    expect((await changed.get('/v1/jobs?type=cluster-library')).body.total).toBe(1)
    expect((await still.get('/v1/jobs?type=cluster-library')).body.total).toBe(0)
  })
})
