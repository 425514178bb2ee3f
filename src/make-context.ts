import type { Config } from './config/config.ts'
import type { Context } from './context.ts'
import { type BreakerOptions, breakerOptions, createBreakers } from './ground/breakers.ts'
import type { Database } from './ground/database/connection.ts'
import type { Log } from './ground/log/log.ts'
import { createMetrics } from './ground/metrics/metrics.ts'
import { Queue } from './ground/queue/queue.ts'
import { liveSettings } from './ground/settings/settings.ts'
import { createPageReader } from './ingestion/platforms/pages/page-reader.ts'
import { createPlatformFetcher } from './ingestion/platforms/platform-fetcher.ts'
import { createModels } from './models/models.ts'
import type { ModelLimits } from './models/openai/provider.ts'
import { PERSONAL, ROOMS } from './rooms.ts'

/**
 * What routes and jobs of this process work with.
 * @param patience what a test of an outage has not the time for
 */
export function makeContext(
  config: Config,
  log: Log,
  database: Database,
  patience: { breakers?: Partial<BreakerOptions>; models?: ModelLimits } = {},
): Context {
  const breakers = createBreakers(log, () => ({
    ...breakerOptions(liveSettings(context).now()),
    ...patience.breakers,
  }))
  const context: Context = {
    config,
    log,
    database,
    queue: new Queue(database, config, log),
    metrics: createMetrics(),
    breakers,
    models: createModels(config, { sql: database.sql, breakers, log }, patience.models),
    fetcher: createPlatformFetcher(config),
    reader: createPageReader(),
    listeners: ROOMS.flatMap(({ listeners = [] }) => listeners),
    personal: PERSONAL,
  }
  return context
}
