// What a room says of itself. Whatever is known of all rooms together is read from these: the app's routes, the clock,
// what is dropped when it has had its time, and what stands in the document.
import type { Config } from './config/config.ts'
import type { Context } from './context.ts'
import type { Tick } from './ground/clock/schedule.ts'
import type { Listener } from './ground/domain-events.ts'
import type { Route } from './ground/http/route.ts'
import type { AnyJob } from './ground/queue/queue.ts'
import type { Variables } from './ground/variable.ts'

/** Whose rows a table holds, and for how long. */
export interface Table {
  /** `user`: each row is one user's, named in `user_id`. `everybody`: shared. `server`: nobody's. */
  of: 'user' | 'everybody' | 'server'
  /** Days after `created_at`, or in words how long a row stays. */
  keeps: number | string
  /** Whether a user's export holds it; if not, why. */
  exported?: true | string
  /** What erasing a user does to it, where their rows do not simply go. */
  erasure?: string
}

export interface Room {
  name: string
  /** Headings of the API's description: what the room's routes are about. */
  tags?: Record<string, string>
  routes?: Route[]
  jobs?: AnyJob[]
  /** What the clock starts. */
  clock?: (config: Config) => Tick[]
  listeners?: Listener<Context>[]
  tables?: Record<string, Table>
  /** What its operator may set. */
  variables?: Variables
  /** Done at each start, when the queue is there. */
  starts?: (context: Context) => Promise<void>
  /** Done when the process stops: what waits for somebody ends at once. */
  ends?: (context: Context) => void
  /** Closes what its routes have opened. */
  closes?: (context: Context) => void | Promise<void>
}
