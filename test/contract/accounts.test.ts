// What the accounts' routes promise besides test/accounts: claims, lifetimes, lengths, trimming.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import { clientOf, startTrove, type Trove } from '../support/app.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

const newEmail = () => `${crypto.randomUUID()}@example.com`
const register = (email: string, password: string) => trove.post('/v1/auth/register', { email, password })
const logIn = (email: string, password: string) => trove.post('/v1/auth/login', { email, password })

describe('a token', () => {
  const partsOf = (token: string) =>
    token
      .split('.')
      .slice(0, 2)
      .map(part => JSON.parse(Buffer.from(part, 'base64url').toString()))

  test('names its user, its issuer and its readers, and lives seven days', async () => {
    const { body } = await register(newEmail(), 'a long password')
    const [header, claims] = partsOf(body.access_token)
    expect(header.alg).toBe('HS256')
    expect(claims).toMatchObject({
      user_id: body.user.id,
      sub: body.user.id,
      email: body.user.email,
      iss: expect.any(String),
      aud: expect.any(String),
      jti: expect.any(String),
    })
    expect(claims.exp - claims.iat).toBe(7 * 86_400)
    expect(Math.abs(claims.iat - Date.now() / 1000)).toBeLessThan(60)
  })

  test('lives as long as is configured, and says so', async () => {
    const { app } = createApp({ ...trove.context, config: { ...trove.context.config, JWT_EXPIRY_DAYS: 2 } })
    const client = clientOf(request => app.handle(request))
    const { body } = await client.post('/v1/auth/register', {
      email: newEmail(),
      password: 'a long password',
    })
    const [, claims] = partsOf(body.access_token)
    expect([body.expires_in, claims.exp - claims.iat]).toEqual([172_800, 172_800])
  })

  test('is another one at each login', async () => {
    const email = newEmail()
    const first = await register(email, 'a long password')
    const second = await logIn(email, 'a long password')
    expect(second.body.access_token).not.toBe(first.body.access_token)
  })

  test('may be named in any case of the word Bearer', async () => {
    const { body } = await register(newEmail(), 'a long password')
    const me = await trove.get('/v1/auth/me', { authorization: `bearer ${body.access_token}` })
    expect(me.status).toBe(200)
  })
})

describe('a password', () => {
  test.each([
    [7, 422],
    [8, 201],
    [128, 201],
    [129, 422],
  ])('of %d characters is answered %d', async (length, expected) => {
    const { status, body } = await register(newEmail(), 'kV7#pq2L or so '.repeat(9).slice(0, length))
    expect(status).toBe(expected)
    if (expected === 422) expect(body.field_errors[0].loc).toEqual(['body', 'password'])
  })

  test('counts to its 128th character, blanks and case included', async () => {
    const email = newEmail()
    const password = ` kV7#pq2L ${'x'.repeat(117)}A`
    expect((await register(email, password)).status).toBe(201)
    expect((await logIn(email, password)).status).toBe(200)
    for (const wrong of [`${password.slice(0, -1)}B`, `${password.slice(0, -1)}a`, password.trim()]) {
      expect((await logIn(email, wrong)).status).toBe(401)
    }
  })

  test('is in no answer', async () => {
    const email = newEmail()
    const { body } = await register(email, 'hunter2, hunted by none')
    const login = await logIn(email, 'hunter2, hunted by none')
    expect(JSON.stringify([body, login.body])).not.toMatch(/hunter2|password_hash|\$2/)
  })
})

describe('login', () => {
  test('gives the same body as register, and finds the email in any case and with blanks around', async () => {
    const email = newEmail()
    const { body } = await register(email, 'a long password')
    const login = await logIn(`  ${email.toUpperCase()} `, 'a long password')
    expect(login.status).toBe(200)
    expect(login.body.user).toEqual(body.user)
    expect(Object.keys(login.body).sort()).toEqual(Object.keys(body).sort())
    expect(login.body).toMatchObject({ token_type: 'bearer', expires_in: 604_800 })
  })

  test('says the same, and nothing more, of an unknown email as of a wrong or too short password', async () => {
    const email = newEmail()
    await register(email, 'a long password')
    const same = { 'x-request-id': 'same' }
    const [wrong, short, unknown] = await Promise.all(
      [
        { email, password: 'a wrong password' },
        { email, password: 'x' },
        { email: newEmail(), password: 'a long password' },
      ].map(body => trove.post('/v1/auth/login', body, same)),
    )
    expect(wrong!.status).toBe(401)
    expect(wrong!.body.detail).toBe('Invalid email or password')
    expect([short!.body, unknown!.body]).toEqual([wrong!.body, wrong!.body])
  })
})

test('an email is refused when it is no address', async () => {
  for (const email of ['', ' ', 'a@', '@b.co', 'a b@c.co', 'a@b', `${'x'.repeat(250)}@b.co`, null, 1]) {
    const { status } = await trove.post('/v1/auth/register', { email, password: 'a long password' })
    expect([email, status]).toEqual([email, 422])
  }
})

test('two who register one email at once make one account', async () => {
  const email = newEmail()
  const answers = await Promise.all([1, 2, 3].map(() => register(email, 'a long password')))
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400])
})
