// Nightly: what all users did on the days that are over is counted once, so that nobody's request has to.
import { dayAt, daysFrom, firstOf, startOf } from '../src/discovery/interactions/analytics/days.ts'
import {
  countDays,
  type DayCount,
  keepDays,
  lastCountedDay,
} from '../src/discovery/interactions/analytics/store.ts'
import { countInteractions } from '../src/discovery/jobs.ts'
import { handle } from '../src/handler.ts'

/** So far back at most: as far as anybody may ask. */
const MOST_DAYS = 365

export default handle(countInteractions, {
  async run([_], { database: { sql } }) {
    const last = await lastCountedDay(sql)
    const earliest = firstOf(MOST_DAYS)
    const from = last && last >= earliest ? daysFrom(last, 1) : earliest
    const today = dayAt(Date.now())
    const days: DayCount[] = []
    for (let day = from; day < today; day = daysFrom(day, 1))
      days.push(...(await countDays(sql, startOf(day), startOf(daysFrom(day, 1)))))
    return [tx => keepDays(tx, days)]
  },
})
