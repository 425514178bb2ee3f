// The rooms, from bottom to top: the order of imports, of listeners and so of locks.
import { accounts } from './accounts/room.ts'
import { channels } from './channels/room.ts'
import type { Config } from './config.ts'
import { ingestion } from './ingestion/room.ts'
import { intelligence } from './intelligence/room.ts'
import { library } from './library/room.ts'
import { operations } from './operations/room.ts'
import { pages } from './pages/room.ts'
import type { AnyJob } from './queue.ts'
import type { Room, Table } from './room.ts'
import type { Tick } from './schedule.ts'

export const ROOMS: Room[] = [accounts, library, ingestion, intelligence, channels, operations, pages]

export const JOBS: AnyJob[] = ROOMS.flatMap(({ jobs = [] }) => jobs)

/** What the clock starts. */
export const ticks = (config: Config): Tick[] => ROOMS.flatMap(({ clock }) => clock?.(config) ?? [])

/** Every table, by its name. */
export const TABLES: Record<string, Table> = Object.assign({}, ...ROOMS.map(({ tables }) => tables))
