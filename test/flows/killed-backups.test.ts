// A worker that vanishes in the middle of a backup: whoever takes the job up makes it whole, and nothing half is left. It is
// stopped where it waits for a table that is held here. Separate processes on one database, so this needs a real server.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { countRows } from '../../src/operations/backups/backup-file.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { usesRealPostgres } from '../support/database.ts'
import { type Runtime, startProcess } from '../support/process.ts'

describe.if(usesRealPostgres)('a worker', () => {
  let trove: Trove
  let admin: User
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trove-backing-'))
    trove = await startTrove({ ROLE: 'api', DATA_DIR: folder })
    admin = await trove.register()
    await trove.database.sql`update users set role = 'admin' where id = ${admin.id}`
  })
  afterAll(async () => {
    await trove.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const startWorker = (runtime: Runtime = 'bun') =>
    startProcess(
      {
        ...trove.database.settings,
        DATA_DIR: folder,
        ROLE: 'worker',
        MODELS: 'local',
        LOG_LEVEL: 'warn',
      },
      runtime,
    )
  const files = () => readdirSync(join(folder, 'backups'))
  const statusOf = async (id: string) => (await admin.get(`/v1/backups/${id}`)).body.status

  test('that is killed at the first, a middle or the last table is made up for', async () => {
    const { sql } = trove.database
    const { body } = await admin.post('/v1/backups')
    for (const [i, table] of ['public.api_clients', 'public.sessions', 'pgboss.job_dependency'].entries()) {
      const worker = startWorker(i % 2 ? 'bun' : 'deno')
      await sql.begin(async tx => {
        await tx.unsafe(`lock table ${table} in access exclusive mode`)
        for (;;) {
          const waiting = await sql`
            select from pg_locks where not granted and relation = ${table}::regclass`
          if (waiting.length > 0) break
          await delay(10)
        }
        worker.child.kill('SIGKILL')
        await worker.exit
      })
      expect(await statusOf(body.id)).toBe('PROCESSING')
      expect(files().filter(name => name.endsWith('.gz'))).toEqual([])
      // As if it had been silent for long: the next try is due at once.
      await sql`update pgboss.job set state = 'retry', retry_count = 0, start_after = now() where name = 'make-backup'`
    }
    const last = startWorker('deno')
    while ((await statusOf(body.id)) !== 'READY') await delay(20)
    last.child.kill('SIGKILL')
    await last.exit
    expect(files()).toEqual([`trove-${body.id}.jsonl.gz`])
    expect((await countRows(join(folder, 'backups', files()[0]!)))['public.users']).toBe(1)
    expect((await admin.post(`/v1/backups/${body.id}/verify`)).body.valid).toBe(true)
  }, 120_000)
})
