import type { Config } from './config/config.ts'
import type { Breakers } from './ground/breakers.ts'
import type { Database } from './ground/database/connection.ts'
import type { Listener } from './ground/domain-events.ts'
import type { Fetcher } from './ground/fetch/fetch.ts'
import type { Log } from './ground/log/log.ts'
import type { Metrics } from './ground/metrics/metrics.ts'
import type { Queue } from './ground/queue/queue.ts'
import type { Personal } from './ground/table.ts'
import type { PageReader } from './ingestion/platforms/pages/page-reader.ts'
import type { Models } from './models/models.ts'

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
  /** What all rooms keep of a user. */
  personal: Personal
}
