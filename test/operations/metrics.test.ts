import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { serveRoutes } from '../../src/app.ts'
import { createMetrics } from '../../src/ground/metrics/metrics.ts'
import { createMetricsRoutes } from '../../src/operations/metrics/routes.ts'
import { GAUGES } from '../../src/rooms.ts'
import { startTrove, type Trove } from '../support/app.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

/** An answer is counted a macrotask after it was given. */
const scrape = async () => {
  await new Promise(resolve => setImmediate(resolve))
  return (await trove.get('/metrics')).body as string
}
const sample = (text: string, line: string) =>
  text
    .split('\n')
    .find(it => it.startsWith(line))
    ?.slice(line.length + 1)

describe('/metrics', () => {
  test('counts requests by pattern, method and status, never by path', async () => {
    const user = await trove.register()
    const id = crypto.randomUUID()
    await user.get(`/v1/items/${id}`)
    await user.get(`/v1/items/${crypto.randomUUID()}`)
    await trove.get('/nowhere/at/all')
    const text = await scrape()
    expect(sample(text, 'api_requests_total{method="GET",endpoint="/v1/items/:id",status="404"}')).toBe('2')
    expect(sample(text, 'api_requests_total{method="GET",endpoint="none",status="404"}')).toBe('1')
    expect(sample(text, 'api_request_duration_seconds_count{method="GET",endpoint="/v1/items/:id"}')).toBe(
      '2',
    )
    expect(text).not.toContain(id)
    expect(text).not.toContain('nowhere')
  })

  test('tells how deep each queue is and how long its oldest job has waited', async () => {
    const user = await trove.register()
    const { job_id } = (await user.post('/v1/items', { url: 'https://youtu.be/metrics0001' })).body
    await trove.database
      .sql`update pgboss.job set start_after = now() - interval '90 seconds' where id = ${job_id}`
    const text = await scrape()
    expect(Number(sample(text, 'trove_queue_oldest_seconds{queue="fetch-content"}'))).toBeGreaterThanOrEqual(
      90,
    )
    expect(Number(sample(text, 'trove_queue_oldest_seconds{queue="embed-content"}'))).toBe(0)
    expect(sample(text, 'trove_queue_jobs{queue="fetch-content",state="queued"}')).toBeDefined()
  })

  test('tells the state of each breaker', async () => {
    const { breakers } = trove.context
    await breakers.call('well', async () => {})
    for (let i = 0; i < 5; i++) await breakers.call('ill', () => Promise.reject(new Error())).catch(() => {})
    const text = await scrape()
    expect(sample(text, 'trove_breaker_state{breaker="well"}')).toBe('0')
    expect(sample(text, 'trove_breaker_state{breaker="ill"}')).toBe('2')
  })

  test('tells what the models cost today', async () => {
    await trove.database.sql`
      insert into model_usage (day, model, calls, tokens_in, tokens_out, cost_usd)
      values ((now() at time zone 'utc')::date, 'm', 1, 1000, 20, 0.25), ('2020-01-01', 'm', 1, 5, 5, 9)`
    const text = await scrape()
    expect(sample(text, 'trove_model_cost_usd_today{model="m"}')).toBe('0.25')
    expect(sample(text, 'trove_model_tokens_today{model="m",direction="in"}')).toBe('1000')
  })

  test('asks for its token where there is one, and answers nobody in production without', async () => {
    const guarded = await startTrove({ METRICS_TOKEN: 'a-token-of-my-own' })
    try {
      expect((await guarded.get('/metrics')).status).toBe(401)
      expect((await guarded.get('/metrics', { authorization: 'Bearer a-token' })).status).toBe(401)
      expect((await guarded.get('/metrics', { authorization: 'Bearer a-token-of-my-own' })).status).toBe(200)
    } finally {
      await guarded.stop()
    }
    const config = { ...trove.context.config, ENVIRONMENT: 'production' as const }
    const context = { ...trove.context, config, metrics: createMetrics() }
    const { routes, close } = createMetricsRoutes(context, [], GAUGES)
    const app = serveRoutes(context, routes)
    expect((await app.handle(new Request('http://localhost/metrics'))).status).toBe(401)
    close()
  })
})
