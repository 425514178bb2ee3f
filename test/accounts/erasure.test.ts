// What is left of somebody who was erased, and who is asked before.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import sweepAccounts from '../../jobs/sweep-accounts.ts'
import { eraseUser } from '../../src/accounts/jobs.ts'
import { erase } from '../../src/accounts/privacy/erasure/erase.ts'
import { accounts } from '../../src/accounts/room.ts'
import { insertUser } from '../../src/accounts/store.ts'
import { PERSONAL } from '../../src/rooms.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { allTables, type FullUser, makeFullUser, personHashOf, SHARED_URL, textOf } from './full-user.ts'

const ADDRESS = '/v1/auth/gdpr/data-deletion'

let trove: Trove
let bob: FullUser
beforeAll(async () => {
  trove = await startTrove()
  Object.assign(trove.context.fetcher, { vet: async () => [] })
  trove.context.config.DATA_DIR = join(trove.context.config.DATA_DIR, crypto.randomUUID())
  bob = await makeFullUser(trove)
})
afterAll(async () => {
  rmSync(trove.context.config.DATA_DIR, { recursive: true, force: true })
  await trove.stop()
})

const ask = (user: User, password = user.password) => user.post(ADDRESS, { password })
const sweep = async () => {
  const [effect] = await sweepAccounts.run([{}], trove.context)
  await trove.context.queue.begin(effect as never)
}
/** What the sweep has sent. */
const sent = async () => {
  const jobs = await trove.database.sql<{ id: string }[]>`
    select data ->> 'erasure_id' as id from pgboss.job where name = ${eraseUser.name} and state = 'created'`
  return jobs.map(({ id }) => id)
}
/** As if their days were over. */
const letPass = async (id: string) => {
  const { sql } = trove.database
  await sql`update users set erase_at = now() - interval '1 second' where id = ${id}`
  await sql`
    update erasures set scheduled_for = now() - interval '1 second'
    where person_hash = ${personHashOf(id)} and status = 'scheduled'`
}
const run = async (erasureId: string, context = trove.context) => {
  const effect = await erase(context, erasureId)
  await context.queue.begin(effect)
}
/** Everything in the database, a line a row. */
const dump = async (but = '') => {
  const lines: string[] = []
  for (const table of await allTables(trove)) {
    for (const text of await textOf(trove, table, but)) lines.push(`${table} ${text}`)
  }
  return lines
}
const countSaved = async (url: string) => {
  const rows = await trove.database.sql<{ save_count: number; saves: number }[]>`
    select c.save_count, (select count(*) from user_content_saves where shared_content_id = c.id) as saves
    from shared_contents c where c.url like ${`%${url.slice(-11)}%`}`
  return rows.map(row => ({ ...row }))
}

describe('an erasure', () => {
  test('leaves nothing of somebody in the database, and everybody else as they were', async () => {
    const { sql } = trove.database
    const alice = await makeFullUser(trove)
    // A job that failed for good, one that is done, and one on a content that goes.
    for (const [name, data] of [
      ['dead-letter', { user_id: alice.id }],
      ['place-save', { user_id: alice.id }],
      ['fetch-content', { content_id: alice.markers.at(-1), url: alice.ownUrl }],
    ] as const) {
      await sql`insert into pgboss.job (name, data, state) values (${name}, ${sql.json(data as never)}, 'completed')`
    }
    const [shared] = await sql<{ content_id: string }[]>`
      select shared_content_id as content_id from user_content_saves where user_id = ${alice.id}
      intersect
      select shared_content_id from user_content_saves where user_id = ${bob.id}`
    const reading = crypto.randomUUID()
    const chained = { ...shared, attempt: reading }
    const waiting = crypto.randomUUID()
    const data = sql.json({ ...chained, request_id: alice.mark, user_id: alice.id })
    for (const [id, state] of [
      [reading, 'active'],
      [waiting, 'created'],
    ] as const) {
      await sql`
        insert into pgboss.job (id, name, data, state, group_id)
        values (${id}, 'fetch-content', ${data}, ${state}, ${`web ${alice.id}`})`
    }
    // Rows of Bob's; jobs that both wait for are in the queue.
    const others = async () =>
      (await dump()).filter(line => line.startsWith('public.') && line.includes(bob.id))
    const isMadeBy = (maker: string | null) => sql`
      update users set created_by = ${maker} where id = ${bob.id}`
    await isMadeBy(null)
    const before = await others()
    await isMadeBy(alice.id)
    expect(await countSaved(SHARED_URL)).toEqual([{ save_count: 2, saves: 2 }])
    const lines = await dump()
    const named = new Set(
      lines.filter(line => alice.markers.some(it => line.includes(it))).map(line => line.split(' ')[0]),
    )
    expect(named.size).toBeGreaterThan(25)

    const { status, body } = await ask(alice)
    expect([status, body.status]).toEqual([202, 'scheduled'])
    await letPass(alice.id)
    await sweep()
    await sweep()
    expect(await sent()).toEqual([body.request_id])
    await run(body.request_id)

    const left = (await dump()).filter(line => alice.markers.some(it => line.includes(it)))
    expect(left).toEqual([])
    expect(await countSaved(SHARED_URL)).toEqual([{ save_count: 1, saves: 1 }])
    expect((await sql`select from shared_contents where url = ${alice.ownUrl}`).length).toBe(0)
    expect(await others()).toEqual(before)
    const deeds = await sql`
      select from audit_entries where action in ('save', 'request_deletion') and ip_address is null and details = '{}'`
    expect(deeds.length).toBeGreaterThanOrEqual(3)
    // The link goes on being read for Bob: from its start, since who reads it knows for whom.
    const goingOn = await sql`
      select state, data, group_id from pgboss.job where id in ${sql([reading, waiting])} order by state`
    expect([...goingOn]).toEqual(
      ['created', 'retry'].map(state => ({
        state,
        data: { ...chained, request_id: 'erased' },
        group_id: null,
      })),
    )
    const [erasure] = await sql`select status, person_hash from erasures where id = ${body.request_id}`
    expect(erasure).toEqual({ status: 'done', person_hash: personHashOf(alice.id) })
    const log = join(trove.context.config.DATA_DIR, 'erasures.log')
    expect(readFileSync(log, 'utf8')).toBe(`${personHashOf(alice.id)}\n`)
    expect(statSync(log).mode & 0o777).toBe(0o600)
    expect((await alice.get('/v1/auth/me')).status).toBe(401)
    expect((await trove.register(alice.email)).id).not.toBe(alice.id)
  })

  test('that fails at each of its steps is finished by the next try', async () => {
    const user = await makeFullUser(trove)
    const { body } = await ask(user)
    await letPass(user.id)
    const { queue } = trove.context
    /** Runs until the transaction of this number, which is not begun. */
    const runUntil = (failing: number) => {
      let begun = 0
      const begin = (work: never) => {
        if (++begun === failing) throw new Error('killed here')
        return queue.begin(work)
      }
      const failsOnce = Object.assign(Object.create(queue), { begin })
      return run(body.request_id, { ...trove.context, queue: failsOnce })
    }
    let failing = 1
    const isKilled = () =>
      runUntil(failing).then(
        () => false,
        () => true,
      )
    while (await isKilled()) failing++
    expect(failing).toBeGreaterThanOrEqual(6)
    const left = (await dump()).filter(line => user.markers.some(it => line.includes(it)))
    expect(left).toEqual([])
    expect(await countSaved(SHARED_URL)).toEqual([{ save_count: 1, saves: 1 }])
  })

  test('says of every table that names a user what becomes of it, unless its rows go with the account', async () => {
    const { sql } = trove.database
    const columns = await sql<{ table_name: string; column_name: string }[]>`
      select table_name, column_name from information_schema.columns
      where table_schema = 'public' and column_name ~ '^(.*user_id|account_id|created_by|updated_by)$'`
    const references = await sql<{ child: string; parent: string }[]>`
      select conrelid::regclass::text as child, confrelid::regclass::text as parent
      from pg_constraint where contype = 'f' and confdeltype = 'c'`
    const going = new Set(['users'])
    for (let size = 0; size < going.size; ) {
      size = going.size
      for (const { child, parent } of references) if (going.has(parent)) going.add(child)
    }
    const silent = columns.filter(
      ({ table_name, column_name }) =>
        !PERSONAL.tables[table_name]?.erasure && !(column_name === 'user_id' && going.has(table_name)),
    )
    expect(silent).toEqual([])
  })

  test('waits for a job that failed for good, and is sent once where there is none', async () => {
    const user = await trove.register()
    const { body } = await ask(user)
    const { sql } = trove.database
    await sweep()
    expect(await sent()).not.toContain(body.request_id)
    await letPass(user.id)
    await sweep()
    expect(await sent()).toContain(body.request_id)
    await sql`
      update pgboss.job set name = 'dead-letter', source_name = ${eraseUser.name}
      where data ->> 'erasure_id' = ${body.request_id}`
    await sweep()
    expect(await sent()).not.toContain(body.request_id)
    // A queue that was lost with its jobs.
    await sql`delete from pgboss.job where data ->> 'erasure_id' = ${body.request_id}`
    await sweep()
    expect(await sent()).toContain(body.request_id)
    await run(body.request_id)
    expect((await sql`select from users where id = ${user.id}`).length).toBe(0)
  })

  test('comes again for who is back, as by a backup', async () => {
    const { sql } = trove.database
    const user = await trove.register()
    const { body } = await ask(user)
    await letPass(user.id)
    await run(body.request_id)
    await insertUser(sql, { ...user, password_hash: null, subscription_tier: 'free' })
    await sql`delete from erasures`
    await sql`delete from pgboss.job where name = ${eraseUser.name}`
    await accounts.starts!(trove.context)
    const again = await sent()
    expect(again).toHaveLength(1)
    await run(again[0]!)
    expect((await sql`select from users where id = ${user.id}`).length).toBe(0)
    await sql`delete from pgboss.job where name = ${eraseUser.name}`
    await accounts.starts!(trove.context)
    expect(await sent()).toEqual([])
  })

  test('comes for who was removed by an admin as well', async () => {
    const { sql } = trove.database
    const user = await trove.register()
    await sql`update users set deleted_at = now(), erase_at = now() where id = ${user.id}`
    await sweep()
    const [erasure] = await sql<{ id: string }[]>`
      select id from erasures where person_hash = ${personHashOf(user.id)} and status = 'scheduled'`
    expect(await sent()).toContain(erasure!.id)
    // Back from the trash before its turn.
    await sql`update users set deleted_at = null, erase_at = null where id = ${user.id}`
    await run(erasure!.id)
    expect((await user.get('/v1/auth/me')).status).toBe(200)
    expect((await sql`select from erasures where id = ${erasure!.id} and status = 'cancelled'`).length).toBe(
      1,
    )
  })
})

describe('who asks to be erased', () => {
  test('knows the password, gets the same answer again, works on, and may take it back', async () => {
    const user = await trove.register()
    const wrong = await ask(user, 'not this one')
    expect([wrong.status, wrong.body.error_code]).toEqual([403, 'WRONG_PASSWORD'])
    const missing = await user.post(ADDRESS, {})
    expect([missing.status, missing.body.field_errors[0].loc]).toEqual([422, ['body', 'password']])
    expect((await user.get(ADDRESS)).status).toBe(404)
    const first = await ask(user)
    const days = (Date.parse(first.body.scheduled_for) - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(30)
    expect((await ask(user)).body).toEqual(first.body)
    expect((await user.get(ADDRESS)).body).toEqual(first.body)
    expect((await user.get('/v1/auth/me')).body.erase_at).toBe(first.body.scheduled_for)
    expect((await user.send('DELETE', ADDRESS)).status).toBe(204)
    expect((await user.send('DELETE', ADDRESS)).status).toBe(404)
    expect((await user.get('/v1/auth/me')).body.erase_at).toBeNull()
    await run(first.body.request_id)
    expect((await user.get('/v1/auth/me')).status).toBe(200)
    const both = await Promise.all([ask(user), ask(user)])
    expect(both[0].body).toEqual(both[1].body)
  })

  test('without a password has just signed in', async () => {
    const { sql } = trove.database
    const user = await trove.register()
    await sql`update users set password_hash = null where id = ${user.id}`
    await sql`update sessions set created_at = now() - interval '11 minutes' where user_id = ${user.id}`
    const late = await user.post(ADDRESS, {})
    expect([late.status, late.body.error_code]).toEqual([403, 'SIGN_IN_AGAIN'])
    await sql`update sessions set created_at = now() - interval '9 minutes' where user_id = ${user.id}`
    expect((await user.post(ADDRESS)).status).toBe(202)
  })

  test('is not the last active admin, also when they have become that meanwhile', async () => {
    const { sql } = trove.database
    const [one, two] = [await trove.register(), await trove.register()]
    await sql`update users set role = 'admin' where id in ${sql([one.id, two.id])}`
    const answers = await Promise.all([ask(one), ask(two)])
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409])
    const [going, staying] = answers[0].status === 202 ? [one, two] : [two, one]
    const refused = answers.find(({ status }) => status === 409)!
    expect(refused.body.error_code).toBe('LAST_ADMIN')
    const { request_id } = (await going.get(ADDRESS)).body
    await sql`update users set role = 'normal' where id = ${staying.id}`
    await letPass(going.id)
    await run(request_id)
    expect((await going.get('/v1/auth/me')).status).toBe(200)
    await sql`update users set role = 'admin' where id = ${staying.id}`
    await run(request_id)
    expect((await going.get('/v1/auth/me')).status).toBe(401)
  })

  test('where there are no days to wait is signed out, and erased by a job that was sent with the wish', async () => {
    const user = await trove.register()
    const { config } = trove.context
    config.GDPR_GRACE_DAYS = 0
    const { status, body } = await ask(user)
    config.GDPR_GRACE_DAYS = 30
    expect([status, body.status]).toEqual([202, 'running'])
    expect((await user.get('/v1/auth/me')).status).toBe(401)
    expect(await sent()).toContain(body.request_id)
    await run(body.request_id)
    expect((await trove.database.sql`select from users where id = ${user.id}`).length).toBe(0)
  })
})

describe('the sweep', () => {
  test('drops sessions, links and keys that have ended', async () => {
    const { sql } = trove.database
    const user = await trove.register()
    await sql`update sessions set expires_at = now() - interval '1 second' where user_id = ${user.id}`
    await sql`insert into password_resets (user_id, token_hash, expires_at) values (${user.id}, 'x', now() - interval '1 second')`
    await sql`insert into signing_keys (id, secret_sealed, active_from, ends_at) values ('old', 'x', now(), now() - interval '91 days')`
    await sweep()
    const left = await sql`
      select user_id::text from sessions where user_id = ${user.id}
      union all select user_id::text from password_resets where user_id = ${user.id}
      union all select id from signing_keys where id = 'old'`
    expect(left.length).toBe(0)
    const [others] = await sql`select from sessions where user_id = ${bob.id}`
    expect(others).toBeDefined()
  })
})
