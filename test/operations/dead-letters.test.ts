// A job that fails for good: the person on call finds it, sees why and what it was about, and sends it back.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fetchContent from '#jobs/fetch-content'
import understandContent from '#jobs/understand-content'
import { DEAD_LETTER } from '../../src/ground/queue/queue.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { leaveDying } from '../support/dying-job.ts'
import { settle } from '../support/settle.ts'

const authorization = `Basic ${btoa('admin:admin-for-tests')}`
const REQUEST = 'a-save-that-dies'

let platform: Simulator
let trove: Trove
let user: User
let job_id: string
let content_id: string
beforeAll(async () => {
  platform = await startPlatformSimulator()
  trove = await startTrove(platform.env)
  user = await trove.register()
  const url = `https://youtu.be/${platform.videos[0]!.video_id}`
  const saved = (await user.post('/v1/items', { url }, { 'x-request-id': REQUEST })).body
  job_id = saved.job_id
  content_id = saved.content.id
  await leaveDying(trove.database.sql, job_id)
  await trove.work()
  await trove.untilItems(user, 1, 'FAILED')
  while ((await deadLetters()).total === 0) await new Promise(resolve => setTimeout(resolve, 20))
})
afterAll(async () => {
  await trove.stop()
  await platform.close()
})

const ask = (path: string, headers = {}) => trove.get(path, { authorization, ...headers })
const deadLetters = async () => (await ask('/admin/dead-letters')).body
const redrive = (body?: unknown) => trove.post('/admin/dead-letters/redrive', body, { authorization })
const content = async () => {
  const [row] = await trove.database.sql<[{ status: string; error_message: string | null }]>`
    select status, error_message from shared_contents where id = ${content_id}`
  return row
}

describe('a dead letter', () => {
  test('is listed with its queue, its error, the request that caused it and what it was about', async () => {
    const { dead_letters, total } = await deadLetters()
    expect(total).toBe(1)
    const [letter] = dead_letters
    expect(letter).toMatchObject({
      queue: DEAD_LETTER,
      source_queue: 'fetch-content',
      source_job_id: job_id,
      state: 'created',
      tries: 9,
      request_id: REQUEST,
      content: {
        id: content_id,
        status: 'FAILED',
        url: expect.stringContaining('https://youtube.com/watch'),
      },
    })
    expect(letter.error_message).toBeTruthy()
    expect(letter.content.error_message).toBe((await content()).error_message)
    expect(letter.links.dashboard).toBe(`/admin/queues/queues/${DEAD_LETTER}/jobs/${letter.id}`)
  })

  test('is found by the id of its job, of its content and of the request', async () => {
    const [letter] = (await deadLetters()).dead_letters
    for (const id of [job_id, content_id, letter.id, REQUEST]) {
      const { status, body } = await ask(`/admin/jobs/${id}`)
      expect([id, status, body.content.id]).toEqual([id, 200, content_id])
      const found = body.jobs.map((job: { id: string; links: { dashboard: string } }) => job.links.dashboard)
      expect(found.toSorted()).toEqual([
        letter.links.dashboard,
        `/admin/queues/queues/fetch-content/jobs/${job_id}`,
      ])
    }
    const unknown = await ask(`/admin/jobs/${crypto.randomUUID()}`)
    expect([unknown.status, unknown.body.error_code]).toEqual([404, 'NOT_FOUND'])
  })

  test('has a page that shows what a stranger wrote as text', async () => {
    await trove.database.sql`update shared_contents set title = '<img src=x>' where id = ${content_id}`
    await settle(trove.database.sql)
    for (const path of ['/admin/dead-letters', `/admin/jobs/${content_id}`]) {
      const { body, headers } = await ask(path, { accept: 'text/html' })
      expect(headers.get('content-type')).toStartWith('text/html')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(body).toContain('&lt;img src=x&gt;')
      expect(body).not.toContain('<img')
    }
  })

  test('stays where it is for ids that are none, or of none', async () => {
    for (const ids of [[], ['x'], 'all', [job_id, 1]]) {
      const { status, body } = await redrive({ ids })
      expect([ids, status, body.error_code]).toEqual([ids, 422, 'VALIDATION_ERROR'])
    }
    expect((await redrive({ ids: [crypto.randomUUID()] })).body).toEqual({ sent: 0 })
    expect((await deadLetters()).total).toBe(1)
  })

  test('is sent back, once, and then done; who did it is written down', async () => {
    platform.recover()
    const [letter] = (await deadLetters()).dead_letters
    expect((await redrive({ ids: [letter.id] })).body).toEqual({ sent: 1 })
    expect((await redrive()).body).toEqual({ sent: 0 })
    await trove.untilItems(user, 1)
    expect(await content()).toEqual({ status: 'READY', error_message: null })
    expect((await deadLetters()).total).toBe(0)
    const { body } = await ask(`/admin/jobs/${REQUEST}`)
    const done = body.jobs.filter(({ state }: { state: string }) => state === 'completed')
    expect(done.map(({ queue }: { queue: string }) => queue)).toContain('fetch-content')
    const [entry] = await trove.database.sql`
      select details from audit_entries where action = 'redrive' and resource_type = 'job' and details ->> 'sent' = '1'`
    expect(entry!.details).toEqual({ sent: 1, dead_letters: [letter.id] })
  })
})

test('what is read anew after it failed no longer says why it had', async () => {
  // Nobody works here, so that each step can be looked at.
  const still = await startTrove(platform.env)
  try {
    const { sql } = still.database
    const saver = await still.register()
    const url = `https://youtu.be/${platform.videos[1]!.video_id}`
    const { id } = (await saver.post('/v1/items', { url })).body.content
    for (const handler of [fetchContent, understandContent]) {
      const [payload] = await sql<[{ content_id: string; attempt: string; request_id: string }]>`
        update shared_contents
        set status = 'FAILED', error_message = 'why it had failed'
        where id = ${id}
        returning id as content_id, attempt, 'r' as request_id`
      const [effect] = await handler.run([payload], still.context)
      if (typeof effect !== 'function') throw effect
      await sql.begin(effect)
      const [row] = await sql`select status, error_message from shared_contents where id = ${id}`
      const { name } = handler.job
      expect([name, { ...row }]).toEqual([name, { status: 'PROCESSING', error_message: null }])
    }
  } finally {
    await still.stop()
  }
})

test('all dead letters are sent back, not only the thousand that the queue moves at once', async () => {
  const still = await startTrove()
  try {
    await still.database.sql`
      insert into pgboss.job (name, source_name, data)
      select ${DEAD_LETTER}, ${fetchContent.job.name}, '{"content_id": "none"}'
      from generate_series(1, 1001)`
    const before = (await still.get('/admin/dead-letters?limit=2', { authorization })).body
    expect([before.total, before.dead_letters.length, before.dead_letters[0].content]).toEqual([
      1001,
      2,
      null,
    ])
    const { body } = await still.post('/admin/dead-letters/redrive', undefined, { authorization })
    expect(body).toEqual({ sent: 1001 })
  } finally {
    await still.stop()
  }
})
