// From the embedded database to a real Postgres: all of it arrives, or nothing.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { readRows, runScript, startScript, withDatabase } from './run-script.ts'
import {
  LONG_MS,
  lookAround,
  type Outside,
  startOutside,
  startServer,
  until,
  useTrove,
} from './used-trove.ts'

/** What begins anew by itself. */
const LEFT_OUT = [
  'public.schema_migrations',
  'public.rate_limits',
  'public.thumbnails',
  'pgboss.version',
  'pgboss.bam',
]
const OF_THE_MONITOR = ['pgboss.queue_stats', 'pgboss.warning']
const leftOut = [...LEFT_OUT, ...OF_THE_MONITOR]
const USED = ['users', 'shared_contents', 'user_content_saves', 'library_counts', 'webhooks', 'events']

let folder: string
let outside: Outside
let used: Awaited<ReturnType<typeof useTrove>>
let before: Record<string, string[]>
const targets: TestDatabase[] = []

const move = (to: string) => runScript('scripts/move.ts', ['--to', to], { DATA_DIR: folder })
const newTarget = async () => {
  const target = await openTestDatabase()
  targets.push(target)
  return target.settings.DATABASE_URL!
}

describe.if(usesRealPostgres)('a move to a real Postgres', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trove-move-'))
    outside = await startOutside()
    used = await useTrove(outside, { DATA_DIR: folder })
    before = await readRows({ DATA_DIR: folder }, leftOut)
  }, LONG_MS)
  afterAll(async () => {
    for (const target of targets) await target.close()
    await outside.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('that is killed in the middle leaves the target empty and the source as it was', async () => {
    const DATABASE_URL = await newTarget()
    const [blocker, watcher] = [postgres(DATABASE_URL, { max: 1 }), postgres(DATABASE_URL, { max: 1 })]
    const locked = Promise.withResolvers<void>()
    const enough = Promise.withResolvers<void>()
    const blocking = blocker.begin(async tx => {
      await tx`insert into model_usage (day, model) values ('2026-01-31', 'a')`
      locked.resolve()
      await enough.promise
      await tx`delete from model_usage`
    })
    await locked.promise
    // Its row of the same key waits for ours, in the middle of its transaction, for as long as we like.
    const moving = startScript('scripts/move.ts', ['--to', DATABASE_URL], { DATA_DIR: folder })
    await until(async () => (await watcher`select from pg_locks where not granted`).length > 0)
    moving.child.kill('SIGKILL')
    expect((await moving.ended).printed).toContain('Copying public.audit_entries')
    enough.resolve()
    await blocking
    await blocker.end()
    await watcher.end()
    await withDatabase({ DATABASE_URL }, async sql => {
      for (const table of USED) expect(await sql`select from ${sql(table)}`).toHaveLength(0)
    })
    expect(await readRows({ DATA_DIR: folder }, leftOut)).toEqual(before)
  })

  test('is refused while a server has the embedded database open, and while one runs on the target', async () => {
    const DATABASE_URL = await newTarget()
    const source = await startServer({ ...outside.env, DATA_DIR: folder, ROLE: 'api' })
    const locked = await move(DATABASE_URL)
    await source.stop()
    expect(locked).toMatchObject({ code: 75, printed: expect.stringContaining('has this database open') })
    const target = await startServer({
      ...outside.env,
      DATA_DIR: `${folder}/other`,
      DATABASE_URL,
      ROLE: 'api',
    })
    const running = await move(DATABASE_URL)
    await target.stop()
    expect(running).toMatchObject({ code: 1, printed: expect.stringContaining('Trove is running on that') })
  })

  test('into a database of somebody else, or without an address, is refused', async () => {
    const DATABASE_URL = await newTarget()
    await withDatabase({ DATABASE_URL }, sql => sql`create table invoices (id integer)`)
    const foreign = await move(DATABASE_URL)
    expect(foreign).toMatchObject({ code: 1, printed: expect.stringContaining('the table invoices') })
    expect(await runScript('scripts/move.ts', [], { DATA_DIR: folder })).toMatchObject({ code: 64 })
  })

  test('brings every row of every table, and the server goes on there as if nothing had happened', async () => {
    // Whoever was asked last looks first, before anything can change.
    const old = await startServer({ ...outside.env, DATA_DIR: folder, ROLE: 'api' })
    const seen = await lookAround(old, used.alice)
    await old.stop()
    const source = await readRows({ DATA_DIR: folder }, leftOut)

    const DATABASE_URL = await newTarget()
    const moved = await move(DATABASE_URL)
    expect(moved.printed).toContain('every table has the same rows as before')
    expect(moved.printed).toContain('secrets.json')
    expect(moved.code).toBe(0)
    const arrived = await readRows({ DATABASE_URL }, leftOut)
    for (const [table, rows] of Object.entries(source)) expect([table, arrived[table]]).toEqual([table, rows])
    for (const table of USED) expect(arrived[`public.${table}`]!.length).toBeGreaterThan(0)
    expect(await readRows({ DATA_DIR: folder }, leftOut)).toEqual(source)

    const settings = { ...outside.env, DATA_DIR: folder, DATABASE_URL }
    const api = await startServer({ ...settings, ROLE: 'api' })
    expect(await lookAround(api, used.alice)).toEqual(seen)
    await api.stop()

    const server = await startServer(settings)
    const bob = server.as(used.bob)
    await until(async () => (await bob.get('/v1/items?limit=1')).body.total === 1)
    expect((await bob.get(`/v1/items/${used.waiting}`)).body.content.status).toBe('READY')
    await server.stop()
    await withDatabase({ DATABASE_URL }, async sql => {
      const wrong = await sql`
        select user_id from library_counts
        group by user_id
        having sum(items) <> (select count(*) from user_content_saves s where s.user_id = library_counts.user_id)`
      expect(wrong).toHaveLength(0)
      expect(await sql`select from pg_sequences where schemaname in ('public', 'pgboss')`).toHaveLength(0)
    })

    const again = await move(DATABASE_URL)
    expect(again).toMatchObject({
      code: 1,
      printed: expect.stringContaining('people and saves in it already'),
    })
  })
})
