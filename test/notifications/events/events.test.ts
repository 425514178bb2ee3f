import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { v7 as uuidv7 } from 'uuid'
import { addContentEvent, addLibraryEvent } from '../../../src/notifications/events/store.ts'
import { type Simulator, startPlatformSimulator } from '../../simulators/platforms.ts'
import { startTrove, type Trove, type User } from '../../support/app.ts'
import { openEvents } from '../../support/events.ts'

let trove: Trove
let simulator: Simulator
beforeAll(async () => {
  simulator = await startPlatformSimulator()
  trove = await startTrove(simulator.env)
})
afterAll(async () => {
  await trove.stop()
  await simulator.close()
})

let videos = 0
const save = async (user: User, n = videos++) => {
  const { video_id } = simulator.videos[n]!
  return (await user.post('/v1/items', { url: `https://youtu.be/${video_id}` })).body
}
const listen = (user: User, lastId?: number | string) =>
  openEvents(trove.handle, { token: user.token, ...(lastId === undefined ? {} : { lastId }) })
const clustered = (user: User, cluster_count: number) =>
  addLibraryEvent(trove.database.sql, user.id, 'clusters.updated', { cluster_count, item_count: 0 })

describe('the events of a library', () => {
  test('follow a save from its first step to READY, under the id of its job', async () => {
    const user = await trove.register()
    const events = await listen(user)
    const { save: mine, content, job_id } = await save(user)
    await trove.work()
    const facts = { save_id: mine.id, content_id: content.id, job_id }
    expect(await events.next()).toMatchObject({
      id: 1,
      type: 'job.progress',
      data: { ...facts, stage: 'understanding' },
    })
    expect(await events.next()).toMatchObject({
      id: 2,
      type: 'job.progress',
      data: { ...facts, stage: 'embedding', title: expect.any(String) },
    })
    expect(await events.next()).toMatchObject({
      id: 3,
      type: 'content.ready',
      data: { ...facts, status: 'READY' },
    })
    await events.close()
  })

  test('tell everybody who saved a content, each their own save, and nobody else', async () => {
    const [first, second, other] = [await trove.register(), await trove.register(), await trove.register()]
    const saved = [await save(first, 300), await save(second, 300)]
    const { id } = saved[0].content
    await trove.database.sql.begin(tx =>
      addContentEvent(tx, { content_id: id, attempt: uuidv7() }, 'content.failed'),
    )
    for (const [i, user] of [first, second].entries()) {
      const events = await listen(user, 0)
      let told = await events.next()
      while (told?.type !== 'content.failed') told = await events.next()
      expect(told.data).toMatchObject({ save_id: saved[i].save.id, content_id: id })
      await events.close()
    }
    const rows = await trove.database.sql`select 1 from events where user_id = ${other.id}`
    expect(rows).toHaveLength(0)
  })

  test('resume after the last one that was seen, with none lost and none twice', async () => {
    const user = await trove.register()
    for (let i = 1; i <= 250; i++) await clustered(user, i)
    const events = await listen(user, 100)
    const seen: number[] = []
    while (seen.length < 150) seen.push((await events.next())!.id!)
    expect(seen).toEqual(Array.from({ length: 150 }, (_, i) => i + 101))
    await events.close()
  })

  test('without a last one begin now', async () => {
    const user = await trove.register()
    await clustered(user, 1)
    const events = await listen(user)
    await clustered(user, 2)
    expect((await events.next())!.data.cluster_count).toBe(2)
    await events.close()
  })

  test('say so when what was missed is no longer kept', async () => {
    const user = await trove.register()
    for (let i = 1; i <= 5; i++) await clustered(user, i)
    await trove.database.sql`delete from events where user_id = ${user.id} and seq <= 3`
    const events = await listen(user, 1)
    expect(await events.next()).toEqual({ id: undefined, type: 'events.dropped', data: { oldest: 4 } })
    expect((await events.next())!.id).toBe(4)
    await events.close()
    // The fourth is the very next after the third: nothing is missing.
    const complete = await listen(user, 3)
    expect((await complete.next())!.id).toBe(4)
    await complete.close()
  })

  test('are numbered in the order of their commits, whoever writes at once', async () => {
    const user = await trove.register()
    const events = await listen(user)
    await Promise.all(Array.from({ length: 60 }, (_, i) => clustered(user, i)))
    const seen: number[] = []
    while (seen.length < 60) seen.push((await events.next())!.id!)
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
    await events.close()
  })

  test('are not told when the transaction rolls back', async () => {
    const user = await trove.register()
    const { sql } = trove.database
    const rolledBack = sql.begin(async tx => {
      await addLibraryEvent(tx, user.id, 'clusters.updated', { cluster_count: 1 })
      throw new Error('rolled back')
    })
    await rolledBack.catch(() => {})
    const events = await listen(user, 0)
    await clustered(user, 2)
    expect(await events.next()).toMatchObject({ id: 1, data: { cluster_count: 2 } })
    await events.close()
  })

  test('refuse a last one that is no number, and more than twenty streams of one user', async () => {
    const user = await trove.register()
    const { status, body } = await user.get('/v1/events', { 'last-event-id': 'yesterday' })
    expect([status, body.field_errors[0].loc]).toEqual([422, ['header', 'last-event-id']])
    const open = await Promise.all(Array.from({ length: 20 }, () => listen(user)))
    const refused = await user.get('/v1/events')
    expect([refused.status, refused.body.error_code]).toEqual([429, 'TOO_MANY_STREAMS'])
    await open.pop()!.close()
    const again = await listen(user)
    expect(again.status).toBe(200)
    await Promise.all([again, ...open].map(stream => stream.close()))
  })
})
