import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import reconcileContents from '#jobs/reconcile-contents'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { settle } from '../support/settle.ts'

let trove: Trove
let user: User
beforeAll(async () => {
  trove = await startTrove()
  user = await trove.register()
})
afterAll(() => trove.stop())

const save = async (n: number) =>
  (await user.post('/v1/items', { url: `https://youtu.be/strand${String(n).padStart(5, '0')}` })).body
const age = (id: string) =>
  trove.database.sql`update shared_contents set updated_at = now() - interval '1 hour' where id = ${id}`
const attempt = async (id: string) =>
  (await trove.database.sql`select attempt from shared_contents where id = ${id}`)[0]!.attempt as string
const reconcile = async () => {
  const [effect] = await reconcileContents.run([{}], trove.context)
  if (typeof effect === 'function') await trove.database.sql.begin(tx => effect(tx))
}

describe('reconciliation', () => {
  test('starts a content anew that has lost its job, under a job of its own', async () => {
    const { content, job_id } = await save(1)
    await trove.database.sql`delete from pgboss.job where id = ${job_id}`
    await age(content.id)
    await reconcile()
    const now = await attempt(content.id)
    expect(now).not.toBe(job_id)
    const [job] = await trove.database.sql`select name, state::text from pgboss.job where id = ${now}`
    expect(job).toEqual({ name: 'fetch-content', state: 'created' })
    expect((await user.get(`/v1/jobs/${now}`)).body.status).toBe('PENDING')
  })

  test('leaves alone what has a job, what is quiet for a moment only, and what is done', async () => {
    const [busy, young, ready] = [await save(2), await save(3), await save(4)]
    for (const { job_id } of [young, ready]) {
      await trove.database.sql`delete from pgboss.job where id = ${job_id}`
    }
    await trove.database.sql`update shared_contents set status = 'READY' where id = ${ready.content.id}`
    await settle(trove.database.sql)
    await age(busy.content.id)
    await age(ready.content.id)
    await reconcile()
    for (const { content, job_id } of [busy, young, ready]) expect(await attempt(content.id)).toBe(job_id)
  })
})
