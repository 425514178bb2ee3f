import { afterAll, beforeAll, expect, test } from 'bun:test'
import { dropOldRows } from '#jobs/drop-old-rows'
import { startTrove, type Trove } from '../support/app.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

test('what has had its time goes, and what has not stays', async () => {
  const { sql } = trove.database
  const user = await trove.register()
  await sql`
    insert into events (user_id, seq, type, data, created_at)
    select ${user.id}, n, 'clusters.updated', '{}', now() - n * interval '1 day'
    from generate_series(1, 12) n`
  await sql`
    insert into jobs (user_id, id, type, created_at)
    values (${user.id}, ${crypto.randomUUID()}, 'cluster-library', now() - interval '31 days'),
      (${user.id}, ${crypto.randomUUID()}, 'cluster-library', now())`
  await dropOldRows.run([{}], trove.context)
  const seqs = await sql`select seq from events where user_id = ${user.id} order by seq`
  expect(seqs.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
  expect(await sql`select 1 from jobs where user_id = ${user.id}`).toHaveLength(1)
})
