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

  test('finds what has lost its job behind very many that have one', async () => {
    const { sql } = trove.database
    const { content, job_id } = await save(5)
    await sql`delete from pgboss.job where id = ${job_id}`
    await age(content.id)
    await sql`
      insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt, updated_at)
      select gen_random_uuid(), 'https://busy.example.org/' || n, 'busy' || n, 'web', n::text, gen_random_uuid(),
        now() - interval '2 hours'
      from generate_series(1, 1100) n`
    await sql`
      insert into pgboss.job (name, data)
      select 'fetch-content', jsonb_build_object('content_id', id, 'attempt', attempt)
      from shared_contents
      where url_hash like 'busy%'`
    await reconcile()
    expect(await attempt(content.id)).not.toBe(job_id)
    const [lost] = await sql<{ others: number }[]>`
      select count(*) as others from shared_contents where url_hash like 'busy%' and reread_at is not null`
    expect(lost!.others).toBe(0)
  })
})
