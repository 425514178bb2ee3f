// A provider that is away: it is left alone after a few calls, nothing is lost, and all is done when it is back.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type OpenaiSimulator, startOpenaiSimulator } from '../simulators/openai.ts'
import { type Simulator, type Source, startPlatformSimulator } from '../simulators/platforms.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { usesRealPostgres } from '../support/database.ts'
import { countEffects, onceEach } from './effects.ts'

const SAVES = 60
const MOST_CALLS = 20
/** More than there are: some were put off again. */
const PUT_OFF = SAVES + 5
const TIMEOUT_MS = 1000
const SOURCES: Source[] = ['youtube_data_api', 'youtube_oembed', 'youtube_page']

let platform: Simulator
let models: OpenaiSimulator
let trove: Trove
let user: User
beforeAll(async () => {
  platform = await startPlatformSimulator()
  models = await startOpenaiSimulator()
})
afterAll(async () => {
  await platform.close()
  await models.close()
})
beforeEach(async () => {
  platform.requests.length = 0
  const patience = {
    openSeconds: 1,
    modelLimits: { chat_timeout_ms: TIMEOUT_MS, embed_timeout_ms: TIMEOUT_MS },
  }
  trove = await startTrove({ ...platform.env, ...models.env, CLUSTER_MIN_ITEMS: '1000' }, patience)
  user = await trove.register()
})
afterEach(async () => {
  platform.recover()
  models.recover()
  await trove.stop()
})

async function save(count = SAVES): Promise<void> {
  const items = platform.videos
    .slice(0, count)
    .map(({ video_id }) => ({ url: `https://youtu.be/${video_id}` }))
  expect((await user.post('/v1/items/batch', { items })).status).toBe(200)
}

const breaker = (name: string) => trove.context.breakers.states()[name]
const outcomes = async (outcome: string) => {
  const { values } = await trove.context.metrics.jobs.get()
  return values.filter(({ labels }) => labels.outcome === outcome).reduce((sum, { value }) => sum + value, 0)
}

/** Waits until the breaker has opened, and gives how many calls that took. */
async function untilOpen(name: string, calls: () => number): Promise<number> {
  while (breaker(name) !== 'open') await delay(1)
  return calls()
}

async function untilMetrics(line: string): Promise<void> {
  while (!(await trove.get('/metrics')).body.split('\n').includes(line)) await delay(10)
}

const note = async (what: string, calls: number) =>
  console.log(
    `provider-outage: ${what}: ${calls} calls, ${await outcomes('put_off')} put off, ${await outcomes('retried')} tries used`,
  )

/** All is done once, and nothing went to the dead-letter queue. */
async function expectAllDone(saves = SAVES): Promise<void> {
  await trove.untilItems(user, saves)
  const { retried_jobs, chain_jobs, completed_jobs, ...effects } = await countEffects(trove.database.sql)
  // Who was put off is a new job.
  const { chain_jobs: _, completed_jobs: __, ...once } = onceEach(saves)
  expect(effects).toEqual(once)
  expect(completed_jobs).toBe(chain_jobs)
}

const ALL_OUTAGES = [
  ['error_500', 'error_500'],
  ['hang', 'hang'],
  ['prose', 'no_vectors'],
] as const
// Which database it is makes no difference to the provider: one of them will do for the slower.
const OUTAGES = usesRealPostgres ? ALL_OUTAGES : ALL_OUTAGES.slice(0, 1)

describe('a provider of models that is away', () => {
  test.each(OUTAGES)(
    '(%s) is left alone, and its jobs wait for it without using up their tries',
    async (chat, embeddings) => {
      models.fail('chat', chat)
      models.fail('embeddings', embeddings)
      await save()
      await trove.work()
      expect(await untilOpen('openai', () => models.calls.length)).toBeLessThanOrEqual(MOST_CALLS)
      expect((await trove.get('/health')).body).toMatchObject({
        status: 'degraded',
        services: { ai: 'unhealthy' },
      })
      await untilMetrics('trove_breaker_state{breaker="openai"} 2')

      while ((await outcomes('put_off')) < PUT_OFF) await delay(20)
      const waiting = await trove.database.sql`
        select from pgboss.job
        where name in ('fetch-content', 'understand-content', 'embed-content') and state < 'completed'`
      expect(waiting).toHaveLength(SAVES)
      await note(chat, models.calls.length)
      models.recover()
      await expectAllDone()
      expect((await trove.get('/health')).body.services.ai).toBe('healthy')
      await untilMetrics('trove_breaker_state{breaker="openai"} 0')
    },
  )
})

test('a job at its last try that finds the provider still away is put off', async () => {
  const { sql } = trove.database
  for (const route of ['chat', 'embeddings'] as const) models.fail(route, 'error_500')
  await save()
  await trove.work()
  await untilOpen('openai', () => 0)
  while ((await outcomes('put_off')) + (await outcomes('retried')) < SAVES) await delay(20)
  const before = models.calls.length
  await sql`
    update pgboss.job
    set retry_count = retry_limit
    where name = 'understand-content' and state in ('created', 'retry')`
  while (models.calls.length === before || breaker('openai') !== 'open') await delay(5)
  models.recover()
  await expectAllDone()
})

describe('a platform that is away', () => {
  test('is left alone, and what was saved waits for it', async () => {
    for (const source of SOURCES) platform.fail(source, 'error_500')
    await save()
    await trove.work()
    expect(await untilOpen('youtube', () => platform.requests.length)).toBeLessThanOrEqual(MOST_CALLS)
    await untilMetrics('trove_breaker_state{breaker="youtube"} 2')
    while ((await outcomes('put_off')) < PUT_OFF) await delay(20)
    await note('platform', platform.requests.length)
    platform.recover()
    await expectAllDone()
  })
})
