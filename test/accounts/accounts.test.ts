import { afterAll, beforeAll, describe, expect, setSystemTime, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { hashPassword, NOBODYS_HASH, verifyPassword } from '../../src/accounts/sign-in/passwords.ts'
import { takeTurns } from '../../src/accounts/sign-in/turns.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'

let trove: Trove
let shared: Promise<User> | undefined
/** One user for all who only need some. */
const signedUp = () => (shared ??= trove.register())
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

const password = 'correct horse battery staple'
/** Of today, and of the hashes of before. */
const KEYS = { masters: { ENCRYPTION_KEY: 'a key for tests' } as never, old: 'pepper' }

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

  test('counts characters of a password as people do: four emoji are four', async () => {
    const answer = await trove.post('/v1/auth/register', { email: 'emoji@example.com', password: '😀😀😀😀' })
    expect(answer.status).toBe(422)
    expect(answer.body.field_errors[0]).toMatchObject({ loc: ['body', 'password'], type: 'min_length' })
  })

  test.each([
    ...["o'brien@example.ie", 'r&d@example.com', 'rosa+tag@example.museum', 'rosa@my--shop.com'],
    ...['rosa@xn--mnchen-3ya.de', 'rosa@post.xn--p1ai', 'jörg@example.de'],
  ])('takes %p as an email', async email => {
    const { status, body } = await trove.post('/v1/auth/register', { email, password })
    expect([status, body.user?.email]).toEqual([201, email])
  })

  test('knows a domain by the name that mail is sent to', async () => {
    const { body } = await trove.post('/v1/auth/register', { email: 'eva@München.de', password })
    expect(body.user.email).toBe('eva@xn--mnchen-3ya.de')
    const login = await trove.post('/v1/auth/login', { email: 'eva@xn--mnchen-3ya.de', password })
    expect(login.status).toBe(200)
  })

  test.each([
    '@example.com',
    'a@',
    'a b@example.com',
    'a@b@example.com',
    'a@-x.de',
    'a@x..de',
    'a@exa mple.de',
  ])('refuses %p as an email', async email => {
    const { status, body } = await trove.post('/v1/auth/register', { email, password })
    expect([status, body.field_errors?.[0].loc]).toEqual([422, ['body', 'email']])
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

  const now = Math.floor(Date.now() / 1000)
  const secret = 'a secret for tests, of more than 32 bytes'
  type Parts = { header?: object; claims?: object; key?: string; hash?: string; signature?: string }

  /** A token like ours but for what is given; `undefined` leaves a claim out. */
  function forge(id: string, { header, claims, key = secret, hash = 'sha256', signature }: Parts): string {
    const own = {
      ...{ user_id: id, sub: id, email: 'a@example.com', jti: crypto.randomUUID() },
      ...{ iss: 'trove', aud: 'trove-api', iat: now, exp: now + 3600 },
    }
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const signed = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode({ ...own, ...claims })}`
    return `${signed}.${signature ?? createHmac(hash, key).update(signed).digest('base64url')}`
  }

  const forgeries: Record<string, Parts> = {
    'alg none': { header: { alg: 'none' }, signature: '' },
    'alg None': { header: { alg: 'None' }, signature: '' },
    'alg none, but signed': { header: { alg: 'none' } },
    'no signature': { signature: '' },
    'a foreign signature': { key: 'another secret, of more than 32 bytes' },
    'an empty key': { key: '' },
    HS384: { header: { alg: 'HS384' }, hash: 'sha384' },
    HS512: { header: { alg: 'HS512' }, hash: 'sha512' },
    'RS256 over the secret': { header: { alg: 'RS256' } },
    'alg in lower case': { header: { alg: 'hs256' } },
    expired: { claims: { iat: now - 7200, exp: now - 3600 } },
    'valid from tomorrow': { claims: { nbf: now + 86_400 } },
    'made tomorrow': { claims: { iat: now + 86_400, exp: now + 90_000 } },
    'made two minutes ahead': { claims: { iat: now + 120, exp: now + 3600 } },
    'expired a second ago': { claims: { iat: now - 3600, exp: now - 1 } },
    'made ten days ago, for a year': { claims: { iat: now - 864_000, exp: now + 31_536_000 } },
    'no exp': { claims: { exp: undefined } },
    'exp as text': { claims: { exp: String(now + 3600) } },
    'exp null': { claims: { exp: null } },
    'exp as a list': { claims: { exp: [now + 3600] } },
    'no iat': { claims: { iat: undefined } },
    'another issuer': { claims: { iss: 'other' } },
    'no issuer': { claims: { iss: undefined } },
    'another audience': { claims: { aud: 'other-api' } },
    'no audience': { claims: { aud: undefined } },
    'another type': { header: { typ: 'at+jwt' } },
    'no type': { header: { typ: undefined } },
    'a key id': { header: { kid: '../../dev/null' } },
    'a key of its own': { header: { jwk: { kty: 'oct', k: 'AAAA' } } },
    'a key elsewhere': { header: { jku: 'https://evil.example/keys' } },
    'an extension that must be understood': { header: { crit: ['exp'] } },
    'an unencoded payload': { header: { b64: false, crit: ['b64'] } },
    'no subject': { claims: { sub: undefined } },
    'a subject that is no id': { claims: { sub: "' or 1=1 --", user_id: undefined } },
    'two users': { claims: { user_id: '00000000-0000-4000-8000-000000000000' } },
    '64 KB': { claims: { padding: 'x'.repeat(65_536) } },
  }

  test.each(Object.keys(forgeries))('a forgery is refused like every other: %s', async name => {
    const user = await signedUp()
    const bad = { authorization: `Bearer ${forge(user.id, forgeries[name]!)}`, 'x-request-id': 'same' }
    const { status, headers, body } = await trove.get('/v1/auth/me', bad)
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer')
    const nonsense = await trove.get('/v1/auth/me', { authorization: 'nonsense', 'x-request-id': 'same' })
    expect(body).toEqual(nonsense.body)
  })

  test('the forger can make a good one, so each forgery is refused for its own fault', async () => {
    const user = await signedUp()
    const good = { authorization: `Bearer ${forge(user.id, {})}` }
    expect((await trove.get('/v1/auth/me', good)).status).toBe(200)
    const twice = { authorization: `${good.authorization}, ${good.authorization}` }
    expect((await trove.get('/v1/auth/me', twice)).status).toBe(401)
  })

  test('that was good is good no longer than it says', async () => {
    const user = await signedUp()
    const asked = { authorization: `Bearer ${forge(user.id, {})}` }
    const ask = async () => (await trove.get('/v1/auth/me', asked)).status
    expect([await ask(), await ask()]).toEqual([200, 200])
    try {
      setSystemTime((now + 3599) * 1000)
      expect(await ask()).toBe(200)
      setSystemTime((now + 3600) * 1000)
      expect(await ask()).toBe(401)
    } finally {
      setSystemTime()
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
    const hash = await hashPassword(`${long}a`, KEYS, 'here')
    expect(await verifyPassword(`${long}a`, KEYS, hash, 'here')).toBe('right')
    expect(await verifyPassword(`${long}b`, KEYS, hash, 'here')).toBe('wrong')
  })

  test('one hash is as much work as another, so an unknown email takes as long as a wrong password', async () => {
    const known = await hashPassword('a password', KEYS, 'here')
    expect(known).toMatch(/^k1\.[\w-]{8}\.\$2[aby]\$10\$[./A-Za-z0-9]{53}$/)
    expect(NOBODYS_HASH).toMatch(/^\$2[aby]\$10\$[./A-Za-z0-9]{53}$/)
  })

  test('are hashed in turn; a storm is told to come back', async () => {
    const inTurn = takeTurns(2, 3)
    let running = 0
    let most = 0
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
    const work = async () => {
      most = Math.max(most, ++running)
      await mayEnd
      running--
    }
    const storm = Array.from({ length: 8 }, () =>
      inTurn('here', work).then(
        () => 200,
        error => error.status,
      ),
    )
    end()
    expect(await Promise.all(storm)).toEqual([200, 200, 200, 200, 200, 503, 503, 503])
    expect(most).toBe(2)
    await inTurn('here', () => Promise.reject(new Error('fails'))).catch(() => {})
    expect(await inTurn('here', async () => 'goes on')).toBe('goes on')
  })

  test('are hashed in turns of the networks, and the longest line makes room', async () => {
    const inTurn = takeTurns(1, 4)
    const begun: string[] = []
    const refused: string[] = []
    const { promise: mayBegin, resolve: begin } = Promise.withResolvers<void>()
    const ask = (network: string, label: string) =>
      inTurn(network, async () => {
        begun.push(label)
        await mayBegin
      }).catch(() => {
        refused.push(label)
      })
    const crowd = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5'].map(label => ask('a', label))
    const others = [ask('b', 'b1'), ask('b', 'b2'), ask('c', 'c1')]
    begin()
    await Promise.all([...crowd, ...others])
    expect(begun).toEqual(['a0', 'a1', 'b1', 'c1', 'b2'])
    expect(refused.sort()).toEqual(['a2', 'a3', 'a4', 'a5'])
  })

  test('never fit when there is no hash', async () => {
    expect(await verifyPassword('anything', KEYS, undefined, 'here')).toBe('wrong')
  })
})

test('a password is the same however its letters are composed, and so is one of before', async () => {
  for (const [i, word] of ['Grüße aus Köln 1', 'Tiếng Việt có dấu', '한국어 비밀번호 하나'].entries()) {
    const email = `forms${i}@example.com`
    expect((await trove.post('/v1/auth/register', { email, password: word.normalize('NFC') })).status).toBe(
      201,
    )
    for (const form of ['NFC', 'NFD']) {
      const tried = await trove.post('/v1/auth/login', { email, password: word.normalize(form) })
      expect([form, tried.status]).toEqual([form, 200])
    }
  }
  const typed = 'Grüße aus Köln 1'.normalize('NFD')
  const asTyped = await bcrypt(createHmac('sha256', 'pepper').update(typed).digest('base64'), { cost: 10 })
  expect(await verifyPassword(typed, KEYS, asTyped, 'a network')).toBe('right, by an old key')
  expect(await verifyPassword('Grusse aus Koln 1', KEYS, asTyped, 'a network')).toBe('wrong')
})

test('a token of a server whose clock is a little ahead is good', async () => {
  const user = await signedUp()
  const iat = Math.floor(Date.now() / 1000) + 5
  const claims = { user_id: user.id, sub: user.id, email: user.email, jti: crypto.randomUUID() }
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const own = { ...claims, iss: 'trove', aud: 'trove-api', iat, exp: iat + 3600 }
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(own)}`
  const secret = trove.context.config.JWT_SECRET_KEY!
  const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
  expect((await trove.get('/v1/auth/me', { authorization: `Bearer ${token}` })).status).toBe(200)
})
