// The second lock: who acts as a user sees and writes that user's rows alone, also by a statement that names no user.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import type { Sql } from '../../../src/ground/database/connection.ts'
import { actingAs, overUsers, secureRows } from '../../../src/ground/database/row-security.ts'
import { TABLES } from '../../../src/rooms.ts'
import { startTrove, type Trove, type User } from '../../support/app.ts'
import { usesRealPostgres } from '../../support/database.ts'

let trove: Trove
let alice: User
let bob: User
beforeAll(async () => {
  trove = await startTrove()
  ;[alice, bob] = [await trove.register(), await trove.register()]
  for (const user of [alice, bob]) {
    for (const id of ['dQw4w9WgXcQ', 'aqz-KE-bpKQ'])
      await user.post('/v1/items', { url: `https://youtu.be/${id}` })
    await trove.database.sql`
      insert into clusters (user_id, id, label, item_count, centroid, model)
      values (${user.id}, gen_random_uuid(), 'A label', 1, array_fill(0.1, array[512])::vector, 'test')`
  }
})
afterAll(() => trove.stop())

const ofUsers = Object.entries(TABLES).flatMap(([name, { of }]) => (of === 'user' ? [name] : []))

class Undone extends Error {}
/** A transaction that changes nothing. */
async function trying(work: (sql: Sql) => Promise<void>): Promise<void> {
  const undone = trove.database.sql.begin(async tx => {
    await work(tx)
    throw new Undone()
  })
  await undone.catch(error => {
    if (!(error instanceof Undone)) throw error
  })
}

test('is on for every table that has a user’s rows, and for users', async () => {
  expect(await secureRows(trove.database.sql)).toBe(true)
  const rows = await trove.database.sql<{ name: string }[]>`
    select c.relname as name
    from pg_class c
    join pg_policy p on p.polrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relrowsecurity`
  expect(rows.map(({ name }) => name).sort()).toEqual([...ofUsers, 'users'].sort())
})

test('a statement that names no user finds only those of whom it acts as', async () => {
  const faults: string[] = []
  let seen = 0
  for (const name of [...ofUsers, 'users']) {
    const key = name === 'users' ? 'id' : 'user_id'
    await trying(async sql => {
      const all = await sql`select ${sql(key)} as owner from ${sql(name)}`
      await actingAs(sql, alice.id, async () => {
        const own = await sql`select ${sql(key)} as owner from ${sql(name)}`
        seen += own.length
        const expected = all.filter(({ owner }) => owner === alice.id).length
        if (own.length !== expected || own.some(({ owner }) => owner !== alice.id)) faults.push(name)
      })
    })
  }
  expect(faults).toEqual([])
  expect(seen).toBeGreaterThan(10)
})

test('a change that names no user changes only those of whom it acts as, and nobody writes for another', async () => {
  await trying(async sql => {
    await actingAs(sql, alice.id, async () => {
      const changed = await sql`update user_content_saves set is_favorited = true returning user_id`
      expect(new Set(changed.map(({ user_id }) => user_id))).toEqual(new Set([alice.id]))
      const gone = await sql`delete from clusters returning user_id`
      expect(new Set(gone.map(({ user_id }) => user_id))).toEqual(new Set([alice.id]))
    })
  })
  const forBob = trove.database.sql.begin(tx =>
    actingAs(tx, alice.id, async () => {
      await tx`insert into libraries (user_id) values (${bob.id})`
    }),
  )
  await expect(forBob).rejects.toThrow(/row-level security/)
})

test('without a user there are no rows', async () => {
  await trying(async sql => {
    await sql`set local role trove_rows`
    for (const name of ofUsers) expect(await sql`select from ${sql(name)}`).toHaveLength(0)
  })
})

test('what concerns others reaches them, and then acts as the user again', async () => {
  await trying(async sql => {
    await actingAs(sql, alice.id, async () => {
      const count = async () => (await sql`select from libraries`).length
      const counts = await Promise.all([
        overUsers(sql, count),
        overUsers(sql, async () => {
          await count()
          return count()
        }),
      ])
      expect(counts).toEqual([2, 2])
      expect(await count()).toBe(1)
    })
  })
})

describe('a connection of the pool', () => {
  test('carries no user and no role over, whatever became of the transaction', async () => {
    const connection = await trove.database.sql.reserve()
    const state = async () => {
      const [row] = await connection`
        select current_user = session_user as is_itself, current_setting('app.user_id', true) as user_id`
      return [row!.is_itself, row!.user_id ?? '']
    }
    for (const end of ['commit', 'rollback']) {
      await connection.unsafe('begin')
      await connection`select act_as(${alice.id})`
      expect(await state()).toEqual([false, alice.id])
      await connection.unsafe(end)
      expect(await state()).toEqual([true, ''])
    }
    connection.release()
  })
})

test.if(usesRealPostgres)(
  'a request acts as its user: a statement of its own would find no other',
  async () => {
    // A rule of the database that a handler trips if it does not act: only then is the role another one.
    const { sql } = trove.database
    await sql.unsafe(`alter table user_content_saves add constraint user_content_saves_by_rows
    check (current_user = 'trove_rows') not valid`)
    const { body } = await alice.get('/v1/items?status=all')
    const { status } = await alice.send('PATCH', `/v1/items/${body.items[0].save.id}`, {
      body: '{"is_favorited": true}',
      headers: { 'content-type': 'application/json' },
    })
    await sql.unsafe('alter table user_content_saves drop constraint user_content_saves_by_rows')
    expect(status).toBe(200)
  },
)

test.if(usesRealPostgres)('a database whose user may not use the role works without it', async () => {
  const { sql } = trove.database
  const user = `plain_${crypto.randomUUID().slice(0, 8)}`
  const [database] = await sql<{ name: string }[]>`select current_database() as name`
  await sql.unsafe(
    `create role ${user} login password 'plain'; grant all on all tables in schema public to ${user}`,
  )
  const url = Object.assign(new URL(trove.context.database.url), { username: user, password: 'plain' })
  const plain = postgres(url.href, { max: 1 })
  try {
    const [granted] = await plain`select grant_rows() as is_secured`
    expect(granted!.is_secured).toBe(false)
    await plain.begin(async tx => {
      await tx`select act_as(${alice.id})`
      const [state] =
        await tx`select current_user as name, (select count(*)::int from libraries) as libraries`
      expect(state).toEqual({ name: user, libraries: 2 })
    })
  } finally {
    await plain.end()
    await sql.unsafe(`drop owned by ${user}; drop role ${user}`)
  }
  expect(database!.name).toBe(url.pathname.slice(1))
})
