import { afterAll, beforeAll, expect, test } from 'bun:test'
import { dropOldRows } from '#jobs/drop-old-rows'
import { dropOld, KEPT } from '../../src/database/drop-old.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'

let trove: Trove
let user: User
beforeAll(async () => {
  trove = await startTrove()
  user = await trove.register()
})
afterAll(() => trove.stop())

/** Rows of each table that is kept for a time, `count` of them, a day apart, the newest half a day old. */
const FILL: Record<(typeof KEPT)[number]['name'], (count: number) => Promise<unknown>> = {
  events: count => trove.database.sql`
    insert into events (user_id, seq, type, data, created_at)
    select ${user.id}, n, 'clusters.updated', '{}', now() - (n - 0.5) * interval '1 day'
    from generate_series(1, ${count}::int) n`,
  jobs: count => trove.database.sql`
    insert into jobs (user_id, id, type, created_at)
    select ${user.id}, gen_random_uuid(), 'cluster-library', now() - (n - 0.5) * interval '1 day'
    from generate_series(1, ${count}::int) n`,
  webhook_deliveries: async count => {
    const { sql } = trove.database
    const webhook = crypto.randomUUID()
    await sql`
      insert into webhooks (user_id, id, url, events, secret_sealed)
      values (${user.id}, ${webhook}, 'https://example.com', '[]', '')`
    await sql`
      insert into webhook_deliveries (user_id, id, webhook_id, event, data, created_at)
      select ${user.id}, gen_random_uuid(), ${webhook}, 'content.ready', '{}', now() - (n - 0.5) * interval '1 day'
      from generate_series(1, ${count}::int) n`
  },
  idempotency_keys: count => trove.database.sql`
    insert into idempotency_keys (user_id, route, key, request_hash, created_at)
    select ${user.id}, '/v1/items', n::text, '', now() - (n - 0.5) * interval '1 day'
    from generate_series(1, ${count}::int) n`,
  // Beside the registration, which is of now.
  audit_entries: count => trove.database.sql`
    insert into audit_entries (user_id, id, action, resource_type, created_at)
    select ${user.id}, gen_random_uuid(), 'edit', 'save', now() - (n - 0.5) * interval '1 day'
    from generate_series(2, ${count}::int) n`,
  thumbnails: async count => {
    const { sql } = trove.database
    const content = crypto.randomUUID()
    await sql`
      insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt)
      values (${content}, 'https://x.test/', ${content}, 'web', ${content}, gen_random_uuid())`
    await sql`
      insert into thumbnails (content_id, hash, width, created_at)
      select ${content}, md5(n::text), 320, now() - (n - 0.5) * interval '1 day'
      from generate_series(1, ${count}::int) n`
  },
}

const count = async (name: string) => {
  const { sql } = trove.database
  const [row] = await sql<{ rows: number }[]>`
    select count(*) as rows from ${sql(name)}`
  return row!.rows
}

for (const kept of KEPT) {
  test(`${kept.name}: what has had its ${kept.days} days goes, oldest first and so many a statement`, async () => {
    const { sql } = trove.database
    await FILL[kept.name](kept.days + 5)
    expect(await dropOld(sql, kept, 2)).toBe(2)
    expect(await count(kept.name)).toBe(kept.days + 3)
    await dropOldRows.run([{}], trove.context)
    expect(await count(kept.name)).toBe(kept.days)
    const [oldest] = await sql`
      select created_at > now() - ${`${kept.days} days`}::interval as is_kept
      from ${sql(kept.name)}
      order by created_at
      limit 1`
    expect(oldest!.is_kept).toBe(true)
  })

  test(`${kept.name}: a statement finds them by an index, however large the table is`, async () => {
    const { sql } = trove.database
    const found = await sql`
      select from pg_indexes where tablename = ${kept.name} and indexdef like '%btree (created_at)'`
    expect(found).toHaveLength(1)
  })
}

test('more than one statement takes goes in one run', async () => {
  const { sql } = trove.database
  await sql`
    insert into events (user_id, seq, type, data, created_at)
    select ${user.id}, n, 'clusters.updated', '{}', now() - interval '8 days'
    from generate_series(1001, 11300) n`
  await dropOldRows.run([{}], trove.context)
  expect(await sql`select from events where user_id = ${user.id} and seq > 1000`).toHaveLength(0)
})

test('the cost of models is kept', async () => {
  const { sql } = trove.database
  await sql`insert into model_usage (day, model) values ('2020-01-01', 'a')`
  await dropOldRows.run([{}], trove.context)
  expect(await sql`select from model_usage where day = '2020-01-01'`).toHaveLength(1)
})
