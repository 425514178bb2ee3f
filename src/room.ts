// What a room says of itself. Whatever is known of all rooms together is read from these: the app's routes, the clock,
// what is dropped when it has had its time, and what stands in the document.
import type { Config } from './config/config.ts'
import type { Context } from './context.ts'
import type { Tick } from './ground/clock/schedule.ts'
import type { Listener } from './ground/domain-events.ts'
import type { Words } from './ground/http/openapi/words.ts'
import type { Route } from './ground/http/route.ts'
import type { Gauges } from './ground/metrics/gauge.ts'
import type { AnyJob } from './ground/queue/queue.ts'
import type { Listing, Removing, Table } from './ground/table.ts'
import type { Variables } from './ground/variable.ts'

export interface Room {
  name: string
  /** Headings of the API's description: what the room's routes are about. */
  tags?: Record<string, string>
  words?: Words | Words[]
  routes?: Route[]
  jobs?: AnyJob[]
  /** What the clock starts. */
  clock?: (config: Config) => Tick[]
  listeners?: Listener<Context>[]
  tables?: Record<string, Table>
  /** What an export of a user's data holds besides the rows of tables. */
  exports?: Record<string, Listing>
  /** What goes before an account does, where that is more than rows that go with it. */
  erases?: Removing[]
  /** What its operator may set. */
  variables?: Variables
  /** What is looked up for who asks for metrics. */
  gauges?: Gauges<Context>
  /** Done at each start, when the queue is there. */
  starts?: (context: Context) => Promise<void>
  /** Done when the process stops: what waits for somebody ends at once. */
  ends?: (context: Context) => void
  /** Closes what its routes have opened. */
  closes?: (context: Context) => void | Promise<void>
}
