// The second lock: who acts as a user sees and writes that user's rows alone, also by a statement that names no user.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import * as v from 'valibot'
import type { Sql } from '../../../src/ground/database/connection.ts'
import { actingAs, overUsers, rowSecurity, secureRows } from '../../../src/ground/database/row-security.ts'
import { Runner } from '../../../src/ground/queue/running/runner.ts'
import { JOBS, TABLES } from '../../../src/rooms.ts'
import { type FullUser, makeFullUser } from '../../accounts/full-user.ts'
import { startTrove, type Trove } from '../../support/app.ts'
import { usesRealPostgres } from '../../support/database.ts'

let trove: Trove
let alice: FullUser
let bob: FullUser
beforeAll(async () => {
  // One connection, so that whoever comes next has the same.
  trove = await startTrove({ DATABASE_POOL_SIZE: '1' })
  ;[alice, bob] = [await makeFullUser(trove), await makeFullUser(trove)]
})
afterAll(() => trove.stop())

const ofUsers = Object.entries(TABLES).flatMap(([name, { of }]) => (of === 'user' ? [name] : []))

const INSUFFICIENT_PRIVILEGE = '42501'

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
  expect(rowSecurity(trove.database.sql)).toBeUndefined()
  expect(await secureRows(trove.database.sql)).toBe(true)
  expect(rowSecurity(trove.database.sql)).toBe(true)
  const rows = await trove.database.sql<{ name: string }[]>`
    select c.relname as name
    from pg_class c
    join pg_policy p on p.polrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relrowsecurity`
  expect(rows.map(({ name }) => name).sort()).toEqual([...ofUsers, 'users'].sort())
})

test('a statement that names no user finds only those of whom it acts as', async () => {
  const found: Record<string, unknown> = {}
  for (const name of [...ofUsers, 'users']) {
    const owners = async (sql: Sql) => {
      const rows =
        await sql`select distinct ${sql(name === 'users' ? 'id' : 'user_id')} as owner from ${sql(name)}`
      return rows.map(({ owner }) => owner)
    }
    const all = await owners(trove.database.sql)
    expect([name, all]).toEqual([name, expect.arrayContaining([alice.id, bob.id])])
    await trying(sql =>
      actingAs(sql, alice.id, async () => {
        found[name] = await owners(sql)
      }),
    )
  }
  expect(found).toEqual(Object.fromEntries([...ofUsers, 'users'].map(name => [name, [alice.id]])))
})

test('no row is handed to another, and none of another is changed or removed, on any table', async () => {
  const faults: string[] = []
  for (const name of ofUsers) {
    const handed = trove.database.sql.begin(tx =>
      actingAs(tx, alice.id, () => tx`update ${tx(name)} set user_id = ${bob.id}`.then(() => {})),
    )
    if ((await handed.catch(({ code }) => code)) !== INSUFFICIENT_PRIVILEGE) faults.push(`${name} handed`)
    await trying(sql =>
      actingAs(sql, alice.id, async () => {
        const changed = await sql`update ${sql(name)} set user_id = user_id where user_id = ${bob.id}`
        const gone = await sql`delete from ${sql(name)} where user_id = ${bob.id}`
        if (changed.count + gone.count > 0) faults.push(`${name} changed`)
      }),
    )
  }
  expect(faults).toEqual([])
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
  const stateOf = async (sql: Sql) => {
    const [row] = await sql`
      select pg_backend_pid() as pid, current_user = session_user as is_itself,
        coalesce(current_setting('app.user_id', true), '') as user_id`
    return row
  }

  test('carries no user and no role over, whatever became of the transaction', async () => {
    const { sql } = trove.database
    const before = await stateOf(sql)
    expect(before).toMatchObject({ is_itself: true, user_id: '' })
    const acting = (end: (tx: Sql) => Promise<unknown>) =>
      sql.begin(tx =>
        actingAs(tx, alice.id, async () => {
          expect(await stateOf(tx)).toEqual({ pid: before!.pid, is_itself: false, user_id: alice.id })
          await end(tx)
        }),
      )
    const ends: ((tx: Sql) => Promise<unknown>)[] = [
      async () => {},
      async () => Promise.reject(new Error('It changed its mind')),
      tx => tx`select 1 / 0`,
      tx => overUsers(tx, () => tx`select from nowhere`.then(() => {})),
      tx => overUsers(tx, async () => Promise.reject(new Error('It changed its mind'))),
    ]
    const became = []
    for (const end of ends) {
      became.push(
        await acting(end).then(
          () => 'done',
          error => error.message,
        ),
      )
      expect(await stateOf(sql)).toEqual(before)
    }
    expect(became).toEqual([
      ...['done', 'It changed its mind', 'division by zero'],
      ...['relation "nowhere" does not exist', 'It changed its mind'],
    ])
  })

  test('is each transaction’s own, of many at once for several users and for none', async () => {
    const users = Array.from({ length: 60 }, (_, i) => [alice.id, bob.id, undefined][i % 3])
    const found = await Promise.all(
      users.map((user, i) => {
        let libraries: string[] = []
        const work = async (tx: Sql) => {
          const rows = await tx<{ user_id: string }[]>`select user_id from libraries`
          libraries = rows.map(({ user_id }) => user_id).sort()
          if (i % 2) throw new Undone()
        }
        const done = trove.database.sql.begin(tx => (user ? actingAs(tx, user, () => work(tx)) : work(tx)))
        return done.catch(() => {}).then(() => libraries)
      }),
    )
    expect(found).toEqual(users.map(user => (user ? [user] : [alice.id, bob.id].sort())))
  })
})

test('a job that is one user’s acts as them, and one of a content does not', async () => {
  const { sql } = trove.database
  const seen: Record<string, unknown> = {}
  const runs = Object.fromEntries(JOBS.map(job => [job.name, job.actsAs?.({ user_id: alice.id }) ?? null]))
  expect(runs).toMatchObject({
    ...{ 'cluster-library': alice.id, 'place-save': alice.id, 'deliver-webhook': alice.id },
    ...{ 'fetch-content': null, 'embed-content': null, 'cluster-due': null },
  })
  const runner = new Runner({
    log: trove.context.log,
    begin: (_, work) => sql.begin(tx => work(tx)) as never,
    letGo: async () => {},
    putOff: async () => {},
  })
  for (const actsAs of [undefined, () => alice.id]) {
    const job = { name: 'acting', schema: v.object({}), ...(actsAs ? { actsAs } : {}) }
    const run = async () => [
      async (tx: Sql) => {
        seen[actsAs ? 'as Alice' : 'as nobody'] = (await tx`select from libraries`).length
      },
    ]
    const claim = { id: crypto.randomUUID(), data: {}, retryCount: 0, retryLimit: 1 }
    await runner.run({ job, metrics: trove.context.metrics, run }, [claim])
  }
  expect(seen).toEqual({ 'as Alice': 1, 'as nobody': 2 })
})

test.if(usesRealPostgres)('any number of processes may start when the role has just been made', async () => {
  const { sql } = trove.database
  const starts = Array.from({ length: 6 }, () =>
    postgres(trove.context.database.url, { max: 1, onnotice: () => {} }),
  )
  try {
    await sql`drop owned by trove_rows`
    const granted = await Promise.all(starts.map(start => start`select grant_rows() as is_secured`))
    expect(granted.map(([row]) => row!.is_secured)).toEqual(starts.map(() => true))
  } finally {
    await Promise.all(starts.map(start => start.end()))
  }
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

// The embedded database is of a release in which who makes a role may not take it for that alone.
test.if(!usesRealPostgres)('a database user that may make roles can take the one that it made', async () => {
  const { sql } = trove.database
  await sql.unsafe('drop owned by trove_rows; drop role trove_rows; create role maker createrole')
  for (const schema of ['public', 'pgboss']) {
    await sql.unsafe(`
      grant all on schema ${schema} to maker with grant option;
      grant all on all tables in schema ${schema} to maker with grant option`)
  }
  try {
    await sql.unsafe('set session authorization maker; create role trove_rows nologin')
    expect(await secureRows(sql)).toBe(true)
    await trying(tx =>
      actingAs(tx, alice.id, async () => {
        expect(await tx`select current_user as name`).toMatchObject([{ name: 'trove_rows' }])
      }),
    )
  } finally {
    await sql.unsafe('reset session authorization')
  }
})
