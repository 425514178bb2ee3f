// A worker that vanishes in the middle of an erasure: whoever takes the job up finishes it. Each is stopped where it waits
// for a row that is held here, and killed there. Separate processes on one database, so this needs a real server.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { allTables, type FullUser, makeFullUser, personHashOf, textOf } from '../accounts/full-user.ts'
import { startTrove, type Trove } from '../support/app.ts'
import { usesRealPostgres } from '../support/database.ts'
import { type Runtime, startProcess } from '../support/process.ts'

describe.if(usesRealPostgres)('a worker', () => {
  let trove: Trove
  let alice: FullUser
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trove-erasing-'))
    trove = await startTrove({ ROLE: 'api', GDPR_GRACE_DAYS: '0' })
    Object.assign(trove.context.fetcher, { vet: async () => [] })
    alice = await makeFullUser(trove)
    await makeFullUser(trove)
  })
  afterAll(async () => {
    await trove.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const startWorker = (runtime: Runtime) =>
    startProcess(
      {
        ...trove.database.settings,
        DATA_DIR: folder,
        ROLE: 'worker',
        MODELS: 'local',
        LOG_LEVEL: 'info',
      },
      runtime,
    )

  test('that is killed at its saves, its audit entries, its jobs or at the account itself is made up for', async () => {
    const { sql } = trove.database
    // Nothing else for the workers to do, and so nothing else that waits.
    await sql`delete from pgboss.job where name not in ('dead-letter')`
    await sql`
      insert into pgboss.job (name, data, state)
      values ('place-save', ${sql.json({ user_id: alice.id })}, 'completed')`
    await alice.post('/v1/auth/gdpr/data-deletion', { password: alice.password })
    const places = [
      sql`select from user_content_saves where user_id = ${alice.id} for update`,
      sql`select from audit_entries where user_id = ${alice.id} for update`,
      sql`select from pgboss.job where name = 'place-save' for update`,
      sql`select from api_clients where acts_as_user_id = ${alice.id} for update`,
    ]
    for (const [i, place] of places.entries()) {
      const worker = startWorker(i % 2 ? 'bun' : 'deno')
      await sql.begin(async tx => {
        await tx`${place}`
        const [own] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
        for (;;) {
          const waiting = await sql`
            select from pg_stat_activity where ${own!.pid}::int = any (pg_blocking_pids(pid))`
          if (waiting.length > 0) break
          await delay(10)
        }
        worker.child.kill('SIGKILL')
        await worker.exit
      })
      // As if it had been silent for long: the next try is due at once.
      await sql`update pgboss.job set state = 'retry', retry_count = 0, start_after = now() where name = 'erase-user'`
    }
    const last = startWorker('deno')
    const isDone = async () => {
      const done = await sql`
        select from erasures where person_hash = ${personHashOf(alice.id)} and status = 'done'`
      return done.length > 0
    }
    while (!(await isDone())) await delay(20)
    last.child.kill('SIGKILL')
    await last.exit
    const left: string[] = []
    for (const table of await allTables(trove)) {
      const rows = await textOf(trove, table)
      left.push(
        ...rows.filter(row => alice.markers.some(it => row.includes(it))).map(row => `${table} ${row}`),
      )
    }
    expect(left).toEqual([])
    const [shared] = await sql<{ save_count: number; saves: number }[]>`
      select c.save_count, (select count(*) from user_content_saves where shared_content_id = c.id) as saves
      from shared_contents c where c.url like '%aaaaaaaaaaa'`
    expect({ ...shared }).toEqual({ save_count: 1, saves: 1 })
  }, 120_000)
})
