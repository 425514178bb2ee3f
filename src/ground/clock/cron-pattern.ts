import { cron } from '@elysiajs/cron'
import { Elysia } from 'elysia'

/** Whether the clock (schedule.ts) can read this pattern, and there is a time that it names: 31 February never is. */
export function hasNextTime(pattern: string): boolean {
  try {
    const { store } = new Elysia().use(cron({ name: 'tried', pattern, timezone: 'UTC', run: () => {} }))
    const { tried } = store.cron
    const next = tried.nextRun()
    tried.stop()
    return next !== null
  } catch {
    return false
  }
}
