// The next version's migrations are applied while processes of this version serve.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { migrate, readMigrations } from '../../src/ground/database/migrate.ts'
import { clientOf } from '../support/app.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { type Started, startProcess } from '../support/process.ts'
import { countAnswers, type Load, startLoad } from './steady-load.ts'

/** Requests that wait longer than this are answered with 504. */
const STATEMENT_TIMEOUT_MS = 3000
/** A report or a backup that holds a table for far longer. */
const HELD_MS = 7000
const LOGIN = { email: `${crypto.randomUUID()}@example.com`, password: 'correct horse' }
const NEXT = {
  version: 9001,
  name: '9001_next.sql',
  text: 'alter table user_content_saves add column of_the_next_version text',
  checksum: 'next',
}

let database: TestDatabase
let folder: string
let server: Started
let load: Load
beforeAll(async () => {
  if (!usesRealPostgres) return
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'trove-beside-'))
  server = startProcess({
    ...{ ...database.settings, DATA_DIR: folder, ROLE: 'api', RATE_LIMIT_ENABLED: 'false' },
    STATEMENT_TIMEOUT_MS: String(STATEMENT_TIMEOUT_MS),
  })
  const base = await server.address()
  const { body } = await clientOf(request => fetch(request), {}, base).post('/v1/auth/register', LOGIN)
  const urls = Array.from({ length: 10_000 }, (_, i) => `https://youtu.be/b${1e9 + i}`).values()
  load = startLoad({ base, token: body.access_token, urls, login: LOGIN })
})
afterAll(async () => {
  if (!usesRealPostgres) return
  server.child.kill('SIGKILL')
  await server.exit
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

test.if(usesRealPostgres)(
  'a migration that must wait for a long transaction makes no request wait with it for long',
  async () => {
    const { sql } = database
    const read = Promise.withResolvers<void>()
    const begun = performance.now()
    const report = sql.begin(async tx => {
      await tx`select count(*) from user_content_saves`
      read.resolve()
      await delay(HELD_MS)
    })
    await read.promise
    let blocked = 0
    const applied = await migrate(database, [...(await readMigrations()), NEXT], () => blocked++)
    const waited = performance.now() - begun
    await report
    const sofar = load.samples.length
    while (load.samples.length < sofar + 50) await delay(20)
    await load.stop()

    const slowest = Math.max(...load.samples.map(({ ms }) => ms))
    console.log(
      `migrations-beside: applied after ${Math.round(waited)} ms and ${blocked} tries without the lock; slowest request ${Math.round(slowest)} ms; ${JSON.stringify(countAnswers(load.samples))}`,
    )
    expect(applied).toEqual([NEXT.name])
    expect(blocked).toBeGreaterThan(0)
    expect(countAnswers(load.samples.filter(({ status }) => status === 0 || status >= 400))).toEqual({})
    expect(load.acknowledged.size).toBeGreaterThan(0)
  },
  60_000,
)
