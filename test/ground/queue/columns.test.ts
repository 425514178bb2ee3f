// What we write to pg-boss' tables ourselves, held against what pg-boss writes: a new version of it may do so otherwise.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { PgBoss } from 'pg-boss'
import { claimSent, completeHeld } from '../../../src/ground/queue/store.ts'
import { startTrove, type Trove } from '../../support/app.ts'

let trove: Trove
let boss: PgBoss
beforeAll(async () => {
  trove = await startTrove()
  boss = new PgBoss({
    connectionString: trove.context.database.url,
    supervise: false,
    schedule: false,
    max: 1,
  })
  await boss.start()
  await boss.createQueue('ours', { retryLimit: 3, heartbeatSeconds: 20, expireInSeconds: 900 })
})
afterAll(async () => {
  await boss.stop({ graceful: false })
  await trove.stop()
})

/** A job's whole row; times only as whether they are set, and what names it left out. */
async function rowOf(id: string): Promise<Record<string, unknown>> {
  const [row] = await trove.database.sql<{ row: Record<string, unknown> }[]>`
    select to_jsonb(j) as row from pgboss.job j where id = ${id}`
  const facts = Object.entries(row!.row).filter(([name]) => name !== 'id')
  return Object.fromEntries(
    facts.map(([name, value]) => [name, /_(on|after|until)$/.test(name) ? value !== null : value]),
  )
}
const send = async () => (await boss.send('ours', {}))!

test('a job that is claimed as it is sent is as one that pg-boss has claimed', async () => {
  const { sql } = trove.database
  const theirs = await send()
  await boss.fetch('ours', { batchSize: 1 })
  const own = await send()
  await claimSent(sql, { queue: 'ours', id: own })
  expect((await rowOf(own)).state).toBe('active')
  expect(await rowOf(own)).toEqual(await rowOf(theirs))
})

test('a job that is completed is as one that pg-boss has completed', async () => {
  const { sql } = trove.database
  const [theirs, own] = [await send(), await send()]
  await boss.fetch('ours', { batchSize: 10 })
  await boss.complete('ours', theirs)
  expect(await completeHeld(sql, 'ours', { id: own, retryCount: 0 })).toBe(true)
  expect((await rowOf(own)).state).toBe('completed')
  expect(await rowOf(own)).toEqual(await rowOf(theirs))
})
