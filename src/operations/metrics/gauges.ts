// What an operator asks of the process, its database and its queue. Rooms have gauges of their own.
import process from 'node:process'
import { Counter, type Registry } from 'prom-client'
import type { Context } from '../../context.ts'
import type { BreakerState } from '../../ground/breakers.ts'
import { inTime } from '../../ground/in-time.ts'
import { addGauges, type Gauges, noAnswer, type Sample } from '../../ground/metrics/gauge.ts'
import { DEAD_LETTER } from '../../ground/queue/queue.ts'
import { VERSION } from '../../ground/version.ts'
import { measureLag } from './measure-lag.ts'
import { memoryLimit } from './memory-limit.ts'
import {
  ask,
  countDeadLetters,
  findConnections,
  findLastDone,
  findQueueDepths,
  findSize,
  findWaits,
} from './store.ts'

const BREAKER_LEVEL: Record<BreakerState, number> = { closed: 0, half_open: 1, open: 2 }
/** Less than a gauge has, so that what waits for this answer still hears that there is none. */
const ANSWER_MS = 1500

export interface Outlook {
  isReady: () => boolean
  /** The queues of what the clock starts. */
  clockQueues: string[]
  /** Of the rooms. */
  gauges: Gauges<Context>
}

/** Adds all gauges to `registry`. @returns what stops the clock that measures the event loop. */
export function addAllGauges(context: Context, registry: Registry, outlook: Outlook): () => void {
  const lag = measureLag()
  addGauges(context, registry, {
    ...ofDatabase(context),
    ...ofQueue(outlook.clockQueues),
    ...outlook.gauges,
    ...ofProcess(outlook.isReady),
    trove_event_loop_lag_seconds: {
      help: 'The longest delay since the last scrape.',
      look: () => lag.longest() / 1000,
    },
  })
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of this process, its threads included.',
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage()
      this.reset()
      this.inc((user + system) / 1e6)
    },
  })
  return lag.stop
}

function ofDatabase({ database: { sql } }: Context): Gauges<Context> {
  // First of those that ask the database, so that it waits for no other.
  let answerSeconds: Promise<number | undefined>
  return {
    trove_database_answer_seconds: {
      help: 'Seconds for `select 1`, including the wait for a connection.',
      look: async () => {
        answerSeconds = inTime(
          timed(() => ask(sql)),
          ANSWER_MS,
          noAnswer,
        ).catch(() => undefined)
        return (await answerSeconds) ?? []
      },
    },
    trove_database_up: {
      help: '1 when the database answered in time.',
      look: async () => ((await answerSeconds) === undefined ? 0 : 1),
    },
    trove_database_pool_size: {
      help: 'The most connections this process opens for itself.',
      look: ({ config }) => config.DATABASE_POOL_SIZE,
    },
    trove_database_connections: {
      help: 'Open connections.',
      labels: ['application', 'state'],
      look: async () =>
        (await findConnections(sql)).map(({ connections, ...labels }) => [labels, connections]),
    },
    trove_database_size_bytes: {
      help: 'The database on its server’s disk.',
      look: () => findSize(sql),
    },
  }
}

const ofQueue = (clockQueues: string[]): Gauges<Context> => ({
  trove_queue_jobs: {
    help: 'Jobs in a queue, by state.',
    labels: ['queue', 'state'],
    look: async ({ database }) =>
      (await findQueueDepths(database.sql)).flatMap(({ queue, ...states }) =>
        Object.entries(states).map(([state, jobs]): Sample => [{ queue, state }, jobs]),
      ),
  },
  trove_queue_oldest_seconds: {
    help: 'How long the oldest due job has waited.',
    labels: ['queue'],
    look: async ({ database }) =>
      (await findWaits(database.sql)).map(({ queue, seconds }) => [{ queue }, seconds]),
  },
  trove_dead_letters: {
    help: 'Jobs that failed for good, by the queue they came from.',
    labels: ['queue'],
    look: async ({ database }) =>
      (await countDeadLetters(database.sql, DEAD_LETTER)).map(({ queue, jobs }) => [{ queue }, jobs]),
  },
  trove_clock_last_done_timestamp_seconds: {
    help: 'When what the clock starts was last done.',
    labels: ['queue'],
    look: async ({ database }) =>
      (await findLastDone(database.sql, clockQueues)).map(({ queue, at }) => [{ queue }, at]),
  },
  trove_breaker_state: {
    help: '0 closed, 1 half open, 2 open.',
    labels: ['breaker'],
    look: ({ breakers }) =>
      Object.entries(breakers.states()).map(([breaker, state]) => [{ breaker }, BREAKER_LEVEL[state]]),
  },
})

function ofProcess(isReady: () => boolean): Gauges<Context> {
  const started = Date.now() / 1000 - process.uptime()
  return {
    trove_info: {
      help: 'Always 1: what runs here.',
      labels: ['version', 'role'],
      look: ({ config }) => [[{ version: VERSION, role: config.ROLE }, 1]],
    },
    trove_ready: { help: '0 while starting and stopping.', look: () => (isReady() ? 1 : 0) },
    process_start_time_seconds: { help: 'When this process started, since 1970.', look: () => started },
    trove_resident_memory_bytes: { help: 'Memory of this process.', look: () => process.memoryUsage().rss },
    trove_memory_limit_bytes: { help: 'What the container or the machine has.', look: () => memoryLimit() },
  }
}

async function timed(ask: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await ask()
  return (performance.now() - start) / 1000
}
