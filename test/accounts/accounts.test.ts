import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { hashPassword, verifyPassword } from '../../src/accounts/passwords.ts'
import { startTrove, type Trove } from '../support/app.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

const password = 'correct horse battery staple'

describe('register', () => {
  test('gives the user and a token that works', async () => {
    const { status, body } = await trove.post('/v1/auth/register', { email: ' Ada@Example.com ', password })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      user: { email: 'ada@example.com' },
      token_type: 'bearer',
      expires_in: 604_800,
    })
    expect(body.user.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const me = await trove.get('/v1/auth/me', { authorization: `Bearer ${body.access_token}` })
    expect(me).toMatchObject({ status: 200, body: body.user })
  })

  test('refuses an email that is taken, in whatever case', async () => {
    await trove.register('taken@example.com')
    const { status, body } = await trove.post('/v1/auth/register', { email: 'TAKEN@example.com', password })
    expect(status).toBe(400)
    expect(body).toMatchObject({ detail: 'Email already registered', error_code: 'EMAIL_TAKEN' })
  })

  test('names every field that is wrong, and repeats no value', async () => {
    const answer = await trove.post('/v1/auth/register', { email: 'nowhere', password: 'hunter2' })
    expect(answer.status).toBe(422)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.body.field_errors).toEqual([
      { loc: ['body', 'email'], msg: 'must be an email address', type: 'email' },
      { loc: ['body', 'password'], msg: 'must be at least 8 characters', type: 'min_length' },
    ])
    expect(JSON.stringify(answer.body)).not.toMatch(/nowhere|hunter2/)
  })

  test('records who registered, with the request id', async () => {
    const headers = { 'x-request-id': 'audit-me-1' }
    const { body } = await trove.post(
      '/v1/auth/register',
      { email: 'audited@example.com', password },
      headers,
    )
    const entries = await trove.database.sql`
      select action, request_id from audit_entries where user_id = ${body.user.id}`
    expect([...entries]).toEqual([{ action: 'register', request_id: 'audit-me-1' }])
  })
})

describe('login', () => {
  test('gives a token to who knows the password', async () => {
    const user = await trove.register()
    const { status, body } = await trove.post('/v1/auth/login', {
      email: user.email,
      password: user.password,
    })
    expect(status).toBe(200)
    expect(body.user).toMatchObject({ id: user.id, email: user.email })
  })

  test('answers alike for a wrong password and an unknown email', async () => {
    const user = await trove.register()
    const wrong = await trove.post('/v1/auth/login', { email: user.email, password: 'not the password' })
    const unknown = await trove.post('/v1/auth/login', { email: 'nobody@example.com', password })
    for (const { status, body } of [wrong, unknown]) {
      expect(status).toBe(401)
      expect(body.detail).toBe('Invalid email or password')
    }
  })
})

describe('tokens', () => {
  const refused = [
    '',
    'Bearer',
    'Bearer nonsense',
    'Basic YTpi',
    'Bearer a.b.c',
    `Bearer ${'x'.repeat(65_536)}`,
  ]

  test.each(refused)('%p is refused', async authorization => {
    const { status, body, headers } = await trove.get('/v1/auth/me', { authorization })
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer')
    expect(body.detail).toBe('Could not validate credentials')
  })

  test('a token signed by another, unsigned, or for another audience is refused', async () => {
    const user = await trove.register()
    const [header, claims] = user.token.split('.') as [string, string]
    const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${claims}.`
    const foreign = `${header}.${claims}.${Buffer.from('forged').toString('base64url')}`
    for (const token of [none, foreign]) {
      const { status } = await trove.get('/v1/auth/me', { authorization: `Bearer ${token}` })
      expect(status).toBe(401)
    }
  })

  test('of a deleted user says so', async () => {
    const user = await trove.register()
    await trove.database.sql`delete from users where id = ${user.id}`
    const { status, body } = await user.get('/v1/auth/me')
    expect(status).toBe(401)
    expect(body.detail).toBe('User not found')
  })

  test('are asked for before anything of the request is read', async () => {
    for (const body of ['{"url": 1}', '{broken']) {
      const { status } = await trove.send('POST', '/v1/items', {
        body,
        headers: { 'content-type': 'application/json' },
      })
      expect(status).toBe(401)
    }
    expect((await trove.get('/v1/items?limit=nonsense')).status).toBe(401)
  })
})

describe('passwords', () => {
  test('that differ only after byte 72 differ', async () => {
    const long = 'x'.repeat(100)
    const hash = await hashPassword(`${long}a`, 'pepper')
    expect(await verifyPassword(`${long}a`, 'pepper', hash)).toBe(true)
    expect(await verifyPassword(`${long}b`, 'pepper', hash)).toBe(false)
  })

  test('never fit when there is no hash', async () => {
    expect(await verifyPassword('anything', 'pepper', undefined)).toBe(false)
  })
})
