import type { Database } from './database/connection.ts'
import type { Log } from './log/log.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { GroundConfig } from './variables.ts'

/** What the ground works with, of all that routes and jobs have. */
export interface Ground {
  config: GroundConfig
  log: Log
  database: Database
  metrics: Metrics
}
