import type { Breakers } from './breakers.ts'
import type { Config } from './config.ts'
import type { Database } from './database/connection.ts'
import type { Listener } from './domain-events.ts'
import type { Fetcher } from './http/fetch.ts'
import type { PageReader } from './library/platforms/page-reader.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Models } from './models/models.ts'
import type { Queue } from './queue.ts'

/** What routes and jobs work with: made once by `main.ts`, or by a test. */
export interface Context {
  config: Config
  log: Log
  database: Database
  queue: Queue
  metrics: Metrics
  breakers: Breakers
  models: Models
  fetcher: Fetcher
  reader: PageReader
  /** Whoever cares about what happens, in the order of the rooms. */
  listeners: Listener<Context>[]
}
