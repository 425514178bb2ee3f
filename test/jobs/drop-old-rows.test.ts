import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import dropOldRows from '#jobs/drop-old-rows'
import { dropOld } from '../../src/ground/database/drop-old.ts'
import { dropUnsaved, UNSAVED_DAYS } from '../../src/library/contents/drop-unsaved.ts'
import { TABLES } from '../../src/rooms.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { usesRealPostgres } from '../support/database.ts'

setDefaultTimeout(60_000)

let trove: Trove
let user: User
beforeAll(async () => {
  // What is removed is nobody's at once.
  trove = await startTrove({ TRASH_DAYS: '0' })
  user = await trove.register()
})
afterAll(() => trove.stop())

/** Rows of each table that is kept for a time, `count` of them, a day apart, the newest half a day old. */
const FILL: Record<string, (count: number) => Promise<unknown>> = {
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
  known_networks: count => trove.database.sql`
    insert into known_networks (pair_hash, created_at)
    select n::text, now() - (n - 0.5) * interval '1 day'
    from generate_series(2, ${count}::int) n`,
  invitations: count => trove.database.sql`
    insert into invitations (id, token_hash, role, created_by, expires_at, created_at)
    select gen_random_uuid(), '', 'normal', ${user.id}, now(), now() - (n - 0.5) * interval '1 day'
    from generate_series(1, ${count}::int) n`,
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

const KEPT = Object.entries(TABLES).flatMap(([name, { keeps: days }]) =>
  typeof days === 'number' ? [{ name, days }] : [],
)

for (const kept of KEPT) {
  test(`${kept.name}: what has had its ${kept.days} days goes, oldest first and so many a statement`, async () => {
    const { sql } = trove.database
    await FILL[kept.name]!(kept.days + 5)
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

describe('a content of nobody', () => {
  let videos = 0
  const url = (n: number) => `https://youtu.be/unsaved${String(n).padStart(4, '0')}`
  const save = (n: number) => user.post('/v1/items', { url: url(n) })

  /** The id of a content, with a vector, whose last save went so many days ago. */
  async function unsaved(days: number): Promise<{ n: number; id: string }> {
    const n = ++videos
    const { body } = await save(n)
    await user.send('DELETE', `/v1/items/${body.save.id}`)
    const { sql } = trove.database
    const id: string = body.content.id
    await sql`
      insert into content_embeddings (content_id, model, embedding)
      select ${id}, ${trove.context.models.embeddingModel}, array_fill(0.1, array[512])::vector`
    await sql`update shared_contents set unsaved_since = unsaved_since - ${`${days} days`}::interval where id = ${id}`
    return { n, id }
  }
  const contents = async (ids: string[]) => {
    const { sql } = trove.database
    const [row] = await sql`
      select (select count(*) from shared_contents where id in ${sql(ids)}) as contents,
        (select count(*) from content_embeddings where content_id in ${sql(ids)}) as vectors`
    return row
  }

  test('goes with its vectors after its time, and not before', async () => {
    const old = await unsaved(UNSAVED_DAYS + 0.1)
    const young = await unsaved(UNSAVED_DAYS - 0.1)
    await dropOldRows.run([{}], trove.context)
    expect(await contents([old.id])).toEqual({ contents: 0, vectors: 0 })
    expect(await contents([young.id])).toEqual({ contents: 1, vectors: 1 })
    // Made anew, as if it had never been there.
    const { status, body } = await save(old.n)
    expect(status).toBe(201)
    expect(body.content).toMatchObject({ status: 'PENDING', save_count: 1 })
    expect(body.content.id).not.toBe(old.id)
  })

  test('that somebody saves again stays, and its time begins anew', async () => {
    const { n, id } = await unsaved(UNSAVED_DAYS + 1)
    const { body } = await save(n)
    expect(body.content.id).toBe(id)
    const [row] = await trove.database.sql`select unsaved_since from shared_contents where id = ${id}`
    expect(row).toEqual({ unsaved_since: null })
    await dropOldRows.run([{}], trove.context)
    expect(await contents([id])).toEqual({ contents: 1, vectors: 1 })
    await user.send('DELETE', `/v1/items/${body.save.id}`)
    await dropOldRows.run([{}], trove.context)
    expect(await contents([id])).toEqual({ contents: 1, vectors: 1 })
  })

  test('whose last save went in another way has its time from then on', async () => {
    const { sql } = trove.database
    const { id } = await unsaved(0)
    await sql`update shared_contents set unsaved_since = null where id = ${id}`
    await dropOldRows.run([{}], trove.context)
    const [row] =
      await sql`select unsaved_since is not null as is_marked from shared_contents where id = ${id}`
    expect(row).toEqual({ is_marked: true })
  })

  test('is found by an index', async () => {
    const plan = await trove.database.sql.begin(async tx => {
      await tx`set local enable_seqscan = off`
      return tx`
        explain select id from shared_contents
        where save_count = 0 and unsaved_since < now() - interval '30 days' order by unsaved_since limit 10`
    })
    expect(JSON.stringify(plan)).toContain('shared_contents_unsaved')
  })

  // The embedded database runs one transaction at a time: nothing can happen at the same moment.
  test.skipIf(!usesRealPostgres)('that is being saved is passed by, without waiting', async () => {
    const { id } = await unsaved(UNSAVED_DAYS + 1)
    const { sql } = trove.database
    await sql.begin(async tx => {
      await tx`select from content_links where content_id = ${id} for update`
      expect(await sql.begin(other => dropUnsaved(other, 10))).toBe(0)
      await tx`update shared_contents set save_count = save_count + 1, unsaved_since = null where id = ${id}`
      expect(await sql.begin(other => dropUnsaved(other, 10))).toBe(0)
      await tx`update shared_contents set save_count = 0 where id = ${id}`
    })
    expect(await contents([id])).toEqual({ contents: 1, vectors: 1 })
  })

  test.skipIf(!usesRealPostgres)('that goes while it is being saved is made anew by the save', async () => {
    const { n, id } = await unsaved(UNSAVED_DAYS + 1)
    const { sql } = trove.database
    const saving = await sql.begin(async tx => {
      expect(await dropUnsaved(tx, 10)).toBe(1)
      const saving = save(n)
      // It waits for this transaction.
      for (let waiting = 0; waiting === 0; ) {
        const [row] = await sql`
          select count(*) as waiting from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%into content_links%'`
        waiting = row!.waiting
      }
      return { saving }
    })
    const { status, body } = await saving.saving
    expect(status).toBe(201)
    expect(body.content.id).not.toBe(id)
    expect(await contents([body.content.id])).toMatchObject({ contents: 1 })
  })

  test.skipIf(!usesRealPostgres)('never goes with a save, whatever happens at the same moment', async () => {
    const { sql } = trove.database
    const others = await Promise.all(Array.from({ length: 3 }, () => trove.register()))
    const links = Array.from({ length: 4 }, (_, i) => url(9000 + i))
    let isOver = false
    const dropping = (async () => {
      while (!isOver) {
        await sql`update shared_contents set unsaved_since = now() - interval '31 days' where save_count = 0`
        await sql.begin(tx => dropUnsaved(tx, 2))
      }
    })()
    const answers = await Promise.all(
      others.map(async other => {
        const statuses = []
        for (let round = 0; round < 10; round++) {
          for (const link of links) {
            const { status, body } = await other.post('/v1/items', { url: link })
            const removed = await other.send('DELETE', `/v1/items/${body.save?.id}`)
            statuses.push(`${status} ${removed.status}`)
          }
        }
        return statuses
      }),
    )
    isOver = true
    await dropping
    expect(new Set(answers.flat())).toEqual(new Set(['201 204']))
    const wrong = await sql`
      select c.id from shared_contents c
      where save_count <> (select count(*) from user_content_saves s where s.shared_content_id = c.id)`
    expect(wrong).toHaveLength(0)
  })
})
