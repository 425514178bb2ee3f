// What accounts promise, on this runtime and this database: sessions, links, keys, programs, privacy, backups, row security.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import sweepAccounts from '#jobs/sweep-accounts'
import { actingAs, secureRows } from '../../src/ground/database/row-security.ts'
import { TABLES } from '../../src/rooms.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'

const NEW_PASSWORD = 'another horse, another battery'

let folder: string
let trove: Trove
let admin: User
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trove-accounts-'))
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'false', DATA_DIR: folder, GDPR_GRACE_DAYS: '0' })
  admin = await trove.register()
  await trove.database.sql`update users set role = 'admin' where id = ${admin.id}`
  // Somebody must be left when the other goes.
  const second = await trove.register()
  await trove.database.sql`update users set role = 'admin' where id = ${second.id}`
  await trove.work()
})
after(async () => {
  await trove.stop()
  rmSync(folder, { recursive: true, force: true })
})

const signIn = async ({ email, password }: { email: string; password: string }) =>
  (await trove.post('/v1/auth/login', { email, password })).body
const refresh = (refresh_token: string) => trove.post('/v1/auth/refresh', { refresh_token })
const meWith = async (token: string) =>
  (await trove.get('/v1/auth/me', { authorization: `Bearer ${token}` })).status
const json = (body: unknown) => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

describe('accounts on every runtime and database', () => {
  test('fifty refreshes at once give one next token, and the same token later ends the session', async () => {
    const user = await trove.register()
    const { refresh_token, access_token } = await signIn(user)
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refresh_token)))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
    assert.equal(new Set(answers.map(({ body }) => body.refresh_token)).size, 1)
    await trove.database.sql`
      update sessions set rotated_at = rotated_at - interval '11 seconds' where user_id = ${user.id}`
    assert.equal((await refresh(refresh_token)).body.error_code, 'REFRESH_REUSED')
    assert.equal(await meWith(access_token), 401)
  })

  test('of two who use one reset link one sets the password, and old tokens count no more', async () => {
    const user = await trove.register()
    const { body } = await admin.post(`/v1/users/${user.id}/password-reset`)
    const token = body.reset_url.split('=')[1]
    const confirm = () => trove.post('/v1/auth/password/reset/confirm', { token, new_password: NEW_PASSWORD })
    const answers = await Promise.all([confirm(), confirm()])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 400])
    assert.equal(await meWith(user.token), 401)
    assert.equal(await meWith((await signIn({ ...user, password: NEW_PASSWORD })).access_token), 200)
  })

  test('roles, scopes and bad input are refused as they should be', async () => {
    const user = await trove.register()
    const { body } = await user.post('/v1/auth/tokens', { name: 'Script', scopes: ['save'] })
    const script = { authorization: `Bearer ${body.token}` }
    const asked: [number, Promise<{ status: number }>][] = [
      [403, user.get('/v1/users')],
      [403, user.get(`/v1/users/${admin.id}`)],
      [403, user.send('PUT', `/v1/users/${user.id}`, json({ role: 'admin' }))],
      [403, trove.get('/v1/items', script)],
      [403, trove.get('/v1/auth/sessions', script)],
      [422, user.send('PUT', `/v1/users/${user.id}/preferences`, json({ text: 'a\0b' }))],
      [422, trove.post('/v1/auth/register', { email: 'a@example.com', password: 'x'.repeat(129) })],
      [422, admin.send('PATCH', `/v1/users/${user.id}`, json({ role: 'owner' }))],
      [422, admin.send('PUT', '/v1/config', json({ backup_path: '../..' }))],
      [413, user.send('PATCH', '/v1/auth/me', json({ full_name: 'x'.repeat(3_000_000) }))],
    ]
    const wrong: string[] = []
    for (const [i, [expected, answer]] of asked.entries()) {
      const { status } = await answer
      if (status !== expected) wrong.push(`${i}: ${status} instead of ${expected}`)
    }
    assert.deepEqual(wrong, [])
  })

  test('an export holds what is one’s own, and an erasure leaves nothing of it', async () => {
    const mark = `mark${Date.now()}`
    const user = await trove.register(`${mark}@example.com`)
    await user.post('/v1/items', { url: `https://youtu.be/aaaaaaaaaa1`, raw_share_text: `${mark} note` })
    await user.send('PATCH', '/v1/auth/me', json({ full_name: `${mark} name` }))
    const exported = JSON.stringify((await user.get('/v1/auth/gdpr/data-export')).body)
    for (const part of [`${mark}@example.com`, `${mark} note`, `${mark} name`])
      assert.ok(exported.includes(part))
    assert.ok(!exported.includes(admin.email))
    const asked = await user.post('/v1/auth/gdpr/data-deletion', { password: user.password })
    assert.equal(asked.status, 202)
    const { sql } = trove.database
    const isDone = async () => (await sql`select from users where id = ${user.id}`).length === 0
    while (!(await isDone())) await delay(20)
    const left: string[] = []
    for (const table of Object.keys(TABLES)) {
      const rows = await sql<{ text: string }[]>`select t::text as text from ${sql(table)} t`
      if (rows.some(({ text }) => text.includes(mark) || text.includes(user.id))) left.push(table)
    }
    assert.deepEqual(left, [])
  })

  test('a backup is made, found whole, and handed out', async () => {
    const { body } = await admin.post('/v1/backups')
    const statusOf = async () => (await admin.get(`/v1/backups/${body.id}`)).body.status
    while ((await statusOf()) !== 'READY') await delay(20)
    assert.equal((await admin.post(`/v1/backups/${body.id}/verify`)).body.valid, true)
    const file = await trove.handle(
      new Request(`http://localhost/v1/backups/${body.id}/download`, {
        headers: { authorization: `Bearer ${admin.token}` },
      }),
    )
    assert.ok((await file.arrayBuffer()).byteLength > 1000)
  })

  test('who acts as a user sees no other, and nothing of it stays with the connection', async () => {
    const { sql } = trove.database
    assert.equal(await secureRows(sql), true)
    await sql.begin(tx =>
      actingAs(tx, admin.id, async () => {
        for (const [name, { of }] of Object.entries(TABLES)) {
          if (of !== 'user') continue
          const rows = await tx<{ user_id: string }[]>`select user_id from ${tx(name)}`
          assert.deepEqual([name, rows.filter(({ user_id }) => user_id !== admin.id).length], [name, 0])
        }
      }),
    )
    await sql.begin(async tx => {
      await tx`set local role trove_rows`
      assert.equal((await tx`select from libraries`).length, 0)
    })
    const [state] = await sql`select current_user = session_user as is_itself`
    assert.equal(state!.is_itself, true)
  })

  test('what has ended by itself is swept', async () => {
    const user = await trove.register()
    const { sql } = trove.database
    await sql`update sessions set expires_at = now() - interval '1 minute' where user_id = ${user.id}`
    const [effect] = await sweepAccounts.run([{}], trove.context)
    assert.equal(typeof effect, 'function')
    assert.equal((await sql`select from sessions where user_id = ${user.id}`).length, 0)
  })

  // Last: it ends all that was signed before.
  test('a key that revokes ends the tokens of before, and refresh tokens go on', async () => {
    const { access_token, refresh_token } = await signIn(admin)
    const authorization = `Bearer ${access_token}`
    const rotated = await trove.post('/v1/auth/keys/rotate', { revoke_previous: true }, { authorization })
    assert.equal(rotated.status, 200)
    while ((await meWith(access_token)) === 200) await delay(5)
    assert.equal(await meWith(access_token), 401)
    const next = await refresh(refresh_token)
    assert.deepEqual([next.status, await meWith(next.body.access_token)], [200, 200])
  })
})
