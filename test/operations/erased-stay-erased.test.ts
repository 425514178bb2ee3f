// An older backup brings nobody back who was erased since. Backed up while it is in use, hence a real Postgres.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { erase } from '../../src/accounts/privacy/erasure/erase.ts'
import { startTrove, type Trove } from '../support/app.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { readRows, runScript } from './run-script.ts'
import { LONG_MS } from './used-trove.ts'

describe.if(usesRealPostgres)('a restore', () => {
  let folder: string
  let trove: Trove
  const databases: TestDatabase[] = []
  const newPlace = async (DATA_DIR: string) => {
    const database = await openTestDatabase()
    databases.push(database)
    return { DATA_DIR, DATABASE_URL: database.settings.DATABASE_URL! }
  }
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trove-erased-'))
    trove = await startTrove()
    Object.assign(trove.context.fetcher, { vet: async () => [] })
    trove.context.config.DATA_DIR = folder
  })
  afterAll(async () => {
    for (const database of databases) await database.close()
    await trove.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test(
    'leaves out who was erased since, by the list beside the database or one that is given',
    async () => {
      const [alice] = [
        await trove.register('alice-mark@example.com'),
        await trove.register('bob-mark@example.com'),
      ]
      const item = { url: 'https://alice-mark.example.com/', raw_share_text: 'alice-mark' }
      expect((await alice.post('/v1/items', item)).status).toBe(201)
      const file = join(folder, 'before.tar')
      const source = { DATA_DIR: folder, ...trove.database.settings }
      expect((await runScript('scripts/backup.ts', [file], source)).code).toBe(0)
      trove.context.config.GDPR_GRACE_DAYS = 0
      const { body } = await alice.post('/v1/auth/gdpr/data-deletion', { password: alice.password })
      await trove.context.queue.begin(await erase(trove.context, body.request_id))

      const beside = await newPlace(folder)
      const elsewhere = await newPlace(join(folder, 'elsewhere'))
      const list = join(folder, 'erasures.log')
      const restored = await Promise.all([
        runScript('scripts/restore.ts', [file], beside),
        runScript('scripts/restore.ts', [file, '--erasures', list], elsewhere),
      ])
      for (const { code, printed } of restored) {
        expect([code, printed]).toEqual([0, expect.stringContaining('Erased again who was erased since: 1')])
      }
      for (const place of [beside, elsewhere]) {
        const rows = JSON.stringify(await readRows(place))
        expect([rows.includes('alice-mark'), rows.includes(alice.id)]).toEqual([false, false])
        expect(rows).toContain('bob-mark')
      }
      const unknown = await runScript('scripts/restore.ts', [file, '--erasures', `${list}-not`], elsewhere)
      expect([unknown.code, unknown.printed]).toEqual([1, expect.stringContaining('There is no file')])
    },
    LONG_MS,
  )
})
