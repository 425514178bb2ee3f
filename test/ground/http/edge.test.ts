// What every route shares before it is reached: hosts, origins, methods, bodies, ids, addresses.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../../src/app.ts'
import type { Config } from '../../../src/config/config.ts'
import { readConfig } from '../../../src/config/config.ts'
import { clientAddress, followProxies, notePeer } from '../../../src/ground/http/edge/client-address.ts'
import { isAllowedHost, isOneHost } from '../../../src/ground/http/edge/hosts.ts'
import { type Client, clientOf, startTrove, type Trove, type User } from '../../support/app.ts'
import { usesRealPostgres } from '../../support/database.ts'

let trove: Trove
let user: User
beforeAll(async () => {
  trove = await startTrove({ STATEMENT_TIMEOUT_MS: '400' })
  user = await trove.register()
})
afterAll(() => trove.stop())

/** The same app under another configuration. */
function withConfig(config: Partial<Config>, peer?: string): Client {
  const context = { ...trove.context, config: { ...trove.context.config, ...config } }
  const { app } = createApp(context)
  return clientOf(request => {
    notePeer(request, peer)
    return app.handle(request)
  })
}
const json = { 'content-type': 'application/json' }
const sendTo = (
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = json,
) => user.send('POST', path, { body, headers })

describe('methods', () => {
  test('a known address with another method is 405 and tells which ones it knows', async () => {
    const { status, headers, body } = await trove.send('PUT', '/v1/auth/login')
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('OPTIONS, POST')
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(body.error_code).toBe('METHOD_NOT_ALLOWED')
    const me = await trove.send('POST', '/v1/auth/me')
    expect(me.headers.get('allow')).toBe('GET, HEAD, OPTIONS, PATCH')
    const item = await user.send('PUT', `/v1/items/${crypto.randomUUID()}`)
    expect(item.status).toBe(405)
    expect(item.headers.get('allow')).toContain('GET')
  })

  test.each(['GET', 'PUT', 'OPTIONS', 'HEAD'])('%s of an unknown address is 404', async method => {
    expect((await trove.send(method, '/v1/nowhere')).status).toBe(404)
    expect((await trove.send(method, '/v1/auth/me/more')).status).toBe(404)
  })

  test('HEAD answers like GET, without the body', async () => {
    const [head, get] = [await user.send('HEAD', '/v1/auth/me'), await user.get('/v1/auth/me')]
    expect(head.status).toBe(200)
    expect(head.body).toBe('')
    expect(head.headers.get('content-length')).toBe(String(JSON.stringify(get.body).length))
    expect((await trove.send('HEAD', '/v1/auth/me')).status).toBe(401)
    expect((await trove.send('HEAD', '/v1/auth/login')).status).toBe(405)
  })
})

describe('CORS', () => {
  const origin = 'https://app.example'
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  }

  test('without CORS_ORIGINS says nothing to any origin', async () => {
    const { headers } = await trove.send('OPTIONS', '/v1/items', { headers: { origin, ...preflight } })
    expect([...headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([])
  })

  test('a preflight of a named origin is told methods and headers', async () => {
    const client = withConfig({ CORS_ORIGINS: [origin] })
    const { status, headers } = await client.send('OPTIONS', '/v1/auth/login', {
      headers: { origin, ...preflight },
    })
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(origin)
    expect(headers.has('access-control-allow-credentials')).toBe(false)
    expect(headers.get('access-control-allow-methods')).toBe('OPTIONS, POST')
    expect(headers.get('access-control-allow-headers')).toMatch(/authorization.*idempotency-key/)
  })

  test.each(['https://app.example.evil.io', 'http://app.example', 'https://app.example:8443', 'null'])(
    'the origin %p is not one of them',
    async other => {
      const client = withConfig({ CORS_ORIGINS: [origin, '*'] })
      for (const method of ['OPTIONS', 'GET']) {
        const { headers } = await client.send(method, '/v1/auth/me', {
          headers: { origin: other, ...preflight },
        })
        expect(headers.get('vary')).toBe('origin')
        expect([...headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([])
      }
    },
  )

  test('no origin may read the admin’s pages', async () => {
    const client = withConfig({ CORS_ORIGINS: [origin] })
    for (const path of ['/admin/dead-letters', '/admin/queues', '/admin/jobs/1', '/admin']) {
      for (const method of ['OPTIONS', 'GET']) {
        const { headers } = await client.send(method, path, { headers: { origin, ...preflight } })
        expect(headers.get('vary')).toBe('origin')
        expect([...headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([])
      }
    }
  })

  test('an error can be read by the page too', async () => {
    const client = withConfig({ CORS_ORIGINS: [origin] })
    const { status, headers } = await client.get('/v1/auth/me', { origin })
    expect(status).toBe(401)
    expect(headers.get('access-control-allow-origin')).toBe(origin)
    expect(headers.get('access-control-expose-headers')).toContain('x-request-id')
  })
})

describe('ALLOWED_HOSTS', () => {
  const allowed = ['api.example.com', '*.example.org']
  test.each([
    ['api.example.com', true],
    ['API.example.com:8080', true],
    ['a.b.example.org', true],
    ['example.org', false],
    ['evilexample.org', false],
    ['api.example.com.evil.io', false],
    ['evil.io', false],
    ['', false],
  ])('%p is allowed: %p', (host, expected) => expect(isAllowedHost(host, allowed)).toBe(expected))

  test('a foreign host is 400 on every route, and without the list any host will do', async () => {
    const client = withConfig({ ALLOWED_HOSTS: allowed })
    const { status, body } = await client.get('/v1/auth/me', { host: 'evil.io' })
    expect(status).toBe(400)
    expect(body.error_code).toBe('INVALID_HOST')
    expect(JSON.stringify(body)).not.toContain('evil')
    expect((await client.get('/v1/auth/me', { host: 'api.example.com' })).status).toBe(401)
    expect((await withConfig({}).get('/v1/auth/me', { host: 'evil.io' })).status).toBe(401)
  })
})

test.each<[string, boolean]>([
  ['localhost', true],
  ['api.example.com:8080', true],
  ['xn--mnchen-3ya.de', true],
  ['192.0.2.7:80', true],
  ['[2001:db8::1]:80', true],
  ['', false],
  ['a, b', false],
  ['a,b', false],
  ['a b', false],
  ['a/b', false],
  ['user@a', false],
  ['a:b', false],
  ['[::1', false],
])('%p is one host: %p', (host, expected) => {
  expect(isOneHost(host)).toBe(expected)
})

test('a Host header that names no host, or two, is 400', async () => {
  for (const host of ['', 'a, b', 'a b']) {
    const { status, body } = await trove.get('/health', { host })
    expect([host, status, body.error_code]).toEqual([host, 400, 'INVALID_HOST'])
  }
})

test.each(['a', 'api', 'a.b'])('a host as short as %p is answered like any other', async host => {
  for (const path of ['/ready', '/v1/items']) {
    const { status } = await trove.handle(new Request(`http://${host}${path}`))
    expect(status).toBe(path === '/ready' ? 200 : 401)
  }
})

test('a worker answers probes, and sends others to an API', async () => {
  const worker = withConfig({ ROLE: 'worker' })
  for (const path of ['/ready', '/health', '/metrics']) expect((await worker.get(path)).status).toBe(200)
  for (const path of ['/v1/items', '/docs', '/nowhere']) {
    const { status, body } = await worker.get(path)
    expect([status, body.error_code]).toEqual([421, 'ONLY_A_WORKER'])
  }
})

describe('a body', () => {
  const register = '/v1/auth/register'

  test.each([
    [register, 64 * 1024, '64 KiB'],
    ['/v1/items', 64 * 1024, '64 KiB'],
    ['/v1/items/batch', 1024 * 1024, '1 MiB'],
  ])(
    'of %s may have %d bytes; beyond that it is 413, whether it says so or not',
    async (path, most, name) => {
      const told = await sendTo(path, '{}', { ...json, 'content-length': String(most + 1) })
      const untold = await sendTo(path, 'x'.repeat(most + 1))
      for (const { status, body } of [told, untold]) {
        expect(status).toBe(413)
        expect(body).toMatchObject({
          error_code: 'BODY_TOO_LARGE',
          detail: `The body is larger than ${name}`,
        })
      }
      // Quotes and all.
      expect((await sendTo(path, `"${'x'.repeat(most - 2)}"`)).status).toBe(422)
    },
  )

  test.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('of %s is 400, and nobody reads it', async method => {
    const announced: Record<string, string>[] = [
      { 'content-length': '1' },
      { 'transfer-encoding': 'chunked' },
    ]
    for (const headers of announced) {
      const { status, headers: told } = await user.send(method, `/v1/items/${crypto.randomUUID()}`, {
        headers,
      })
      expect([status, told.get('content-type')]).toEqual([400, 'application/problem+json'])
    }
    const none = await user.send(method, '/v1/auth/me', { headers: { 'content-length': '0' } })
    expect(none.status).not.toBe(400)
    const { body } = await trove.send('DELETE', '/nowhere', { headers: { 'content-length': '5' } })
    expect(body).toMatchObject({
      error_code: 'BODY_NOT_ALLOWED',
      detail: 'A DELETE request must not have a body',
    })
  })

  test.each([
    'text/plain',
    'application/jsonx',
    'application/json; charset=latin1',
    'multipart/form-data',
    '',
  ])('of type %p is 415, after authentication', async type => {
    const headers = { 'content-type': type }
    const { status, body } = await sendTo('/v1/items', '{"url":"secret"}', headers)
    expect(status).toBe(415)
    expect(body.error_code).toBe('UNSUPPORTED_MEDIA_TYPE')
    expect(JSON.stringify(body)).not.toContain('secret')
    expect((await trove.send('POST', '/v1/items', { body: '{', headers })).status).toBe(401)
  })

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'of type %p is read',
    async type =>
      expect((await sendTo('/v1/items', '{"url":"x"}', { 'content-type': type })).status).toBe(422),
  )

  const bytes = (...parts: (string | number)[]) =>
    Uint8Array.from(parts.flatMap(part => (typeof part === 'number' ? [part] : [...Buffer.from(part)])))
  test.each<[string, string | Uint8Array<ArrayBuffer>, number]>([
    ['cut off', '{"email": "hunter2', 400],
    ['with a comma too many', '{"email": "hunter2",}', 400],
    ['with a key twice', '{"email": "a@b.co", "email": "hunter2"}', 400],
    ['with a key twice, spelled with an escape', '{"email": "a", "\\u0065mail": "hunter2"}', 400],
    ['with __proto__', '{"__proto__": {"hunter2": 1}}', 400],
    ['with __proto__ further down', '{"email": [{"__proto__": "hunter2"}]}', 400],
    ['nested 65 levels', `${'['.repeat(65)}${']'.repeat(65)}`, 400],
    ['nested 30,000 levels', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 400],
    ['nested without end', '{"a":'.repeat(13_000), 400],
    ['that is not UTF-8', bytes('{"email": "hunter2', 0xff, '"}'), 400],
    ['with half a character', bytes('{"email": "hunter2', 0xe2, 0x82, '"}'), 400],
    ['with NUL', '{"email": "a@b.co", "password": "hunter2\\u0000xxx"}', 422],
    ['with half a surrogate pair', '{"email": "a@b.co", "password": "hunter2\\ud800xxx"}', 422],
    ['that is no object', '"hunter2"', 422],
    ['that is null', 'null', 422],
    ['that is empty', '', 422],
    ['with a number for a text', '{"email": 31337, "password": "hunter2"}', 422],
  ])('%s is refused, and nothing of it repeated', async (_name, body, expected) => {
    const answer = await sendTo(register, body)
    expect(answer.status).toBe(expected)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|31337/)
  })

  test('may have the same key in different objects, and signs inside its texts', async () => {
    const body =
      '{"email": {"a": [{"x": 1}, {"x": "}]\\\\\\"{[:"}]}, "a": {"x": ":"}, "password": "__proto__"}'
    expect((await sendTo(register, body)).status).toBe(422)
  })
})

describe('a request id', () => {
  test.each(['mine-1', '!~', 'x'.repeat(128)])('%p is taken', async given => {
    expect((await trove.get('/nowhere', { 'x-request-id': given })).headers.get('x-request-id')).toBe(given)
  })

  test.each(['', 'has space', 'x'.repeat(129), 'ümlaut'])('instead of %p one is made', async given => {
    const { headers, body } = await trove.get('/nowhere', { 'x-request-id': given })
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(body.request_id).toBe(headers.get('x-request-id'))
  })

  test('stands on every log line of its request', async () => {
    await user.get('/v1/auth/me', { 'x-request-id': 'find-me-in-the-log' })
    for (;;) {
      const lines = trove.logs.filter(line => line.includes('find-me-in-the-log'))
      if (lines.length > 0) break
      await new Promise(resolve => setImmediate(resolve))
    }
  })
})

describe('the client address', () => {
  const seen = (proxies: string[], peer: string | undefined, forwarded?: string) => {
    const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    const request = new Request('http://localhost/', { headers })
    notePeer(request, peer)
    followProxies(proxies, () => {})(request)
    return clientAddress(request)
  }
  const proxies = ['10.0.0.0/8', '192.0.2.7', 'fd00::/8']

  test.each<[string | undefined, string | undefined, string | undefined]>([
    ['203.0.113.5', undefined, '203.0.113.5'],
    ['203.0.113.5', '1.1.1.1', '203.0.113.5'],
    ['10.1.1.1', '1.1.1.1', '1.1.1.1'],
    ['192.0.2.7', '9.9.9.9, 1.1.1.1', '1.1.1.1'],
    ['::ffff:10.1.1.1', '9.9.9.9, 1.1.1.1, 10.2.2.2', '1.1.1.1'],
    ['fd00::1', '[2001:DB8::1]:443', '2001:db8::1'],
    ['10.1.1.1', '1.1.1.1:4711', '1.1.1.1'],
    ['10.1.1.1', '1.1.1.1, nonsense', '10.1.1.1'],
    ['10.1.1.1', '10.3.3.3', '10.3.3.3'],
    ['192.0.2.8', '1.1.1.1', '192.0.2.8'],
    [undefined, '1.1.1.1', undefined],
  ])('of peer %p with X-Forwarded-For %p is %p', (peer, forwarded, expected) => {
    expect(seen(proxies, peer, forwarded)).toBe(expected)
  })

  test('is the peer when no proxy is trusted', () => {
    expect(seen([], '10.1.1.1', '1.1.1.1')).toBe('10.1.1.1')
  })

  test.each(['10.0.0.0/33', 'proxy.example', '10.0.0.0/', '::/129'])(
    '%p is refused as a proxy when the process starts',
    proxy => {
      expect(() => readConfig({ TRUSTED_PROXIES: proxy })).toThrow('TRUSTED_PROXIES must be addresses')
    },
  )

  test('stands in the audit', async () => {
    const client = withConfig({ TRUSTED_PROXIES: ['10.0.0.0/8'] }, '10.1.1.1')
    const account = { email: `${crypto.randomUUID()}@example.com`, password: 'a long password' }
    const { body } = await client.post('/v1/auth/register', account, { 'x-forwarded-for': '203.0.113.9' })
    const rows = await trove.database.sql`
      select ip_address from audit_entries where user_id = ${body.user.id}`
    expect([...rows]).toEqual([{ ip_address: '203.0.113.9' }])
  })
})

// The embedded database has no timer that could stop a statement.
test.skipIf(!usesRealPostgres)('a statement over its time is 504, with the time in seconds', async () => {
  const { sql } = trove.database
  await sql.unsafe(`alter table users rename to slow_users;
    create view users as select u.* from slow_users u, pg_sleep(2)`)
  const { status, body } = await user.get('/v1/auth/me')
  await sql.unsafe('drop view users; alter table slow_users rename to users')
  expect(status).toBe(504)
  expect(body).toMatchObject({ error_code: 'STATEMENT_TIMEOUT', timeout_duration: 0.4 })
})
