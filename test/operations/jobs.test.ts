import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove } from '../support/app.ts'
import { settle } from '../support/settle.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

const video = (n: number) => `https://youtu.be/jobs${String(n).padStart(7, '0')}`
const setStatus = async (contentId: string, status: string) => {
  const { sql } = trove.database
  await sql`update shared_contents set status = ${status} where id = ${contentId}`
  await settle(sql)
}

describe('the jobs of a user', () => {
  test('are those of what they saved and of their library, the newest first', async () => {
    const user = await trove.register()
    const first = (await user.post('/v1/items', { url: video(1) })).body
    const { body: rebuild } = await user.post('/v1/clusters/rebuild')
    const second = (await user.post('/v1/items', { url: video(2) })).body
    const { status, body } = await user.get('/v1/jobs')
    expect(status).toBe(200)
    expect(body).toMatchObject({ total: 3, limit: 20, offset: 0, has_more: false, next_cursor: null })
    expect(body.jobs.map((job: { id: string; type: string }) => [job.id, job.type])).toEqual([
      [second.job_id, 'fetch-content'],
      [rebuild.job_id, 'cluster-library'],
      [first.job_id, 'fetch-content'],
    ])
    expect(body.jobs[0]).toEqual((await user.get(`/v1/jobs/${second.job_id}`)).body)
    expect((await (await trove.register()).get('/v1/jobs')).body.total).toBe(0)
  })

  test('can be narrowed by status and type, and the total with them', async () => {
    const user = await trove.register()
    const [ready, failed] = [
      (await user.post('/v1/items', { url: video(3) })).body,
      (await user.post('/v1/items', { url: video(4) })).body,
    ]
    await user.post('/v1/clusters/rebuild')
    await setStatus(ready.content.id, 'READY')
    await setStatus(failed.content.id, 'FAILED')
    const ids = async (query: string) => {
      const { body } = await user.get(`/v1/jobs?${query}`)
      expect(body.total).toBe(body.jobs.length)
      return body.jobs.map(({ id }: { id: string }) => id)
    }
    expect(await ids('status=READY')).toEqual([ready.job_id])
    expect(await ids('status=FAILED')).toEqual([failed.job_id])
    expect(await ids('type=cluster-library')).toHaveLength(1)
    expect(await ids('type=fetch-content')).toHaveLength(2)
    expect(await ids('type=cluster-library&status=READY')).toEqual([])
    expect((await user.get('/v1/jobs?status=DONE')).status).toBe(422)
    expect((await user.get('/v1/jobs?type=bake')).status).toBe(422)
  })

  test('come in pages that leave none out', async () => {
    const user = await trove.register()
    const saved: string[] = []
    for (let n = 10; n < 17; n++) saved.unshift((await user.post('/v1/items', { url: video(n) })).body.job_id)
    const seen: string[] = []
    let path = '/v1/jobs?limit=3'
    for (;;) {
      const { body, headers } = await user.get(path)
      seen.push(...body.jobs.map(({ id }: { id: string }) => id))
      if (!body.has_more) break
      expect(headers.get('link')).toContain('rel="next"')
      path = `/v1/jobs?limit=3&cursor=${body.next_cursor}`
    }
    expect(seen).toEqual(saved)
    expect((await user.get('/v1/jobs?cursor=nonsense')).body.error_code).toBe('INVALID_CURSOR')
  })

  test('are those of everybody who waits for the same content', async () => {
    const [first, second] = [await trove.register(), await trove.register()]
    const { job_id } = (await first.post('/v1/items', { url: video(20) })).body
    const joined = (await second.post('/v1/items', { url: video(20) })).body
    expect(joined.job_id).toBe(job_id)
    const { body } = await second.get(`/v1/jobs/${job_id}`)
    expect(body.links.item).toBe(`/v1/items/${joined.save.id}`)
  })

  test('outlive what the queue remembers of them', async () => {
    const user = await trove.register()
    const { job_id, content } = (await user.post('/v1/items', { url: video(21) })).body
    await setStatus(content.id, 'READY')
    await trove.database.sql`delete from pgboss.job where id = ${job_id}`
    const { status, body } = await user.get(`/v1/jobs/${job_id}`)
    expect([status, body.status, body.progress]).toEqual([200, 'READY', 100])
  })

  test('go with the save that they were for', async () => {
    const user = await trove.register()
    const { job_id, save } = (await user.post('/v1/items', { url: video(22) })).body
    await user.send('DELETE', `/v1/items/${save.id}`)
    expect((await user.get(`/v1/jobs/${job_id}`)).status).toBe(404)
  })
})
