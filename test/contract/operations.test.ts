// What the operator's and the audit's routes promise besides test/operations.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove } from '../support/app.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

test('health, readiness, description and docs need no token', async () => {
  for (const [path, type] of [
    ['/health', 'application/json'],
    ['/ready', 'application/json'],
    ['/openapi.json', 'application/json'],
    ['/docs', 'text/html; charset=utf-8'],
  ] as const) {
    const { status, headers } = await trove.get(path)
    expect([path, status, headers.get('content-type')?.split(';')[0]]).toEqual([
      path,
      200,
      type.split(';')[0]!,
    ])
    expect([path, headers.get('x-content-type-options'), headers.get('x-frame-options')]).toEqual([
      path,
      'nosniff',
      'DENY',
    ])
    expect(headers.get('x-request-id')).toBeString()
  }
})

test('health says just what is promised', async () => {
  const { body } = await trove.get('/health')
  expect(Object.keys(body).sort()).toEqual(['services', 'status', 'timestamp', 'version'])
  expect(Object.keys(body.services).sort()).toEqual(['ai', 'database', 'queue', 'vector_db'])
})

test('the description is OpenAPI 3.1 in the version that health names', async () => {
  const { body } = await trove.get('/openapi.json')
  expect(body.openapi).toStartWith('3.1.')
  expect(body.info.version).toBe((await trove.get('/health')).body.version)
})

describe('the audit', () => {
  test('has a row for each thing done, with who asked, from where and by which request', async () => {
    const agent = { 'user-agent': 'audit-test/1' }
    const user = await trove.register()
    const login = (password: string, id: string) =>
      trove.post('/v1/auth/login', { email: user.email, password }, { ...agent, 'x-request-id': id })
    await login(user.password, 'good-login')
    await login('a wrong password', 'bad-login')
    const { body } = await user.post('/v1/items', { url: 'https://youtu.be/auditaudit1' })
    const path = `/v1/items/${body.save.id}`
    await user.send('PATCH', path, {
      body: '{"is_favorited":true}',
      headers: { ...agent, 'content-type': 'application/json', 'x-request-id': 'the-edit' },
    })
    await user.send('DELETE', path)
    const { entries } = (await user.get('/v1/audit')).body
    expect(entries.map((entry: { action: string }) => entry.action)).toEqual([
      'delete',
      'edit',
      'save',
      'login_failed',
      'login',
      'register',
    ])
    expect(entries[1]).toMatchObject({
      resource_type: 'save',
      resource_id: body.save.id,
      user_agent: 'audit-test/1',
      request_id: 'the-edit',
    })
    expect(entries[3]).toMatchObject({ request_id: 'bad-login', user_agent: 'audit-test/1' })
    expect(entries[4]).toMatchObject({ request_id: 'good-login', resource_id: user.id })
  })

  test('notes a login under an email that nobody has, and shows it to nobody', async () => {
    const user = await trove.register()
    const email = `${crypto.randomUUID()}@example.com`
    await trove.post('/v1/auth/login', { email, password: 'a password' }, { 'x-request-id': 'stranger-1' })
    const rows = await trove.database.sql`
      select action, details from audit_entries where request_id = 'stranger-1'`
    expect(rows.map(({ action }) => action)).toEqual(['login_failed'])
    expect(JSON.stringify(rows)).not.toContain(email)
    expect((await user.get('/v1/audit')).body.total).toBe(1)
  })

  test('has no row for what was refused', async () => {
    const user = await trove.register()
    await user.post('/v1/items', { url: 'nonsense' })
    await user.send('DELETE', `/v1/items/${crypto.randomUUID()}`)
    await user.post('/v1/items', { url: 'https://youtu.be/auditaudit2' })
    await user.post('/v1/items', { url: 'https://youtu.be/auditaudit2' })
    const { body } = await user.get('/v1/audit')
    expect(body.entries.map((entry: { action: string }) => entry.action)).toEqual(['save', 'register'])
  })
})
