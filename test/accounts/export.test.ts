// What somebody can take along, and what stands in it.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { setTimeout as delay } from 'node:timers/promises'
import { exportedTables } from '../../src/accounts/privacy/export/write-export.ts'
import { PERSONAL } from '../../src/rooms.ts'
import { startTrove, type Trove } from '../support/app.ts'
import { type FullUser, makeFullUser } from './full-user.ts'

const ADDRESS = '/v1/auth/gdpr/data-export'

let trove: Trove
let alice: FullUser
let bob: FullUser
beforeAll(async () => {
  trove = await startTrove()
  // Nobody answers at the addresses of the test, and nobody is asked.
  Object.assign(trove.context.fetcher, { vet: async () => [] })
  ;[alice, bob] = [await makeFullUser(trove), await makeFullUser(trove)]
})
afterAll(() => trove.stop())

const open = (user: FullUser, method = 'GET') =>
  trove.handle(
    new Request(`http://localhost${ADDRESS}`, { method, headers: { authorization: `Bearer ${user.token}` } }),
  )
const tables = exportedTables(PERSONAL)
/** The transactions that read a snapshot at present. */
const snapshots = async () => {
  const [found] = await trove.database.sql<{ count: number }[]>`
    select count(*) as count from pg_stat_activity
    where datname = current_database() and state like 'idle in transaction%' and pid <> pg_backend_pid()`
  return found!.count
}

describe('an export', () => {
  test('holds each row of the user, of every table that says so, and of nobody else', async () => {
    const { status, headers, body } = await alice.get(ADDRESS)
    expect(status).toBe(200)
    expect(headers.get('content-disposition')).toStartWith('attachment')
    expect(body).toMatchObject({ format: 'trove-export', version: 1, exported_at: expect.any(String) })
    const { users, ...others } = tables
    expect(Object.keys(body.tables).sort()).toEqual(Object.keys(others).sort())
    const { sql } = trove.database
    for (const [table, { by = 'user_id', withheld = {} }] of Object.entries(tables)) {
      const given: object[] = table === 'users' ? [body.user] : body.tables[table]
      const columns = await sql<{ name: string }[]>`
        select column_name as name from information_schema.columns
        where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER'`
      const shown = columns.map(({ name }) => name).filter(name => !Object.hasOwn(withheld, name))
      const kept = await sql`select ${sql(shown)} from ${sql(table)} where ${sql(by)} = ${alice.id}`
      const comparable = (rows: object[]) =>
        rows.map(row => JSON.stringify(Object.entries(row).sort())).sort()
      expect([table, kept.length > 0]).toEqual([table, true])
      expect([table, comparable(given)]).toEqual([table, comparable(kept)])
    }
    expect(body.contents).toHaveLength(2)
    expect(body.contents).toContainEqual(
      expect.objectContaining({
        url: alice.ownUrl,
        title: `${alice.mark} title`,
        thumbnail_path: expect.stringContaining('/v1/thumbnails/'),
      }),
    )
    const text = JSON.stringify(body)
    for (const marker of bob.markers) expect(text).not.toContain(marker)
    for (const secret of [`${alice.mark} sealed`, `${alice.mark} hash`]) expect(text).not.toContain(secret)
  })

  test('knows of every table and column whether it is to be taken along', async () => {
    const columns = await trove.database.sql<{ table_name: string; column_name: string }[]>`
      select table_name, column_name from information_schema.columns where table_schema = 'public'`
    const silent = columns.filter(
      ({ table_name, column_name }) => column_name === 'user_id' && !PERSONAL.tables[table_name]?.exported,
    )
    expect(silent).toEqual([])
    const secret = columns.filter(
      ({ table_name, column_name }) =>
        tables[table_name] &&
        /hash|sealed|secret|password/.test(column_name.replace('must_change_password', '')) &&
        !Object.hasOwn(tables[table_name].withheld ?? {}, column_name),
    )
    expect(secret).toEqual([])
    const unknown = Object.entries(PERSONAL.tables).flatMap(([table, { by, withheld = {} }]) =>
      [...(by ? [by] : []), ...Object.keys(withheld)]
        .filter(name => !columns.some(it => it.table_name === table && it.column_name === name))
        .map(name => `${table}.${name}`),
    )
    expect(unknown).toEqual([])
  })

  test('is of one moment, and its transaction ends with a client that goes away', async () => {
    const { sql, isEmbedded } = trove.database
    // More than a piece, so that it is under way.
    await sql`
      insert into events (user_id, seq, type, data)
      select ${bob.id}, n, 'content.ready', jsonb_build_object('text', repeat('x', 1000)) from generate_series(2, 2000) n`
    const response = await open(bob)
    const reader = response.body!.getReader()
    const { value } = await reader.read()
    expect(new TextDecoder().decode(value)).toStartWith('{"format":"trove-export"')
    // The embedded database has one session, which the export holds.
    if (isEmbedded) await reader.cancel()
    else {
      expect(await snapshots()).toBe(1)
      await sql`update shared_contents set title = 'changed meanwhile'`
      const pieces = [value!]
      for (let next = await reader.read(); next.value; next = await reader.read()) pieces.push(next.value)
      const { tables, contents } = JSON.parse(await new Blob(pieces).text())
      expect(tables.events).toHaveLength(2000)
      expect(contents.map(({ title }: { title: string }) => title)).not.toContain('changed meanwhile')
      const left = (await open(bob)).body!.getReader()
      await left.read()
      await left.cancel()
      while ((await snapshots()) > 0) await delay(5)
    }
    expect(trove.logs.filter(line => line.includes('ended early'))).toEqual([])
    const whole = await open(bob)
    expect(JSON.parse(await whole.text()).tables.events).toHaveLength(2000)
  })

  test('is not made for who asks for its head', async () => {
    const { status, headers, body } = await trove.handle(
      new Request(`http://localhost${ADDRESS}`, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${alice.token}` },
      }),
    )
    expect([status, body, headers.get('content-disposition')]).toEqual([
      200,
      null,
      'attachment; filename="trove-export.json"',
    ])
  })

  test('is one of three at a time: a fourth is told to come back', async () => {
    // The embedded database has one session, so there is one at a time anyway.
    if (trove.database.isEmbedded) return
    const three = [await open(bob), await open(bob), await open(bob)]
    const fourth = await open(alice)
    expect([fourth.status, fourth.headers.get('retry-after')]).toEqual([429, '30'])
    await Promise.all(three.map(({ body }) => body!.cancel()))
    let again = await alice.get(ADDRESS)
    while (again.status === 429) again = await alice.get(ADDRESS)
    expect(again.body.user.email).toBe(alice.email)
  })
})
