// What is looked up when somebody asks, rather than counted as it happens.
import { Gauge, type Registry } from 'prom-client'
import type { BreakerState } from '../../breakers.ts'
import type { Context } from '../../context.ts'
import { findConnections, findQueueDepths, findUsage, findWaits } from './store.ts'

const BREAKER_LEVEL: Record<BreakerState, number> = { closed: 0, half_open: 1, open: 2 }
const LAG_EVERY_MS = 500

/** Adds them to `registry`. @returns what stops the clock that measures the event loop. */
export function addGauges({ breakers, config, database, log }: Context, registry: Registry): () => void {
  const { sql } = database
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    look: (gauge: Gauge<Label>) => void | Promise<void>,
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        this.reset()
        // What cannot be looked up is left out: the rest is wanted most while the database is away.
        await Promise.resolve(look(this)).catch(error => log.debug('A gauge was not read', { name, error }))
      },
    })

  gauge('trove_queue_jobs', 'Jobs in a queue, by state.', ['queue', 'state'], async gauge => {
    for (const { queue, ...states } of await findQueueDepths(sql)) {
      for (const [state, jobs] of Object.entries(states)) gauge.set({ queue, state }, jobs)
    }
  })
  gauge('trove_queue_oldest_seconds', 'How long the oldest due job has waited.', ['queue'], async gauge => {
    for (const { queue, seconds } of await findWaits(sql)) gauge.set({ queue }, seconds)
  })
  gauge('trove_breaker_state', '0 closed, 1 half open, 2 open.', ['breaker'], gauge => {
    for (const [breaker, state] of Object.entries(breakers.states())) {
      gauge.set({ breaker }, BREAKER_LEVEL[state])
    }
  })
  gauge('trove_database_connections', 'Open connections.', ['application', 'state'], async gauge => {
    for (const { connections, ...labels } of await findConnections(sql)) gauge.set(labels, connections)
  })
  gauge('trove_model_cost_usd_today', 'What a model cost since midnight UTC.', ['model'], async gauge => {
    for (const { model, cost_usd } of await findUsage(sql)) gauge.set({ model }, cost_usd)
  })
  gauge('trove_model_tokens_today', 'Tokens since midnight UTC.', ['model', 'direction'], async gauge => {
    for (const { model, tokens_in, tokens_out } of await findUsage(sql)) {
      gauge.set({ model, direction: 'in' }, tokens_in)
      gauge.set({ model, direction: 'out' }, tokens_out)
    }
  })
  gauge('trove_model_budget_usd_day', 'The ceiling; 0 when there is none.', [], gauge => {
    gauge.set(config.MODEL_BUDGET_USD_DAY ?? 0)
  })
  gauge('trove_resident_memory_bytes', 'Memory of this process.', [], gauge => {
    gauge.set(process.memoryUsage().rss)
  })
  const lag = measureLag()
  gauge('trove_event_loop_lag_seconds', 'The longest delay since the last scrape.', [], gauge => {
    gauge.set(lag.longest() / 1000)
  })
  return lag.stop
}

/** A timer that comes late tells how long the event loop was held. */
function measureLag(): { longest: () => number; stop: () => void } {
  let longest = 0
  let due = performance.now() + LAG_EVERY_MS
  const look = () => {
    longest = Math.max(longest, performance.now() - due, 0)
  }
  const timer = setInterval(() => {
    look()
    due = performance.now() + LAG_EVERY_MS
  }, LAG_EVERY_MS)
  timer.unref()
  return {
    longest: () => {
      look()
      const found = longest
      longest = 0
      return found
    },
    stop: () => clearInterval(timer),
  }
}
