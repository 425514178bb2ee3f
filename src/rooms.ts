// The rooms, from bottom to top: the order of imports, of listeners and so of locks.
import { accounts } from './accounts/room.ts'
import { clustering } from './clustering/room.ts'
import type { Config } from './config/config.ts'
import type { Context } from './context.ts'
import { discovery } from './discovery/room.ts'
import type { Tick } from './ground/clock/schedule.ts'
import type { Gauges } from './ground/metrics/gauge.ts'
import type { AnyJob } from './ground/queue/queue.ts'
import { GROUND_TABLES, type Personal, type Table } from './ground/table.ts'
import { ingestion } from './ingestion/room.ts'
import { library } from './library/room.ts'
import { MODEL_GAUGES } from './models/ledger/gauges.ts'
import { MODEL_TABLES } from './models/ledger/tables.ts'
import { notifications } from './notifications/room.ts'
import { operations } from './operations/room.ts'
import type { Room } from './room.ts'
import { web } from './web/room.ts'

export const ROOMS: Room[] = [
  accounts,
  library,
  ingestion,
  discovery,
  clustering,
  notifications,
  operations,
  web,
]

export const JOBS: AnyJob[] = ROOMS.flatMap(({ jobs = [] }) => jobs)

/** What the clock starts. */
export const ticks = (config: Config): Tick[] => ROOMS.flatMap(({ clock }) => clock?.(config) ?? [])

/** Every table, by its name. */
export const TABLES: Record<string, Table> = Object.assign(
  { ...GROUND_TABLES, ...MODEL_TABLES },
  ...ROOMS.map(({ tables }) => tables),
)

/** What an export and an erasure go by. */
export const PERSONAL: Personal = {
  tables: TABLES,
  exports: Object.assign({}, ...ROOMS.map(({ exports }) => exports)),
  erases: ROOMS.flatMap(({ erases = [] }) => erases),
}

/** What is looked up for who asks for metrics, beside what the operator's room asks of the process itself. */
export const GAUGES: Gauges<Context> = Object.assign(
  { ...MODEL_GAUGES },
  ...ROOMS.map(({ gauges }) => gauges),
)
