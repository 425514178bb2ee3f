// Reading a content anew, which others may have saved too: done at most once an hour, and told to who asked for it.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { restart } from '../../src/library/contents/runs/store.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'

let trove: Trove
let simulator: Simulator
let alice: User
let bob: User
beforeAll(async () => {
  simulator = await startPlatformSimulator({ youtube_api_key: null })
  trove = await startTrove(simulator.env)
  alice = await trove.register()
  bob = await trove.register()
  await trove.work()
})
afterAll(async () => {
  await trove.stop()
  await simulator.close()
})

let videos = 0
async function readyFor(...users: User[]) {
  const { video_id } = simulator.videos[videos++]!
  const saved = []
  for (const user of users) {
    saved.push((await user.post('/v1/items', { url: `https://youtu.be/${video_id}` })).body)
  }
  await untilDone(users[0]!, saved[0].job_id)
  return {
    video_id,
    ids: saved.map(({ save }) => save.id as string),
    content_id: saved[0].content.id as string,
  }
}
async function untilDone(user: User, jobId: string) {
  for (;;) {
    const { body } = await user.get(`/v1/jobs/${jobId}`)
    if (body.progress === 100) return body
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
const reprocess = (user: User, id: string, headers = {}) =>
  user.post(`/v1/items/${id}/reprocess`, undefined, headers)
const libraryOf = async (user: User) => {
  const { sql } = trove.database
  const [library] = await sql<
    { version: number; event_seq: number }[]
  >`select version, event_seq from libraries where user_id = ${user.id}`
  const [{ jobs } = { jobs: 0 }] = await sql<{ jobs: number }[]>`
    select count(*) as jobs from jobs where user_id = ${user.id}`
  return { ...library!, jobs }
}
const askedFor = (video_id: string) =>
  simulator.requests.filter(({ path }) => path.includes(video_id) && path.includes('/watch')).length

describe('of what others have saved too', () => {
  test('a reading that finds nothing new is told to who asked, and leaves everybody else as they were', async () => {
    const { ids } = await readyFor(alice, bob)
    const before = [await libraryOf(alice), await libraryOf(bob)]
    const { status, body } = await reprocess(bob, ids[1]!)
    expect(status).toBe(202)
    expect(await untilDone(bob, body.job_id)).toMatchObject({ status: 'READY' })
    expect(await libraryOf(alice)).toEqual(before[0]!)
    const after = await libraryOf(bob)
    expect(after.jobs).toBe(before[1]!.jobs + 1)
    expect(after.event_seq).toBeGreaterThan(before[1]!.event_seq)
    expect((await alice.get(`/v1/jobs/${body.job_id}`)).status).toBe(404)
  })

  test('a reading that finds something else is told to everybody', async () => {
    const { ids, video_id } = await readyFor(alice, bob)
    const before = await libraryOf(alice)
    const video = simulator.videos.find(video => video.video_id === video_id)!
    video.title = 'Another title altogether'
    const { body } = await reprocess(bob, ids[1]!)
    await untilDone(bob, body.job_id)
    expect((await libraryOf(alice)).version).toBeGreaterThan(before.version)
    expect((await alice.get(`/v1/items/${ids[0]}`)).body.content.title).toBe('Another title altogether')
    const events = await trove.database.sql`
      select data ->> 'job_id' as job_id from events where user_id = ${alice.id} and type = 'content.ready' order by seq desc`
    // It was nobody's job of hers.
    expect(events[0]).toEqual({ job_id: null })
  })

  test('it is read once an hour, however many ask', async () => {
    const { ids, video_id, content_id } = await readyFor(alice, bob)
    const first = (await reprocess(bob, ids[1]!)).body.job_id
    await untilDone(bob, first)
    const asked = askedFor(video_id)
    const answers = [await reprocess(bob, ids[1]!), await reprocess(alice, ids[0]!)]
    expect(answers.map(({ status, body }) => [status, body.job_id])).toEqual([
      [202, first],
      [202, first],
    ])
    expect(await untilDone(alice, first)).toMatchObject({ status: 'READY' })
    expect(askedFor(video_id)).toBe(asked)
    await trove.database.sql`
      update shared_contents set reread_at = now() - interval '61 minutes' where id = ${content_id}`
    expect((await reprocess(alice, ids[0]!)).body.job_id).not.toBe(first)
  })
})

test('who alone has saved a content may have it read anew as often as they like, one run at a time', async () => {
  const { ids, content_id } = await readyFor(alice)
  const first = (await reprocess(alice, ids[0]!)).body.job_id
  await untilDone(alice, first)
  const second = (await reprocess(alice, ids[0]!)).body.job_id
  expect(second).not.toBe(first)
  await untilDone(alice, second)
  // Under way: the job is that of the run.
  const attempt = crypto.randomUUID()
  await restart(trove.database.sql, { content_id, attempt })
  expect((await reprocess(alice, ids[0]!)).body.job_id).toBe(attempt)
})

test('the job of a reading anew is not done before it has ended, and fails when it does', async () => {
  const { ids, content_id } = await readyFor(alice)
  const attempt = crypto.randomUUID()
  await restart(trove.database.sql, { content_id, attempt })
  await reprocess(alice, ids[0]!)
  const waiting = (await alice.get(`/v1/jobs/${attempt}`)).body
  expect(waiting).toMatchObject({ status: 'PENDING', progress: 0, stage: 'queued' })
  const pending = (await alice.get('/v1/jobs?status=PENDING')).body.jobs.map(({ id }: { id: string }) => id)
  expect(pending).toContain(attempt)
  await trove.database.sql`
    update shared_contents set run_stage = 'failed', error_message = 'The video is gone.' where id = ${content_id}`
  expect((await alice.get(`/v1/jobs/${attempt}`)).body).toMatchObject({
    status: 'FAILED',
    error_message: 'The video is gone.',
  })
  expect((await alice.get(`/v1/items/${ids[0]}`)).body.content.status).toBe('READY')
})

test('how a user named a request is theirs to read', async () => {
  const { video_id } = simulator.videos[videos++]!
  const url = `https://youtu.be/${video_id}`
  const { job_id } = (await alice.post('/v1/items', { url }, { 'x-request-id': 'alice-device-4711' })).body
  await bob.post('/v1/items', { url }, { 'x-request-id': 'bob-device-1' })
  expect((await alice.get(`/v1/jobs/${job_id}`)).body.request_id).toBe('alice-device-4711')
  const theirs = (await bob.get(`/v1/jobs/${job_id}`)).body
  expect([null, 'bob-device-1']).toContain(theirs.request_id ?? null)
  expect(JSON.stringify((await bob.get('/v1/jobs')).body)).not.toContain('alice-device')
})
