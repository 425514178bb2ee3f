// What an operator asks of this runtime: how the machine is, a setting that is heard of, a new connection, a cookie.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { clientOf, startTrove, type Trove, type User } from '../support/app.ts'

let trove: Trove
let admin: User
before(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'true' })
  admin = await trove.register()
  await trove.database.sql`update users set role = 'admin' where id = ${admin.id}`
})
after(() => trove.stop())

describe('an operator', () => {
  test('sees how the server and its machine are', async () => {
    await trove.get('/health')
    const { status, body } = await admin.get('/v1/health/detailed')
    assert.equal(status, 200)
    assert.equal(body.health.status, 'healthy')
    const { cpu_percent, memory_percent, disk_percent } = body.health.checks.system
    assert.ok(cpu_percent >= 0 && cpu_percent <= 100)
    assert.ok(memory_percent > 0 && memory_percent < 100)
    assert.ok(disk_percent > 0 && disk_percent <= 100)
    assert.ok(body.metrics.requests_per_minute > 0)
    assert.equal(body.metrics.active_connections, 1)
    assert.equal(body.logs[0].action, 'register')
  })

  test('sets a limit, which holds from then on', async () => {
    const policy = async () => (await admin.get('/v1/audit')).headers.get('ratelimit-policy')
    assert.equal(await policy(), '"default";q=300;w=60')
    const { status } = await admin.send('PUT', '/v1/config', {
      body: '{"rate_limit_max_requests":250}',
      headers: { 'content-type': 'application/json' },
    })
    assert.equal(status, 200)
    while ((await policy()) !== '"default";q=250;w=60');
  })

  test('tries the database', async () => {
    const { status, body } = await admin.post('/v1/config/test-database')
    assert.deepEqual([status, body.status], [200, 'success'])
  })

  test('opens the admin’s pages by a cookie', async () => {
    const { status, headers } = await admin.post('/admin/session')
    assert.equal(status, 204)
    const cookie = headers.get('set-cookie')!.split(';')[0]!
    const browser = clientOf(request => trove.handle(request), { cookie })
    assert.equal((await browser.get('/admin/dead-letters')).status, 200)
  })
})
