// What the server tells of itself to who looks after it.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { createApp } from '../../src/app.ts'
import { createBreakers } from '../../src/ground/breakers.ts'
import { createMetrics } from '../../src/ground/metrics/metrics.ts'
import { type Client, clientOf, startTrove, type Trove } from '../support/app.ts'
import { addUser } from '../support/token.ts'

const PATH = '/v1/health/detailed'

let trove: Trove
let tokens: Record<string, string>
const opened: (() => Promise<void>)[] = []
beforeAll(async () => {
  trove = await startTrove()
  const { sql } = trove.database
  const made = ['normal', 'superuser', 'admin'].map(async role => {
    const { id, token } = await addUser(sql, trove.context.config.JWT_SECRET_KEY!)
    await sql`update users set role = ${role} where id = ${id}`
    return [role, token]
  })
  tokens = Object.fromEntries(await Promise.all(made))
})
afterAll(async () => {
  await Promise.all(opened.map(close => close()))
  await trove.stop()
})

/** A process that has counted nothing yet. */
function fresh({ isReady = true } = {}) {
  const context = { ...trove.context, metrics: createMetrics(), breakers: createBreakers(trove.context.log) }
  const { app, close } = createApp(
    context,
    () => isReady,
    () => true,
  )
  opened.push(close)
  const as = (role: string): Client =>
    clientOf(request => app.handle(request), { authorization: `Bearer ${tokens[role]}` })
  return { context, as }
}

describe('detailed health', () => {
  test('is for those who may read it', async () => {
    const { as } = fresh()
    const statuses = await Promise.all(
      Object.keys(tokens).map(async role => [role, (await as(role).get(PATH)).status]),
    )
    expect(Object.fromEntries(statuses)).toEqual({ normal: 403, superuser: 200, admin: 200 })
    expect((await trove.get(PATH)).status).toBe(401)
  })

  test('tells what is there, and how much of the machine is in use', async () => {
    const { health } = (await fresh().as('superuser').get(PATH)).body
    expect(health).toMatchObject({
      status: 'healthy',
      checks: {
        database: { status: 'healthy', queue: 'healthy', vector_db: 'healthy' },
        llm: { status: 'healthy', provider: 'local' },
        circuit_breakers: {},
      },
    })
    expect(health.uptime_seconds).toBeGreaterThan(0)
    expect(health.checks.database.answer_ms).toBeGreaterThan(0)
    const { cpu_percent, memory_percent, disk_percent } = health.checks.system
    for (const percent of [memory_percent, disk_percent]) {
      expect(percent).toBeGreaterThan(0)
      expect(percent).toBeLessThanOrEqual(100)
    }
    expect(cpu_percent).toBeGreaterThanOrEqual(0)
    expect(cpu_percent).toBeLessThanOrEqual(100)
  })

  test('is degraded while a breaker is open', async () => {
    const { context, as } = fresh()
    const fail = () => context.breakers.call('far', () => Promise.reject(new Error())).catch(() => {})
    for (let i = 0; i < 5; i++) await fail()
    const { health } = (await as('admin').get(PATH)).body
    expect([health.status, health.checks.circuit_breakers]).toEqual(['degraded', { far: 'open' }])
  })

  test('counts what this process answered', async () => {
    const { context, as } = fresh({ isReady: false })
    const client = as('admin')
    await client.get(PATH)
    // It is counted a macrotask after it was given.
    for (const path of ['/health', '/v1/health', '/ready']) await client.get(path)
    await new Promise(resolve => setImmediate(resolve))
    context.metrics.streams.inc(2)
    const { metrics } = (await client.get(PATH)).body
    expect(metrics).toMatchObject({ requests_per_minute: 4, error_rate: 0.25, active_connections: 3 })
    expect(metrics.average_response_time).toBeGreaterThan(0)
    expect(metrics.average_response_time).toBeLessThan(5)
  })

  test('shows admins alone what everybody did in the last hour', async () => {
    const { sql } = trove.database
    await sql`delete from audit_entries`
    const somebody = randomUUID()
    for (let i = 59; i >= 0; i--) {
      await sql`
        insert into audit_entries (user_id, id, action, resource_type, created_at)
        values (${somebody}, ${uuidv7()}, ${`deed ${i}`}, 'user', now() - make_interval(mins => ${i}, secs => 30))`
    }
    const { as } = fresh()
    expect((await as('superuser').get(PATH)).body.logs).toEqual([])
    const { logs } = (await as('admin').get(PATH)).body
    expect(logs.map(({ action }: { action: string }) => action)).toEqual(
      Array.from({ length: 50 }, (_, i) => `deed ${i}`),
    )
    expect(logs[0].user_id).toBe(somebody)
    await sql`update audit_entries set created_at = now() - interval '61 minutes'`
    expect((await as('admin').get(PATH)).body.logs).toEqual([])
  })
})

describe('a probe', () => {
  test('answers at the paths of other systems as at its own', async () => {
    for (const probe of ['health', 'ready']) {
      const own = await trove.get(`/${probe}`)
      for (const path of [`/v1/${probe}`, `/api/v1/${probe}`]) {
        const { status, body } = await trove.get(path)
        const { timestamp: _, ...rest } = body
        expect([path, status, { ...own.body, ...rest }]).toEqual([path, 200, own.body])
      }
    }
  })

  test('there is answered by a worker, and while a process starts', async () => {
    const config = { ...trove.context.config, ROLE: 'worker' as const }
    const { app, close } = createApp({ ...trove.context, config }, () => false)
    opened.push(close)
    const client = clientOf(request => app.handle(request))
    const statuses = await Promise.all(
      ['/v1/health', '/api/v1/health', '/v1/ready', '/api/v1/ready', '/v1/config'].map(
        async path => (await client.get(path)).status,
      ),
    )
    expect(statuses).toEqual([200, 200, 503, 503, 421])
  })
})
