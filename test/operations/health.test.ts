import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import { openDatabase } from '../../src/ground/database/connection.ts'
import { clientOf, startTrove, type Trove } from '../support/app.ts'
import { testConfig } from '../support/database.ts'

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

  test('has a version and the time', async () => {
    const { body } = await trove.get('/health')
    expect(body.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(body.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(Math.abs(Date.parse(body.timestamp) - Date.now())).toBeLessThan(60_000)
  })

  test('answers 200 and degraded when the database is away, while /ready says 503', async () => {
    const config = testConfig({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' })
    const database = await openDatabase(config)
    const { app } = createApp({ ...trove.context, config, database })
    const client = clientOf(request => app.handle(request))
    const { status, body } = await client.get('/health')
    const ready = await client.get('/ready')
    await database.close()
    expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '5'])
    expect(ready.body.error_code).toBe('DATABASE_UNAVAILABLE')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'degraded',
      services: { database: 'unhealthy', queue: 'unhealthy', vector_db: 'unhealthy' },
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

describe('the API’s docs', () => {
  test('load nothing from another host', async () => {
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
