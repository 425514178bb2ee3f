// Who may make an account, and the first admin.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { makeFirstAdmin } from '../../src/accounts/users/first-admin.ts'
import { createApp } from '../../src/app.ts'
import { type Client, clientOf, startTrove, type Trove, type User } from '../support/app.ts'

let trove: Trove
let admin: User
const closing: (() => Promise<void>)[] = []
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'false' })
})
afterAll(async () => {
  for (const close of closing) await close()
  await trove.stop()
})

const password = 'correct horse battery staple'
const newEmail = () => `${crypto.randomUUID()}@example.com`

/** The server with other settings. */
function withSettings(settings: object): Client {
  const { app, close } = createApp({
    ...trove.context,
    config: { ...trove.context.config, ...settings },
  })
  closing.push(close)
  return clientOf(request => app.handle(request))
}
const register = (client: Client, more = {}) =>
  client.post('/v1/auth/register', { email: newEmail(), password, ...more })
const codeOf = ({ status, body }: { status: number; body: { error_code?: string } }) =>
  `${status} ${body.error_code ?? ''}`.trim()

test('the first account of a closed server can be made, by one of those who come at once', async () => {
  const closed = withSettings({ REGISTRATION: 'closed' })
  expect((await closed.get('/v1/auth/ways')).body.registration).toBe('open')
  const answers = await Promise.all([1, 2, 3].map(() => register(closed)))
  expect(answers.map(codeOf).sort()).toEqual(['201', '403 REGISTRATION_CLOSED', '403 REGISTRATION_CLOSED'])
  expect((await closed.get('/v1/auth/ways')).body.registration).toBe('closed')
  await trove.database.sql`delete from users`
})

describe('an invitation', () => {
  let invited: Client
  beforeAll(async () => {
    admin = await trove.register()
    await trove.database.sql`update users set role = 'admin' where id = ${admin.id}`
    invited = withSettings({ REGISTRATION: 'invite' })
  })
  const invite = async (body = {}) => (await admin.post('/v1/invitations', body)).body

  test('is needed where only who is invited may come, makes one account, and gives its role', async () => {
    expect(codeOf(await register(invited))).toBe('403 INVITATION_REQUIRED')
    const { token, invite_url, id } = await invite({ role: 'superuser' })
    expect(invite_url).toEndWith(`/library#invitation=${token}`)
    const answers = await Promise.all([1, 2].map(() => register(invited, { invitation: token })))
    expect(answers.map(codeOf).sort()).toEqual(['201', '403 INVALID_INVITATION'])
    expect(answers.find(({ status }) => status === 201)!.body.user.role).toBe('superuser')
    const list = await admin.get('/v1/invitations')
    expect(list.body.invitations[0]).toMatchObject({ id, used_at: expect.any(String) })
    expect(JSON.stringify(list.body)).not.toContain(token)
  })

  test('is not used up by a registration that fails', async () => {
    const { token } = await invite()
    expect(codeOf(await register(invited, { email: admin.email, invitation: token }))).toBe('400 EMAIL_TAKEN')
    expect(codeOf(await register(invited, { invitation: token }))).toBe('201')
  })

  test('that is unknown, taken back, too old or for somebody else is refused, where anybody may come, too', async () => {
    const email = newEmail()
    const [forOther, back, old] = [await invite({ email }), await invite(), await invite()]
    expect((await admin.send('DELETE', `/v1/invitations/${back.id}`)).status).toBe(204)
    await trove.database.sql`update invitations set expires_at = now() where id = ${old.id}`
    for (const invitation of ['tri_AAAA', 'x', forOther.token, back.token, old.token, `${old.token}A`]) {
      for (const client of [invited, trove]) {
        expect(codeOf(await register(client, { invitation }))).toBe('403 INVALID_INVITATION')
      }
    }
    expect(codeOf(await register(invited, { email, invitation: forOther.token }))).toBe('201')
  })

  test('counts while who gave it is an admin, since it may make another one', async () => {
    const { sql } = trove.database
    const { token } = await invite({ role: 'admin' })
    await sql`update users set role = 'normal' where id = ${admin.id}`
    expect(codeOf(await register(invited, { invitation: token }))).toBe('403 INVALID_INVITATION')
    await sql`update users set role = 'admin' where id = ${admin.id}`
    expect(codeOf(await register(invited, { invitation: token }))).toBe('201')
  })

  test('is the admins’ to give', async () => {
    const user = await trove.register()
    expect((await user.post('/v1/invitations', {})).status).toBe(403)
    expect((await user.get('/v1/invitations')).status).toBe(403)
  })
})

describe('the first admin', () => {
  const settings = { ADMIN_EMAIL: 'operator@example.com', ADMIN_PASSWORD: 'a password of the operator' }
  const start = () => makeFirstAdmin({ ...trove.context, config: { ...trove.context.config, ...settings } })
  const signIn = (password: string) => trove.post('/v1/auth/login', { email: settings.ADMIN_EMAIL, password })

  test('is made once by many starts at once, and not while there is one', async () => {
    await trove.database.sql`update users set role = 'normal'`
    await Promise.all([start(), start(), start()])
    expect((await signIn(settings.ADMIN_PASSWORD)).body.user.role).toBe('admin')
    await trove.database.sql`delete from users where email = ${settings.ADMIN_EMAIL}`
    await trove.database.sql`update users set role = 'admin' where id = ${admin.id}`
    await start()
    expect((await signIn(settings.ADMIN_PASSWORD)).status).toBe(401)
  })

  test('of an email that somebody has registered gets the operator’s password, and ends what they have', async () => {
    await trove.database.sql`update users set role = 'normal'`
    const { sql } = trove.database
    const squatter = await trove.register(settings.ADMIN_EMAIL)
    const { token } = (await squatter.post('/v1/auth/tokens', { name: 'script', scopes: ['read'] })).body
    await sql`update users set role = 'admin' where id = ${admin.id}`
    const signedIn = await trove.post('/v1/auth/login', { email: admin.email, password: admin.password })
    const program = await trove.send('POST', '/v1/integrations/clients', {
      body: JSON.stringify({ client_name: 'program', permissions: ['read'], acts_as_user_id: squatter.id }),
      headers: {
        authorization: `Bearer ${signedIn.body.access_token}`,
        'content-type': 'application/json',
      },
    })
    await sql`
      insert into sign_in_identities (identity_hash, account_id, issuer)
      values ('x', ${squatter.id}, 'https://provider.example.com')`
    await sql`
      insert into password_resets (user_id, token_hash, expires_at)
      values (${squatter.id}, 'x', now() + interval '1 hour')`
    await sql`update users set role = 'normal'`
    const programs: Record<string, string>[] = [
      { authorization: `Bearer ${token}` },
      { 'x-api-key': program.body.api_key },
    ]
    const asked = async () => {
      const statuses: number[] = []
      for (const headers of programs) statuses.push((await trove.get('/v1/items', headers)).status)
      return statuses
    }
    expect(await asked()).toEqual([200, 200])
    await start()
    expect(await asked()).toEqual([401, 401])
    const left = await sql`
      select account_id from sign_in_identities where account_id = ${squatter.id}
      union all select user_id from password_resets where user_id = ${squatter.id}`
    expect(left).toHaveLength(0)
    expect((await squatter.get('/v1/auth/me')).status).toBe(401)
    expect((await signIn(squatter.password)).status).toBe(401)
    expect((await signIn(settings.ADMIN_PASSWORD)).body.user.role).toBe('admin')
  })
})
