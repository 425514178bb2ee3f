// What compose.yaml has its database do when it is new, on a server of its own whose superuser is called as the image's.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { findPostgres, type RunningPostgres, startPostgres } from '../../scripts/postgres.ts'
import { openDatabase, type Sql } from '../../src/ground/database/connection.ts'
import { migrate } from '../../src/ground/database/migrate.ts'
import { actingAs, secureRows } from '../../src/ground/database/row-security.ts'
import { testConfig, usesRealPostgres } from '../support/database.ts'

const SCRIPT = fileURLToPath(new URL('../../ops/postgres/make-database.sh', import.meta.url))
const PASSWORD = 'it\'s $(a) "password" of many kinds'

describe.if(usesRealPostgres)('the database of compose.yaml', () => {
  let server: RunningPostgres
  const urlOf = (user: string, password: string, database: string): string => {
    const url = Object.assign(new URL(server.url), { username: user, pathname: `/${database}` })
    url.password = encodeURIComponent(password)
    return url.href
  }
  beforeAll(async () => {
    server = await startPostgres()
    const maker = postgres(server.url, { max: 1 })
    await maker`create role postgres superuser login password 'of-the-image'`
    await maker.end()
    const image = postgres(urlOf('postgres', 'of-the-image', 'postgres'), { max: 1 })
    await image`alter role trove rename to somebody`
    await image.end()
    const { port } = new URL(server.url)
    const made = spawnSync('sh', [SCRIPT], {
      encoding: 'utf8',
      env: {
        PATH: `${findPostgres()}:${process.env.PATH}`,
        POSTGRES_PASSWORD: PASSWORD,
        ...{ PGHOST: '127.0.0.1', PGPORT: port, PGPASSWORD: 'of-the-image' },
      },
    })
    expect([made.status, made.stderr]).toEqual([0, ''])
  }, 60_000)
  afterAll(() => server.stop())

  test('is Trove’s own, who is no superuser, and takes its tables', async () => {
    const database = await openDatabase(testConfig({ DATABASE_URL: urlOf('trove', PASSWORD, 'trove') }))
    expect((await migrate(database)).length).toBeGreaterThan(8)
    const [role] = await database.sql`
      select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user`
    expect(role).toEqual({ rolsuper: false, rolcreatedb: false, rolcreaterole: false })
    expect(await secureRows(database.sql)).toBe(true)
    await database.close()
  })

  test('works where there is no role for row security, which a later start turns on', async () => {
    const database = await openDatabase(testConfig({ DATABASE_URL: urlOf('trove', PASSWORD, 'trove') }))
    const { sql } = database
    const superuser = postgres(Object.assign(new URL(server.url), { username: 'somebody' }).href, { max: 1 })
    const roleOf = (tx: Sql) => tx`select current_user as role`
    const acting = () => sql.begin(tx => actingAs(tx, crypto.randomUUID(), async () => roleOf(tx)))
    try {
      await superuser`alter role trove_rows rename to away`
      expect(await secureRows(sql)).toBe(false)
      expect(await acting()).toMatchObject([{ role: 'trove' }])
      await superuser`alter role away rename to trove_rows`
      await superuser`alter role trove_rows bypassrls`
      expect(await secureRows(sql)).toBe(false)
      await superuser`alter role trove_rows nobypassrls`
      expect(await secureRows(sql)).toBe(true)
      expect(await acting()).toMatchObject([{ role: 'trove_rows' }])
    } finally {
      await Promise.all([superuser.end(), database.close()])
    }
  })

  test('lets the superuser in by no password', async () => {
    for (const password of ['of-the-image', PASSWORD, '']) {
      const sql = postgres(urlOf('postgres', password, 'postgres'), { max: 1 })
      expect(await sql`select 1`.catch(error => error.code)).toBe('28P01')
      await sql.end()
    }
  })
})
