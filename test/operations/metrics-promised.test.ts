// What the person on call was promised: each metric is there after real traffic, and no label holds what a user gave.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { serveRoutes } from '../../src/app.ts'
import { createMetrics, methodLabel } from '../../src/ground/metrics/metrics.ts'
import { memoryLimit } from '../../src/operations/metrics/memory-limit.ts'
import { createMetricsRoutes } from '../../src/operations/metrics/routes.ts'
import { GAUGES } from '../../src/rooms.ts'
import { startTrove } from '../support/app.ts'
import { usesRealPostgres } from '../support/database.ts'
import { readScrape } from './metrics-scrape.ts'
import { type Busy, busyTrove } from './metrics-traffic.ts'

let busy: Busy
beforeAll(async () => {
  busy = await busyTrove()
})
afterAll(() => busy.stop())

/** By the contract and the alerts: type, and labels besides `le`. */
const PROMISED: Record<string, [type: string, labels: string]> = {
  api_requests_total: ['counter', 'endpoint,method,status'],
  api_request_duration_seconds: ['histogram', 'endpoint,method'],
  trove_requests_open: ['gauge', ''],
  trove_queue_jobs: ['gauge', 'queue,state'],
  trove_queue_oldest_seconds: ['gauge', 'queue'],
  trove_dead_letters: ['gauge', 'queue'],
  trove_clock_last_done_timestamp_seconds: ['gauge', 'queue'],
  trove_jobs_total: ['counter', 'outcome,queue'],
  trove_job_duration_seconds: ['histogram', 'queue'],
  trove_breaker_state: ['gauge', 'breaker'],
  trove_database_up: ['gauge', ''],
  trove_database_answer_seconds: ['gauge', ''],
  trove_database_connections: ['gauge', 'application,state'],
  trove_database_pool_size: ['gauge', ''],
  trove_database_size_bytes: ['gauge', ''],
  trove_event_loop_lag_seconds: ['gauge', ''],
  trove_event_streams: ['gauge', ''],
  trove_webhooks: ['gauge', 'state'],
  trove_webhook_deliveries_total: ['counter', 'outcome'],
  trove_model_calls_today: ['gauge', 'model'],
  trove_model_tokens_today: ['gauge', 'direction,model'],
  trove_model_cost_usd_today: ['gauge', 'model'],
  trove_model_budget_usd_day: ['gauge', ''],
  trove_info: ['gauge', 'role,version'],
  trove_ready: ['gauge', ''],
  trove_resident_memory_bytes: ['gauge', ''],
  trove_memory_limit_bytes: ['gauge', ''],
  process_start_time_seconds: ['gauge', ''],
  process_cpu_seconds_total: ['counter', ''],
}

describe('after real traffic', () => {
  test('each promised metric has a sample, of its type and with its labels', () => {
    const found = Object.fromEntries(
      [...busy.scrape].map(([name, { type, labels }]) => [name, [type, labels.join()]]),
    )
    const promised = { ...PROMISED }
    // The embedded database has one session, and does not tell of it.
    if (!usesRealPostgres) delete promised.trove_database_connections
    expect(found).toEqual(promised as never)
  })

  test('tells what was done', () => {
    const { value } = busy
    expect(value('trove_jobs_total', { queue: 'embed-content', outcome: 'done' })).toBe(1)
    expect(value('trove_jobs_total', { queue: 'fetch-content', outcome: 'dead' })).toBe(1)
    expect(value('trove_dead_letters', { queue: 'fetch-content' })).toBe(1)
    expect(value('trove_dead_letters', { queue: 'embed-content' })).toBe(0)
    expect(value('trove_job_duration_seconds_count', { queue: 'cluster-library' })).toBe(1)
    expect(value('trove_webhook_deliveries_total', { outcome: 'success' })).toBe(1)
    expect(value('trove_webhooks', { state: 'active' })).toBe(1)
    expect(value('trove_event_streams')).toBe(1)
    expect(value('trove_database_up')).toBe(1)
    if (usesRealPostgres) {
      expect(value('trove_database_connections', { application: 'trove' })).toBeGreaterThan(0)
    }
    expect(value('trove_model_calls_today', { model: 'a-model' })).toBe(3)
    expect(value('trove_ready')).toBe(1)
  })

  test('a clock’s job counts from when its queue was made until it is done', async () => {
    const { trove, value } = busy
    const [queue] = await trove.database.sql<{ at: number }[]>`
      select extract(epoch from created_on)::float8 as at from pgboss.queue where name = 'drop-old-rows'`
    expect(value('trove_clock_last_done_timestamp_seconds', { queue: 'drop-old-rows' })).toBeCloseTo(
      queue!.at,
      2,
    )
    const done = value('trove_clock_last_done_timestamp_seconds', { queue: 'reconcile-contents' })
    expect(Math.abs(Date.now() / 1000 - done)).toBeLessThan(60)
  })

  test('no label holds an id, an address or an email, and none has many values', () => {
    const given = [busy.user.email, busy.user.id, busy.user.token, ...busy.given]
    for (const { name, labels } of busy.samples) {
      for (const [label, text] of Object.entries(labels)) {
        expect([name, label, text]).toEqual([
          name,
          label,
          expect.not.stringMatching(/@|[0-9a-f]{8}-[0-9a-f]{4}-|:\/\/|\d+\.\d+\.\d+\.\d+|\?/),
        ])
        for (const value of given) expect(text).not.toContain(value)
      }
    }
    for (const [name, { series }] of busy.scrape) expect([name, series < 600]).toEqual([name, true])
  })

  test('a stream that its client leaves is taken off', async () => {
    await busy.leaveStream()
    expect(readScrape(await busy.read()).value('trove_event_streams')).toBe(0)
  })
})

test('a method that a client made up is no label of its own', () => {
  expect(methodLabel('GET')).toBe('GET')
  expect(methodLabel('ADA-EXAMPLE')).toBe('other')
})

test('not ready, and a database that is away: both are told, and the rest as well', async () => {
  const away = await startTrove()
  const metrics = createMetrics()
  const context = { ...away.context, metrics }
  const { routes, close } = createMetricsRoutes(context, [], GAUGES, () => false)
  await away.database.sql.end()
  const text = await (
    await serveRoutes(context, routes).handle(new Request('http://localhost/metrics'))
  ).text()
  close()
  const { value } = readScrape(text)
  expect(value('trove_ready')).toBe(0)
  expect(value('trove_database_up')).toBe(0)
  expect(value('process_start_time_seconds')).toBeGreaterThan(0)
  expect(text).not.toMatch(/^trove_database_answer_seconds /m)
  await away.stop()
})

test('the memory limit is the container’s, and the machine’s where there is none', () => {
  const folder = mkdtempSync(join(process.env.TMPDIR ?? '/tmp', 'trove-limit-'))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  expect(memoryLimit([file('a', '1048576\n')])).toBe(1048576)
  expect(memoryLimit([file('b', 'max\n')])).toBe(totalmem())
  expect(memoryLimit([join(folder, 'none'), file('c', '2097152')])).toBe(2097152)
  expect(memoryLimit([])).toBe(totalmem())
  rmSync(folder, { recursive: true })
})
