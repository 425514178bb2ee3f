// Sessions, and the tokens that continue and end them.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import { EVENT_CHANNEL } from '../../src/notifications/events/store.ts'
import { clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { openEvents } from '../support/events.ts'
import { openSecond } from '../support/second-process.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

const DAY = 86_400

const signIn = async (user: User, more = {}) => {
  const { status, body } = await trove.post('/v1/auth/login', {
    email: user.email,
    password: user.password,
    ...more,
  })
  expect(status).toBe(200)
  return body
}
const refresh = (refresh_token: string) => trove.post('/v1/auth/refresh', { refresh_token })
const statusWith = async (token: string, on: { get: Trove['get'] } = trove) =>
  (await on.get('/v1/auth/me', { authorization: `Bearer ${token}` })).status

describe('a refresh', () => {
  test('gives the next tokens, which name the same session', async () => {
    const { refresh_token, access_token } = await signIn(await trove.register())
    const { status, body } = await refresh(refresh_token)
    expect(status).toBe(200)
    expect(body.refresh_token).not.toBe(refresh_token)
    const sid = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).sid
    expect(sid(body.access_token)).toBe(sid(access_token))
    expect(await statusWith(body.access_token)).toBe(200)
  })

  test('of one token by fifty at once gives all of them the same next one', async () => {
    const { refresh_token } = await signIn(await trove.register())
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refresh_token)))
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200))
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1)
  })

  test('by a token that was replaced more than ten seconds ago ends the session, and is recorded', async () => {
    const user = await trove.register()
    const first = await signIn(user)
    const next = (await refresh(first.refresh_token)).body
    await trove.database.sql`
      update sessions set rotated_at = rotated_at - interval '11 seconds' where user_id = ${user.id}`
    const again = await refresh(first.refresh_token)
    expect([again.status, again.body.error_code]).toEqual([401, 'REFRESH_REUSED'])
    expect(again.headers.get('www-authenticate')).toBe('Bearer')
    expect((await refresh(next.refresh_token)).body.error_code).toBe('INVALID_REFRESH_TOKEN')
    expect(await statusWith(next.access_token)).toBe(401)
    const entries = await trove.database.sql`
      select action from audit_entries where user_id = ${user.id} and action = 'refresh_reused'`
    expect(entries).toHaveLength(1)
    // Only that session: the one of the registration goes on.
    expect(await statusWith(user.token)).toBe(200)
  })

  test('by a token of two refreshes ago ends the session, however soon', async () => {
    const first = await signIn(await trove.register())
    const second = (await refresh(first.refresh_token)).body
    await refresh(second.refresh_token)
    expect((await refresh(first.refresh_token)).body.error_code).toBe('REFRESH_REUSED')
  })

  test('needs no bearer, and is not refused for one that has ended', async () => {
    const { refresh_token } = await signIn(await trove.register())
    const { status } = await trove.post(
      '/v1/auth/refresh',
      { refresh_token },
      { authorization: 'Bearer ended' },
    )
    expect(status).toBe(200)
  })

  test.each(['', 'trr_', 'trr_AAAA', 'not a token', 'trp_AAAA'])('by %p is refused', async token => {
    const { status, body } = await refresh(token)
    expect([status, body.error_code]).toEqual([401, 'INVALID_REFRESH_TOKEN'])
  })

  test('by a token of which one byte is another is refused', async () => {
    const { refresh_token } = await signIn(await trove.register())
    const bytes = Buffer.from(refresh_token.slice(4), 'base64url')
    for (const at of [0, 16, 35, 36, bytes.length - 1]) {
      const other = Buffer.from(bytes)
      other[at]! ^= 1
      expect((await refresh(`trr_${other.toString('base64url')}`)).status).toBe(401)
    }
    expect((await refresh(refresh_token)).status).toBe(200)
  })
})

describe('a session', () => {
  test('lasts a week, or thirty days for who is remembered, and ninety at most', async () => {
    const user = await trove.register()
    expect((await signIn(user)).refresh_expires_in).toBe(7 * DAY)
    const remembered = await signIn(user, { remember_me: true })
    expect([remembered.refresh_expires_in, remembered.expires_in]).toEqual([30 * DAY, 7 * DAY])
    await trove.database.sql`
      update sessions set created_at = created_at - interval '80 days' where user_id = ${user.id} and remembers`
    const { body } = await refresh(remembered.refresh_token)
    expect(body.refresh_expires_in).toBeLessThanOrEqual(10 * DAY)
    expect(body.refresh_expires_in).toBeGreaterThan(9 * DAY)
  })

  test('ends its access tokens with it, however long they would live', async () => {
    const user = await trove.register()
    await trove.database.sql`
      update sessions set expires_at = now() + interval '1 hour', created_at = now() - interval '90 days' + interval '1 hour'
      where user_id = ${user.id}`
    expect(await statusWith(user.token)).toBe(200)
    await trove.database.sql`update sessions set expires_at = now() where user_id = ${user.id}`
    expect(await statusWith(user.token)).toBe(401)
  })

  test('has access tokens of as many minutes as are configured', async () => {
    const { app, close } = createApp({
      ...trove.context,
      config: { ...trove.context.config, ACCESS_TOKEN_MINUTES: 15 },
    })
    const user = await trove.register()
    const { body } = await clientOf(request => app.handle(request)).post('/v1/auth/login', {
      email: user.email,
      password: user.password,
    })
    expect([body.expires_in, body.refresh_expires_in]).toEqual([900, 7 * DAY])
    await close()
  })

  test('is shown with its device, and ended from another', async () => {
    const user = await trove.register()
    const phone = await trove.post(
      '/v1/auth/login',
      { email: user.email, password: user.password },
      { 'user-agent': 'A phone' },
    )
    const { body } = await user.get('/v1/auth/sessions')
    expect(body.total).toBe(2)
    const other = body.sessions.find((session: { is_current: boolean }) => !session.is_current)
    expect(other.user_agent).toBe('A phone')
    expect((await user.send('DELETE', `/v1/auth/sessions/${other.id}`)).status).toBe(204)
    expect(await statusWith(phone.body.access_token)).toBe(401)
    expect((await user.send('DELETE', `/v1/auth/sessions/${other.id}`)).status).toBe(404)
    expect((await user.get('/v1/auth/sessions')).body.total).toBe(1)
  })

  test('of somebody else is not found', async () => {
    const [alice, bob] = [await trove.register(), await trove.register()]
    const { body } = await bob.get('/v1/auth/sessions')
    expect((await alice.send('DELETE', `/v1/auth/sessions/${body.sessions[0].id}`)).status).toBe(404)
    expect(await statusWith(bob.token)).toBe(200)
  })
})

describe('signing out', () => {
  test('ends this session at once, in every process, and no other', async () => {
    const user = await trove.register()
    const here = await signIn(user)
    const second = await openSecond(trove)
    const there = createApp(second.context)
    const elsewhere = clientOf(request => there.app.handle(request))
    expect(await statusWith(here.access_token, elsewhere)).toBe(200)
    const { status, body } = await trove.post('/v1/auth/logout', undefined, {
      authorization: `Bearer ${here.access_token}`,
    })
    expect([status, body]).toEqual([200, { message: 'Successfully logged out' }])
    expect(await statusWith(here.access_token, elsewhere)).toBe(401)
    expect((await refresh(here.refresh_token)).status).toBe(401)
    expect(await statusWith(user.token)).toBe(200)
    await there.close()
    await second.close()
  })

  test('everywhere ends all of them', async () => {
    const user = await trove.register()
    const here = await signIn(user)
    expect((await user.post('/v1/auth/logout', { all: true })).status).toBe(200)
    expect([await statusWith(here.access_token), await statusWith(user.token)]).toEqual([401, 401])
  })
})

describe('a stream of events', () => {
  test('ends with the session that opened it, before the next event', async () => {
    const user = await trove.register()
    const session = await signIn(user)
    const stream = await openEvents(trove.handle, { token: session.access_token })
    const others = await openEvents(trove.handle, { token: user.token })
    await trove.post('/v1/auth/logout', undefined, { authorization: `Bearer ${session.access_token}` })
    const { sql } = trove.database
    await sql`insert into events (user_id, seq, type, data) values (${user.id}, 1, 'clusters.updated', '{}')`
    await sql`select pg_notify(${EVENT_CHANNEL}, ${user.id})`
    expect(await stream.next()).toBeUndefined()
    expect((await others.next())?.type).toBe('clusters.updated')
    await others.close()
  })
})

describe('a revoked token', () => {
  test('ends its session, be it an access or a refresh token', async () => {
    for (const of of ['access_token', 'refresh_token']) {
      const user = await trove.register()
      const session = await signIn(user)
      expect((await trove.post('/v1/auth/tokens/revoke', { token: session[of] })).status).toBe(204)
      expect(await statusWith(session.access_token)).toBe(401)
      expect((await refresh(session.refresh_token)).status).toBe(401)
      expect(await statusWith(user.token)).toBe(200)
    }
  })

  test('that is a personal one ends by itself', async () => {
    const user = await trove.register()
    const { body } = await user.post('/v1/auth/tokens', { name: 'Script', scopes: ['read'] })
    const ask = () => trove.get('/v1/items', { authorization: `Bearer ${body.token}` })
    expect((await ask()).status).toBe(200)
    const other = `${body.token.slice(0, -2)}${body.token.endsWith('AA') ? 'BB' : 'AA'}`
    await trove.post('/v1/auth/tokens/revoke', { token: other })
    expect((await ask()).status).toBe(200)
    expect((await trove.post('/v1/auth/tokens/revoke', { token: body.token })).status).toBe(204)
    expect([(await ask()).status, await statusWith(user.token)]).toEqual([401, 200])
  })

  test('that is unknown is answered alike', async () => {
    for (const token of ['', 'nonsense', 'trr_AAAA', 'a.b.c']) {
      expect((await trove.post('/v1/auth/tokens/revoke', { token })).status).toBe(204)
    }
  })
})

test('an account that is disabled is signed out at once, and told so when it signs in with its password', async () => {
  const user = await trove.register()
  await trove.database.sql`update users set is_active = false where id = ${user.id}`
  expect(await statusWith(user.token)).toBe(401)
  const right = await trove.post('/v1/auth/login', { email: user.email, password: user.password })
  expect([right.status, right.body.error_code]).toEqual([403, 'ACCOUNT_DISABLED'])
  const wrong = await trove.post('/v1/auth/login', { email: user.email, password: 'not the password' })
  expect(wrong.status).toBe(401)
})

test('a hash by a key of before is made anew at the next sign-in', async () => {
  const user = await trove.register()
  const { sql } = trove.database
  const hashOf = async () =>
    (await sql`select password_hash from users where id = ${user.id}`)[0]!.password_hash
  const { app, close } = createApp({
    ...trove.context,
    config: {
      ...trove.context.config,
      ENCRYPTION_KEY: 'another key, of today',
      ENCRYPTION_KEY_PREVIOUS: trove.context.config.ENCRYPTION_KEY,
    },
  })
  const before = await hashOf()
  const client = clientOf(request => app.handle(request))
  const login = () => client.post('/v1/auth/login', { email: user.email, password: user.password })
  expect((await login()).status).toBe(200)
  const after = await hashOf()
  expect(after.slice(0, 12)).not.toBe(before.slice(0, 12))
  expect((await login()).status).toBe(200)
  expect(await hashOf()).toBe(after)
  await close()
})
