// Backups by the API: made, read, looked at, and put into an empty database.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countRows } from '../../src/operations/backups/backup-file.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { openTestDatabase, type TestDatabase, usesRealPostgres } from '../support/database.ts'
import { readRows, runScript } from './run-script.ts'

let folder: string
let trove: Trove
let admin: User
let place: Record<string, string>
let target: TestDatabase | undefined
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trove-backups-'))
  trove = await startTrove({ DATA_DIR: join(folder, 'data'), RATE_LIMIT_ENABLED: 'false' })
  admin = await trove.register()
  await trove.database.sql`update users set role = 'admin' where id = ${admin.id}`
  const odd = 'Käse 🧀 \\N \\. \t tab \r\n "quotes" العربية \\\\ end'
  await admin.post('/v1/items', { url: 'https://youtu.be/dQw4w9WgXcQ', raw_share_text: odd })
  await admin
    .post('/v1/webhooks/register', { url: 'https://example.com/hook', events: ['content.ready'] })
    .catch(() => {})
  await trove.work()
  target = usesRealPostgres ? await openTestDatabase() : undefined
  place = {
    DATA_DIR: join(folder, 'restored'),
    ...(target ? { DATABASE_URL: target.settings.DATABASE_URL! } : {}),
  }
})
afterAll(async () => {
  await trove.stop()
  await target?.close()
  rmSync(folder, { recursive: true, force: true })
})

const files = () => join(trove.context.config.DATA_DIR, 'backups')

async function make(): Promise<{ id: string; job_id: string }> {
  const { status, body, headers } = await admin.post('/v1/backups')
  expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([202, 'application/json'])
  return body
}

// biome-ignore lint/suspicious/noExplicitAny: a test asserts what it reads
async function untilDone(id: string): Promise<any> {
  for (;;) {
    const { body } = await admin.get(`/v1/backups/${id}`)
    if (body.status === 'READY' || body.status === 'FAILED') return body
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

describe('a backup', () => {
  test('is a job of the admin’s, whole, readable by its owner alone, and downloaded as it was written', async () => {
    const { id, job_id } = await make()
    const second = await admin.post('/v1/backups')
    if (second.status !== 202) expect(second.body.error_code).toBe('BACKUP_RUNNING')
    const backup = await untilDone(id)
    expect(backup).toMatchObject({ status: 'READY', error_message: null, created_by: admin.id })
    const job = await admin.get(`/v1/jobs/${job_id}`)
    expect(job.body).toMatchObject({ type: 'make-backup', status: 'READY', progress: 100 })
    const [name] = readdirSync(files()).filter(name => name.includes(id))
    expect(statSync(join(files(), name!)).mode & 0o777).toBe(0o600)
    const answer = await trove.handle(
      new Request(`http://localhost/v1/backups/${id}/download`, {
        headers: { authorization: `Bearer ${admin.token}` },
      }),
    )
    const bytes = new Uint8Array(await answer.arrayBuffer())
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(backup.sha256!)
    expect(answer.headers.get('content-disposition')).toContain(name!)
    expect(bytes.length).toBe(backup.bytes!)
    expect(backup.counts['public.users']).toBe(1)
  })

  test('is found whole, and no longer when one byte is another, when it is cut off, or gone', async () => {
    const { id } = await make()
    await untilDone(id)
    const verify = async () => (await admin.post(`/v1/backups/${id}/verify`)).body
    expect(await verify()).toEqual({
      valid: true,
      checks: ['file', 'checksum', 'rows'].map(check => ({ check, ok: true })),
    })
    const path = join(files(), `trove-${id}.jsonl.gz`)
    const whole = readFileSync(path)
    const flipped = Buffer.from(whole)
    flipped[flipped.length >> 1]! ^= 1
    writeFileSync(path, flipped)
    expect(await verify()).toMatchObject({
      valid: false,
      checks: [{ ok: true }, { check: 'checksum', ok: false }],
    })
    await expect(countRows(path)).rejects.toThrow(/damaged|cut off|not those/)
    writeFileSync(path, whole.subarray(0, whole.length - 40))
    expect(await verify()).toMatchObject({ valid: false, checks: [{ check: 'file', ok: false }] })
    await expect(countRows(path)).rejects.toThrow(/damaged|cut off/)
    rmSync(path)
    expect((await verify()).valid).toBe(false)
    expect((await admin.get(`/v1/backups/${id}/download`)).status).toBe(404)
    expect((await admin.send('DELETE', `/v1/backups/${id}`)).status).toBe(204)
    expect((await admin.get(`/v1/backups/${id}`)).status).toBe(404)
  })

  test('removes what a try before it has left, and fails with a sentence where it cannot be written', async () => {
    const left = join(files(), 'trove-0.jsonl.gz.partial')
    writeFileSync(left, 'half')
    await untilDone((await make()).id)
    expect(readdirSync(files()).filter(name => name.endsWith('.partial'))).toEqual([])
  })

  test('is the admins’ alone', async () => {
    const user = await trove.register()
    const asked = [
      user.get('/v1/backups'),
      user.post('/v1/backups'),
      user.get(`/v1/backups/${crypto.randomUUID()}/download`),
    ]
    for (const { status } of await Promise.all(asked)) expect(status).toBe(403)
    expect((await admin.get('/v1/backups/..%2Fsecrets.json/download')).status).toBe(422)
    await trove.database.sql`delete from users where id = ${user.id}`
  })
})

test('restored into an empty database, every row of every table is as it was', async () => {
  const { id } = await make()
  await untilDone(id)
  const path = join(files(), `trove-${id}.jsonl.gz`)
  const restored = await runScript('scripts/restore.ts', [path], place)
  expect([restored.code, restored.printed]).toEqual([0, expect.stringContaining('Restored what Trove')])
  const after = await readRows(place, ['public.rate_limits', 'public.thumbnails', 'public.backups'])
  const counts = await countRows(path)
  for (const [table, rows] of Object.entries(counts))
    expect([table, after[table]?.length]).toEqual([table, rows])
  // The embedded database is open here, and cannot be read from outside.
  if (usesRealPostgres) {
    const before = await readRows(trove.database.settings, [])
    for (const table of ['public.user_content_saves', 'public.users', 'public.sessions']) {
      expect([table, after[table]]).toEqual([table, before[table]!])
    }
  }
  const again = await runScript('scripts/restore.ts', [path], place)
  expect([again.code, again.printed]).toEqual([1, expect.stringContaining('an empty one')])
}, 120_000)
