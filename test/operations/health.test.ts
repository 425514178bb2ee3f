import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import { clientOf, startTrove, type Trove } from '../support/app.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

describe('health', () => {
  test('names each service', async () => {
    const { status, body } = await trove.get('/health')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'healthy',
      services: { database: 'healthy', queue: 'healthy', vector_db: 'healthy', ai: 'healthy' },
    })
  })

  test('is not readiness: while starting all but health answers 503 with Retry-After', async () => {
    const { app } = createApp(trove.context, () => false)
    const client = clientOf(request => app.handle(request))
    expect((await client.get('/health')).status).toBe(200)
    for (const path of ['/ready', '/v1/items', '/v1/auth/me']) {
      const { status, headers } = await client.get(path)
      expect([path, status]).toEqual([path, 503])
      expect(headers.get('retry-after')).toBe('1')
    }
    expect((await trove.get('/ready')).body).toEqual({ status: 'ready' })
  })
})

describe('the API’s description', () => {
  test('is an OpenAPI 3.1 document of every route under /v1', async () => {
    const { body } = await trove.get('/openapi.json')
    expect(body.openapi).toStartWith('3.1')
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining([
        '/v1/auth/register',
        '/v1/items',
        '/v1/items/{id}',
        '/v1/clusters/{id}',
        '/health',
      ]),
    )
    const save = body.paths['/v1/items'].post
    expect(save.requestBody.content['application/json'].schema.properties).toHaveProperty('raw_share_text')
    expect(save.responses['422'].content).toHaveProperty(['application/problem+json'])
  })

  test('has a page that loads nothing from another host', async () => {
    const { status, body, headers } = await trove.get('/docs')
    expect(status).toBe(200)
    expect(body).not.toMatch(/(src|href)="(https?:)?\/\//)
    expect(headers.get('content-security-policy')).toContain("script-src 'self'")
    for (const [, path] of body.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)) {
      expect([path, (await trove.get(path)).status]).toEqual([path, 200])
    }
  })
})

describe('the queue dashboard', () => {
  test('asks for the admin’s password', async () => {
    const { status, headers } = await trove.get('/admin/queues')
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toStartWith('Basic')
  })

  test('shows the queues to the admin', async () => {
    const authorization = `Basic ${btoa('admin:admin-for-tests')}`
    const { status, body } = await trove.get('/admin/queues', { authorization })
    expect(status).toBe(200)
    expect(body).toContain('<html')
  })
})
