// The pages under /admin, for an admin who is signed in: by the access token, or by the cookie that holds it.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { signToken } from '../support/token.ts'

const PAGES = ['/admin/queues', '/admin/dead-letters']
const BASIC = `Basic ${btoa('admin:admin-for-tests')}`

let trove: Trove
let admin: User
let user: User
beforeAll(async () => {
  trove = await startTrove()
  ;[admin, user] = [await trove.register(), await trove.register()]
  await setRole('admin')
})
afterAll(() => trove.stop())

const setRole = (role: string) => trove.database.sql`update users set role = ${role} where id = ${admin.id}`
const begin = (authorization: string, headers = {}) =>
  trove.post('/admin/session', undefined, { authorization, ...headers })
/** What a browser sends from then on. */
const cookieOf = async (token: string) => {
  const { status, headers } = await begin(`Bearer ${token}`)
  expect(status).toBe(204)
  return { cookie: `theme=dark; ${headers.get('set-cookie')!.split(';')[0]}` }
}
const statusesWith = (headers: Record<string, string>) =>
  Promise.all(PAGES.map(async path => (await trove.get(path, headers)).status))

describe('an access token', () => {
  test('of an admin opens the pages, and of nobody else', async () => {
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
    expect(await statusesWith(bearer(admin.token))).toEqual([200, 200])
    expect(await statusesWith(bearer(user.token))).toEqual([403, 403])
    expect(await statusesWith(bearer(`${admin.token}x`))).toEqual([401, 401])
    await setRole('superuser')
    expect(await statusesWith(bearer(admin.token))).toEqual([403, 403])
    await setRole('admin')
  })

  test('says in the audit log who it was', async () => {
    expect((await admin.post('/admin/dead-letters/redrive')).status).toBe(200)
    const [entry] = await trove.database.sql`select user_id from audit_entries where action = 'redrive'`
    expect(entry!.user_id).toBe(admin.id)
  })
})

describe('the cookie', () => {
  test('is for the admin’s pages of this server alone, out of reach of scripts, as long as the token', async () => {
    const plain = (await begin(`Bearer ${admin.token}`)).headers.get('set-cookie')!
    const [value, ...attributes] = plain.split('; ')
    expect(value).toBe(`trove_admin=${admin.token}`)
    const [path, age, ...rest] = attributes
    expect([path, rest]).toEqual(['Path=/admin', ['HttpOnly', 'SameSite=Strict']])
    const { exp } = JSON.parse(Buffer.from(admin.token.split('.')[1]!, 'base64url').toString())
    expect(Math.abs(Number(age!.split('=')[1]) - (exp - Date.now() / 1000))).toBeLessThan(5)
    const secure = await begin(`Bearer ${admin.token}`, { 'x-forwarded-proto': 'https' })
    expect(secure.headers.get('set-cookie')).toEndWith('; SameSite=Strict; Secure')
  })

  test('is given to an admin’s access token, not to a password or another cookie', async () => {
    const asked = [BASIC, `Bearer ${user.token}`, '', 'Bearer x', `Basic ${btoa('admin:wrong')}`]
    const answers = await Promise.all(asked.map(authorization => begin(authorization)))
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 401, 401, 401])
    expect(answers.map(({ headers }) => headers.get('set-cookie'))).toEqual(Array(5).fill(null))
    const byCookie = await trove.post('/admin/session', undefined, await cookieOf(admin.token))
    expect(byCookie.status).toBe(401)
  })

  test('opens the pages, and nothing of the API', async () => {
    const cookie = await cookieOf(admin.token)
    expect(await statusesWith(cookie)).toEqual([200, 200])
    expect((await trove.get('/v1/config', cookie)).status).toBe(401)
  })

  test('opens nothing once the session has ended, the account is disabled or no admin’s any more', async () => {
    const { body } = await trove.post('/v1/auth/login', { email: admin.email, password: admin.password })
    const cookie = await cookieOf(body.access_token)
    await setRole('normal')
    expect(await statusesWith(cookie)).toEqual([403, 403])
    await setRole('admin')
    await trove.database.sql`update users set is_active = false where id = ${admin.id}`
    expect(await statusesWith(cookie)).toEqual([401, 401])
    await trove.database.sql`update users set is_active = true where id = ${admin.id}`
    expect(await statusesWith(cookie)).toEqual([200, 200])
    await trove.post('/v1/auth/logout', undefined, { authorization: `Bearer ${body.access_token}` })
    expect(await statusesWith(cookie)).toEqual([401, 401])
    const { headers } = await trove.get('/admin/queues', cookie)
    expect(headers.get('www-authenticate')).toStartWith('Basic realm=')
  })

  test('gives way to a password that is sent with it', async () => {
    expect(await statusesWith({ cookie: 'trove_admin=ended', authorization: BASIC })).toEqual([200, 200])
  })

  test('changes nothing for a page of another site', async () => {
    const cookie = await cookieOf(admin.token)
    const redrive = (headers: Record<string, string>) =>
      trove.post('/admin/dead-letters/redrive', undefined, { ...cookie, ...headers })
    for (const [header, value] of [
      ['origin', 'https://evil.example'],
      ['sec-fetch-site', 'cross-site'],
    ]) {
      const { status, body } = await redrive({ [header!]: value! })
      expect([status, body.error_code]).toEqual([403, 'CROSS_ORIGIN'])
    }
    expect((await redrive({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })

  test('is taken back by whoever has it, and by no page of another site', async () => {
    const end = (headers = {}) => trove.send('DELETE', '/admin/session', { headers })
    const { status, headers } = await end()
    expect([status, headers.get('set-cookie')]).toEqual([
      204,
      'trove_admin=; Path=/admin; Max-Age=0; HttpOnly; SameSite=Strict',
    ])
    const foreign = await end({ 'sec-fetch-site': 'cross-site' })
    expect([foreign.status, foreign.headers.get('set-cookie')]).toEqual([403, null])
  })

  test('is not given for a token that must set a new password first', async () => {
    await trove.database.sql`update users set must_change_password = true where id = ${admin.id}`
    const { status, body } = await begin(`Bearer ${signToken(trove.context.config.JWT_SECRET_KEY!, admin)}`)
    expect([status, body.error_code]).toEqual([403, 'PASSWORD_CHANGE_REQUIRED'])
    await trove.database.sql`update users set must_change_password = false where id = ${admin.id}`
  })
})
