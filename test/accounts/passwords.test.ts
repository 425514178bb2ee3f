// Which passwords are good enough, and how one is changed.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { strengthOf } from '../../src/accounts/passwords/strength.ts'
import { dropOldPepper } from '../../src/accounts/store.ts'
import { createApp } from '../../src/app.ts'
import { type Answer, type Client, clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { usesRealPostgres } from '../support/database.ts'
import { untilLocked } from '../support/locks.ts'
import { signToken } from '../support/token.ts'

const NEW = 'seven purple lanterns drift'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

const logIn = (email: string, password: string, client: Client = trove) =>
  client.post('/v1/auth/login', { email, password })
const change = (user: Client, current_password: string | undefined, new_password = NEW) =>
  user.post('/v1/auth/password', { current_password, new_password })
const bearer = (token: string): Client => clientOf(trove.handle, { authorization: `Bearer ${token}` })
const fieldOf = ({ status, body }: Answer) => [
  status,
  body.field_errors?.[0].loc[1],
  body.field_errors?.[0].type,
]

describe('a password', () => {
  test.each([
    ['password1', 'one of the commonest'],
    ['Iloveyou', 'one of the commonest, in capitals'],
    ['qwertyuiop', 'a row of keys'],
    ['aaaaaaaaaaaa', 'one letter'],
    ['P@$$w0rd!1', 'a common one in other signs'],
    ['alice.liddell@example.com', 'the email'],
    ['Alice.Liddell', 'the name in the email'],
  ])('%p is refused: it is %s', async password => {
    const answer = await trove.post('/v1/auth/register', { email: 'alice.liddell@example.com', password })
    expect(fieldOf(answer)).toEqual([422, 'password', 'password_strength'])
    expect(answer.body.field_errors[0].msg).toStartWith('is too easy to guess. ')
    expect(JSON.stringify(answer.body)).not.toContain(password)
  })

  test('is told how good it is, and nothing of it is kept', async () => {
    const validate = async (password: string, email?: string) =>
      (await trove.post('/v1/auth/password/validate', { password, email })).body
    expect(await validate(NEW)).toEqual({ valid: true, score: 4, feedback: [] })
    const weak = await validate('hunter2-weak', 'hunter2-weak@example.com')
    expect(weak).toEqual({ valid: false, score: expect.any(Number), feedback: expect.any(Array) })
    expect(weak.feedback[0]).toBe('Use something else than the email.')
    expect((await validate('Xk9$')).feedback[0]).toBe('Use at least 8 characters.')
    expect((await validate('', 'some')).valid).toBe(false)
    expect(fieldOf(await trove.post('/v1/auth/password/validate', { password: 'x'.repeat(129) }))).toEqual([
      422,
      'password',
      'max_length',
    ])
    expect(trove.logs.filter(line => line.includes('hunter2-weak') || line.includes('Xk9$'))).toEqual([])
  })

  test('of 128 characters of any kind is judged in moments', async () => {
    const kinds = [
      '0123456789',
      '4@8({[<3694#!1|i0$5+7%2',
      '1999-12-31 ',
      'ab1$',
      'vv\\/\\/|\\|()',
      'é\u0301😀',
    ]
    await strengthOf(NEW)
    const begun = performance.now()
    for (const kind of kinds) await strengthOf(kind.repeat(128).slice(0, 128))
    expect(performance.now() - begun).toBeLessThan(3000)
  })

  test('is good enough by the first 3,000 of any spelling', async () => {
    const { valid } = await strengthOf('scottie-orioles-dfkthbz-Warlord')
    expect(valid).toBe(true)
    const found = await Promise.all(
      ['trustno1', 'TrustNo1', 'starwars', 'corvette'].map(it => strengthOf(it)),
    )
    for (const { valid, feedback } of found) {
      expect([valid, feedback[0]]).toEqual([false, 'This is one of the passwords that are tried first.'])
    }
  })

  test('that an admin gives must be good, too', async () => {
    const admin = await trove.register()
    await trove.database.sql`update users set role = 'admin' where id = ${admin.id}`
    const body = { email: 'given@example.com', password: 'password1' }
    expect(fieldOf(await admin.post('/v1/users', body))).toEqual([422, 'password', 'password_strength'])
    expect((await admin.post('/v1/users', { ...body, password: NEW })).status).toBe(201)
  })
})

describe('another password', () => {
  test('counts from then on, and leaves this session alone alive', async () => {
    const user = await trove.register()
    const phone = bearer((await logIn(user.email, user.password)).body.access_token)
    const unnamed = bearer(signToken(trove.context.config.JWT_SECRET_KEY!, user))
    expect((await change(user, user.password)).status).toBe(204)
    const statuses = [user, phone, unnamed].map(async client => (await client.get('/v1/auth/me')).status)
    expect(await Promise.all(statuses)).toEqual([200, 401, 401])
    expect((await logIn(user.email, user.password)).status).toBe(401)
    expect((await logIn(user.email, NEW)).status).toBe(200)
    const rows = await trove.database.sql`
      select details from audit_entries where user_id = ${user.id} and action = 'change_password'`
    expect([...rows]).toEqual([{ details: {} }])
  })

  test('takes the one of before, is not that one, and is not easy to guess', async () => {
    const user = await trove.register()
    const wrong = await change(user, 'not the password')
    expect([wrong.status, wrong.body.error_code]).toEqual([403, 'WRONG_PASSWORD'])
    expect(fieldOf(await change(user, undefined))).toEqual([422, 'current_password', 'required'])
    expect(fieldOf(await change(user, user.password, user.password))).toEqual([
      422,
      'new_password',
      'same_password',
    ])
    for (const weak of ['password1', user.email]) {
      expect(fieldOf(await change(user, user.password, weak))).toEqual([
        422,
        'new_password',
        'password_strength',
      ])
    }
    expect(fieldOf(await change(user, user.password, 'x'.repeat(129)))).toEqual([
      422,
      'new_password',
      'max_length',
    ])
    expect((await logIn(user.email, user.password)).status).toBe(200)
  })

  test('lets somebody in who had to set one', async () => {
    const user = await trove.register()
    await trove.database.sql`update users set must_change_password = true where id = ${user.id}`
    expect((await user.get('/v1/items')).body.error_code).toBe('PASSWORD_CHANGE_REQUIRED')
    expect((await change(user, user.password)).status).toBe(204)
    expect((await user.get('/v1/items')).status).toBe(200)
    expect((await user.get('/v1/auth/me')).body.must_change_password).toBe(false)
  })

  test('is set by one of two who come at once with the one of before', async () => {
    const user = await trove.register()
    const statuses = await Promise.all(
      [NEW, `${NEW} again`].map(async password => (await change(user, user.password, password)).status),
    )
    expect(statuses.toSorted()).toEqual([204, 403])
  })

  test('is the first of an account without one, within ten minutes after a sign-in', async () => {
    const { sql } = trove.database
    const user = await trove.register()
    await sql`update users set password_hash = null where id = ${user.id}`
    const minutes = (ago: number) =>
      sql`update sessions set created_at = now() - make_interval(mins => ${ago}) where user_id = ${user.id}`
    await minutes(11)
    const late = await change(user, undefined)
    expect([late.status, late.body.error_code]).toEqual([403, 'SIGN_IN_AGAIN'])
    const program = bearer(signToken(trove.context.config.JWT_SECRET_KEY!, user))
    expect((await change(program, undefined)).body.error_code).toBe('SIGN_IN_AGAIN')
    await minutes(9)
    expect((await change(user, undefined)).status).toBe(204)
    expect((await logIn(user.email, NEW)).status).toBe(200)
  })

  test('cannot be guessed faster than at a sign-in', async () => {
    const limited = { ...trove.context.config, RATE_LIMIT_ENABLED: true }
    const { app, close } = createApp({ ...trove.context, config: limited })
    const user = await trove.register()
    const client = clientOf(request => app.handle(request), { authorization: `Bearer ${user.token}` })
    const statuses: number[] = []
    for (let i = 0; i < 3; i++) statuses.push((await logIn(user.email, `a guess ${i}`, client)).status)
    for (let i = 3; i < 6; i++) statuses.push((await change(client, `a guess ${i}`)).status)
    expect(statuses).toEqual([401, 401, 401, 403, 403, 429])
    await close()
  })
})

// Two sessions of the database: one waits for the other.
test.skipIf(!usesRealPostgres)('a sign-in that has tried the password of before ends with it', async () => {
  const user: User = await trove.register()
  const { sql } = trove.database
  // As if the change were committed between the two steps of the sign-in: the row is held until it waits.
  let signingIn: Promise<Answer> | undefined
  await sql.begin(async tx => {
    await tx`select from users where id = ${user.id} for update`
    signingIn = logIn(user.email, user.password)
    await untilLocked(trove.database.direct, 'for no key update')
    await tx`update users set password_hash = 'k1.another' where id = ${user.id}`
  })
  expect((await signingIn!).status).toBe(401)
  const { body } = await user.get('/v1/auth/sessions')
  expect(body.total).toBe(1)
})

test('the key of old hashes goes when the last of them has moved', async () => {
  const { sql } = trove.database
  const isThere = async () =>
    (await sql`select from server_settings where name = 'password_pepper'`).length > 0
  expect(await isThere()).toBe(false)
  const user = await trove.register()
  const old = await bcrypt(createHmac('sha256', 'old pepper').update(user.password).digest('base64'), {
    cost: 4,
  })
  await sql`update users set password_hash = ${old} where id = ${user.id}`
  await sql`insert into server_settings (name, value) values ('password_pepper', 'old pepper')`
  await dropOldPepper(sql)
  expect(await isThere()).toBe(true)
  expect((await logIn(user.email, user.password)).status).toBe(200)
  const [{ password_hash }] = await sql<[{ password_hash: string }]>`
    select password_hash from users where id = ${user.id}`
  expect(password_hash).toStartWith('k1.')
  await dropOldPepper(sql)
  expect(await isThere()).toBe(false)
  expect((await logIn(user.email, user.password)).status).toBe(200)
})
