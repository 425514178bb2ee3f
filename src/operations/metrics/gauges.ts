// What is looked up when somebody asks, rather than counted as it happens.
import process from 'node:process'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Context } from '../../context.ts'
import type { BreakerState } from '../../ground/breakers.ts'
import { inTime } from '../../ground/in-time.ts'
import { DEAD_LETTER } from '../../ground/queue/queue.ts'
import { VERSION } from '../../ground/version.ts'
import { measureLag } from './measure-lag.ts'
import { memoryLimit } from './memory-limit.ts'
import {
  ask,
  countDeadLetters,
  countWebhooks,
  findConnections,
  findLastDone,
  findQueueDepths,
  findSize,
  findUsage,
  findWaits,
} from './store.ts'

const BREAKER_LEVEL: Record<BreakerState, number> = { closed: 0, half_open: 1, open: 2 }
/** Who scrapes gives up after ten seconds, and then has nothing at all. */
const PATIENCE_MS = 2000
/** Less, so that what waits for this answer still hears that there is none. */
const ANSWER_MS = 1500

type Sample<Label extends string> = [labels: Partial<Record<Label, string>>, value: number]

export interface Outlook {
  isReady: () => boolean
  /** The queues of what the clock starts. */
  clockQueues: string[]
}

/** Adds them to `registry`. @returns what stops the clock that measures the event loop. */
export function addGauges(
  { breakers, config, database, log }: Context,
  registry: Registry,
  { isReady, clockQueues }: Outlook,
): () => void {
  const { sql } = database
  const registers = [registry]
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    look: () => Sample<Label>[] | Promise<Sample<Label>[]>,
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        this.reset()
        if (labelNames.length === 0) this.remove()
        // What cannot be looked up is left out: the rest is wanted most while the database is away.
        const samples = await inTime((async () => look())(), PATIENCE_MS, noAnswer).catch(error => {
          log.debug('A gauge was not read', { name, error })
          return []
        })
        for (const [labels, value] of samples) this.set(labels, value)
      },
    })
  const value = (name: string, help: string, look: () => number | Promise<number>) =>
    gauge(name, help, [], async () => [[{}, await look()]])

  // First of those that ask the database, so that it waits for no other.
  let answerSeconds: Promise<number | undefined>
  gauge(
    'trove_database_answer_seconds',
    'Seconds for `select 1`, including the wait for a connection.',
    [],
    async () => {
      answerSeconds = inTime(
        timed(() => ask(sql)),
        ANSWER_MS,
        noAnswer,
      ).catch(() => undefined)
      const seconds = await answerSeconds
      return seconds === undefined ? [] : [[{}, seconds]]
    },
  )
  value('trove_database_up', '1 when the database answered in time.', async () =>
    (await answerSeconds) === undefined ? 0 : 1,
  )
  value(
    'trove_database_pool_size',
    'The most connections this process opens for itself.',
    () => config.DATABASE_POOL_SIZE,
  )
  gauge('trove_database_connections', 'Open connections.', ['application', 'state'], async () =>
    (await findConnections(sql)).map(({ connections, ...labels }) => [labels, connections]),
  )
  value('trove_database_size_bytes', 'The database on its server’s disk.', () => findSize(sql))

  gauge('trove_queue_jobs', 'Jobs in a queue, by state.', ['queue', 'state'], async () =>
    (await findQueueDepths(sql)).flatMap(({ queue, ...states }) =>
      Object.entries(states).map(([state, jobs]): Sample<'queue' | 'state'> => [{ queue, state }, jobs]),
    ),
  )
  gauge('trove_queue_oldest_seconds', 'How long the oldest due job has waited.', ['queue'], async () =>
    (await findWaits(sql)).map(({ queue, seconds }) => [{ queue }, seconds]),
  )
  gauge(
    'trove_dead_letters',
    'Jobs that failed for good, by the queue they came from.',
    ['queue'],
    async () => (await countDeadLetters(sql, DEAD_LETTER)).map(({ queue, jobs }) => [{ queue }, jobs]),
  )
  gauge(
    'trove_clock_last_done_timestamp_seconds',
    'When what the clock starts was last done.',
    ['queue'],
    async () => (await findLastDone(sql, clockQueues)).map(({ queue, at }) => [{ queue }, at]),
  )
  gauge('trove_breaker_state', '0 closed, 1 half open, 2 open.', ['breaker'], () =>
    Object.entries(breakers.states()).map(([breaker, state]) => [{ breaker }, BREAKER_LEVEL[state]]),
  )

  // Asked for once a scrape: the gauges are read in their order.
  let usage: ReturnType<typeof findUsage>
  gauge('trove_model_calls_today', 'Calls since midnight UTC.', ['model'], async () => {
    usage = findUsage(sql)
    return (await usage).map(({ model, calls }) => [{ model }, calls])
  })
  gauge('trove_model_cost_usd_today', 'What a model cost since midnight UTC.', ['model'], async () =>
    (await usage).map(({ model, cost_usd }) => [{ model }, cost_usd]),
  )
  gauge('trove_model_tokens_today', 'Tokens since midnight UTC.', ['model', 'direction'], async () =>
    (await usage).flatMap(({ model, tokens_in, tokens_out }): Sample<'model' | 'direction'>[] => [
      [{ model, direction: 'in' }, tokens_in],
      [{ model, direction: 'out' }, tokens_out],
    ]),
  )
  value(
    'trove_model_budget_usd_day',
    'The ceiling; 0 when there is none.',
    () => config.MODEL_BUDGET_USD_DAY ?? 0,
  )
  gauge('trove_webhooks', 'Webhooks: active, failing, disabled by Trove, or off.', ['state'], async () =>
    Object.entries(await countWebhooks(sql)).map(([state, webhooks]) => [{ state }, webhooks]),
  )

  gauge('trove_info', 'Always 1: what runs here.', ['version', 'role'], () => [
    [{ version: VERSION, role: config.ROLE }, 1],
  ])
  value('trove_ready', '0 while starting and stopping.', () => (isReady() ? 1 : 0))
  const started = Date.now() / 1000 - process.uptime()
  value('process_start_time_seconds', 'When this process started, since 1970.', () => started)
  value('trove_resident_memory_bytes', 'Memory of this process.', () => process.memoryUsage().rss)
  value('trove_memory_limit_bytes', 'What the container or the machine has.', () => memoryLimit())
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of this process, its threads included.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      this.reset()
      this.inc((user + system) / 1e6)
    },
  })
  const lag = measureLag()
  value(
    'trove_event_loop_lag_seconds',
    'The longest delay since the last scrape.',
    () => lag.longest() / 1000,
  )
  return lag.stop
}

/** @throws when `look` has no answer in time; what it answers later is not heard. */
const noAnswer = () => new Error('There was no answer in time')

async function timed(ask: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await ask()
  return (performance.now() - start) / 1000
}
