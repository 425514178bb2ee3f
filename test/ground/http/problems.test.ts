import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startTrove, type Trove } from '../../support/app.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

describe('every error', () => {
  test('is problem+json with the request id, on an address that does not exist too', async () => {
    const { status, headers, body } = await trove.get('/nowhere', { 'x-request-id': 'mine-1' })
    expect(status).toBe(404)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(headers.get('x-request-id')).toBe('mine-1')
    expect(body).toMatchObject({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      error_code: 'NOT_FOUND',
      request_id: 'mine-1',
    })
  })

  test('a broken body is 400', async () => {
    const { status, body } = await trove.send('POST', '/v1/auth/login', {
      body: '{"email": "a@b.co", ',
      headers: { 'content-type': 'application/json' },
    })
    expect(status).toBe(400)
    expect(body.error_code).toBe('MALFORMED_BODY')
  })

  test('of the database says nothing of it', async () => {
    const user = await trove.register()
    const { sql } = trove.database
    await sql`alter table user_content_saves rename to hidden`
    const { status, body } = await user.get('/v1/items')
    await sql`alter table hidden rename to user_content_saves`
    expect(status).toBe(500)
    expect(body).toMatchObject({ detail: 'An internal error occurred', error_code: 'INTERNAL_ERROR' })
    expect(JSON.stringify(body)).not.toMatch(/hidden|user_content_saves|at /)
  })
})

describe('every answer', () => {
  test('carries a request id and the security headers', async () => {
    const { headers } = await trove.get('/health', { 'x-request-id': 'has space' })
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
  })

  test('is kept by no cache, unless it says for how long', async () => {
    const user = await trove.register()
    const own = ['/v1/auth/me', '/v1/audit', '/v1/webhooks', '/v1/jobs', '/nowhere', '/health']
    for (const path of own) {
      expect([path, (await user.get(path)).headers.get('cache-control')]).toEqual([path, 'no-store'])
    }
    const login = await trove.post('/v1/auth/login', { email: user.email, password: user.password })
    expect([login.status, login.headers.get('cache-control')]).toEqual([200, 'no-store'])
    for (const path of ['/v1/items', '/v1/clusters']) {
      const { headers } = await user.get(path)
      expect([path, headers.get('cache-control')]).toEqual([path, 'private, no-cache'])
      expect(headers.has('etag')).toBe(true)
    }
    for (const path of ['/docs', '/library']) {
      expect([path, (await trove.get(path)).headers.get('cache-control')]).toEqual([path, 'no-cache'])
    }
  })
})
