// The keys of access tokens: rotation, revocation, and what other processes know of it.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { setTimeout as delay } from 'node:timers/promises'
import { clientSecrets } from '../../src/accounts/clients/secrets.ts'
import { signingKeySecrets } from '../../src/accounts/keys/key-ring.ts'
import { resealAccounts } from '../../src/accounts/keys/reseal.ts'
import { createApp } from '../../src/app.ts'
import type { Context } from '../../src/context.ts'
import { type Client, clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { openSecond } from '../support/second-process.ts'

let trove: Trove
let admin: User
/** As if another process. */
let there: Client
let context: Context
let closeThere: () => Promise<void>
beforeAll(async () => {
  trove = await startTrove()
  admin = await trove.register()
  await trove.database.sql`update users set role = 'admin' where id = ${admin.id}`
  const second = await openSecond(trove)
  context = second.context
  const { app, close } = createApp(second.context)
  there = clientOf(request => app.handle(request))
  closeThere = async () => {
    await close()
    await second.close()
  }
})
afterAll(async () => {
  await closeThere()
  await trove.stop()
})

const kidOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid
const meWith = async (token: string, client: Client = trove) =>
  (await client.get('/v1/auth/me', { authorization: `Bearer ${token}` })).status
const signIn = async (user: User, client: Client = trove) =>
  (await client.post('/v1/auth/login', { email: user.email, password: user.password })).body

describe('a rotation', () => {
  test('is for admins', async () => {
    const user = await trove.register()
    expect((await user.post('/v1/auth/keys/rotate')).status).toBe(403)
    expect((await user.get('/v1/auth/keys')).status).toBe(403)
  })

  test('lets the key of before verify what it has signed, and shows no secret', async () => {
    const first = await signIn(admin)
    const { status, body } = await admin.post('/v1/auth/keys/rotate')
    expect(status).toBe(200)
    expect(body.keys.map((key: { status: string }) => key.status)).toEqual(['next', 'active'])
    expect(body.keys[1].source).toBe('environment')
    expect(JSON.stringify(body)).not.toMatch(/secret|v1\./)
    await trove.database.sql`update signing_keys set active_from = now() where ends_at is null`
    await trove.database.sql`select pg_notify('trove_signing_keys', '')`
    let second = await signIn(admin)
    while (kidOf(second.access_token) === kidOf(first.access_token)) {
      await delay(20)
      second = await signIn(admin)
    }
    for (const client of [trove, there]) {
      expect([await meWith(first.access_token, client), await meWith(second.access_token, client)]).toEqual([
        200, 200,
      ])
    }
  })

  test('that revokes ends all tokens of before, in every process, and refresh tokens go on', async () => {
    const { access_token, refresh_token } = await signIn(admin)
    expect([await meWith(access_token), await meWith(access_token, there)]).toEqual([200, 200])
    const asked = performance.now()
    const answer = await trove.post(
      '/v1/auth/keys/rotate',
      { revoke_previous: true },
      { authorization: `Bearer ${access_token}` },
    )
    expect(answer.status).toBe(200)
    for (const client of [trove, there]) {
      while ((await meWith(access_token, client)) === 200 && performance.now() - asked < 10_000)
        await delay(5)
      expect(await meWith(access_token, client)).toBe(401)
    }
    const next = await trove.post('/v1/auth/refresh', { refresh_token })
    expect(next.status).toBe(200)
    expect([await meWith(next.body.access_token), await meWith(next.body.access_token, there)]).toEqual([
      200, 200,
    ])
  })
})

test('a token of a key that nobody knows is refused', async () => {
  const [, claims, signature] = (await signIn(admin)).access_token.split('.')
  for (const kid of ['unknown', '', '../../dev/null', "' or 1=1"]) {
    const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid, typ: 'JWT' })).toString('base64url')
    expect(await meWith(`${header}.${claims}.${signature}`)).toBe(401)
  }
})

test('a start with another ENCRYPTION_KEY seals anew what the one of before has sealed', async () => {
  const { access_token } = await signIn(admin)
  const { body: made } = await trove.post(
    '/v1/integrations/clients',
    { client_name: 'Importer' },
    { authorization: `Bearer ${access_token}` },
  )
  const config = {
    ...trove.context.config,
    ENCRYPTION_KEY: 'a key of today, for tests',
    ENCRYPTION_KEY_PREVIOUS: trove.context.config.JWT_SECRET_KEY,
  }
  await resealAccounts({ ...trove.context, config })
  const { sql } = trove.database
  const [client] = await sql`select id, secret_sealed from api_clients where id = ${made.client_id}`
  const today = { ENCRYPTION_KEY: config.ENCRYPTION_KEY } as never
  expect(clientSecrets.open(today, [client!.id], client!.secret_sealed)).toBe(made.client_secret)
  for (const { id, secret_sealed } of await sql`select id, secret_sealed from signing_keys`) {
    if (secret_sealed) expect(signingKeySecrets.open(today, [id], secret_sealed)).toHaveLength(64)
  }
  // Back again, for the tests after this one.
  const { ENCRYPTION_KEY: ENCRYPTION_KEY_PREVIOUS, ENCRYPTION_KEY_PREVIOUS: ENCRYPTION_KEY } = config
  await resealAccounts({ ...trove.context, config: { ...config, ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS } })
})

test('a JWT_SECRET_KEY that the database has not met ends what others have signed', async () => {
  const { access_token } = await signIn(admin)
  const replaced = {
    ...context,
    config: {
      ...context.config,
      JWT_SECRET_KEY: 'another secret for tests, of more than 32 bytes',
      ENCRYPTION_KEY_PREVIOUS: context.config.JWT_SECRET_KEY,
    },
  }
  const { app, close } = createApp(replaced)
  const client = clientOf(request => app.handle(request))
  expect(await meWith(access_token, client)).toBe(401)
  const own = await signIn(admin, client)
  expect(await meWith(own.access_token, client)).toBe(200)
  await close()
})
