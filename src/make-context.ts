import { type BreakerOptions, createBreakers } from './breakers.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import type { Database } from './database/connection.ts'
import { createFetcher } from './http/fetch.ts'
import { createPageReader } from './library/platforms/page-reader.ts'
import type { Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createModels } from './models/models.ts'
import type { ModelLimits } from './models/openai/provider.ts'
import { Queue } from './queue.ts'
import { ROOMS } from './rooms.ts'

/**
 * What routes and jobs of this process work with.
 * @param patience what a test of an outage has not the time for
 */
export function makeContext(
  config: Config,
  log: Log,
  database: Database,
  patience: { breakers?: BreakerOptions; models?: ModelLimits } = {},
): Context {
  const breakers = createBreakers(log, patience.breakers)
  return {
    config,
    log,
    database,
    queue: new Queue(database, config, log),
    metrics: createMetrics(),
    breakers,
    models: createModels(config, { sql: database.sql, breakers, log }, patience.models),
    fetcher: createFetcher(config),
    reader: createPageReader(),
    listeners: ROOMS.flatMap(({ listeners = [] }) => listeners),
  }
}
