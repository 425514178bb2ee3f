// Loaded before a server: its workers look by themselves, as often as pg-boss lets them; nobody wakes them, and no job is
// claimed by whoever sends it.
import { PgBoss } from 'pg-boss'
import { Working } from '../../src/ground/queue/working.ts'

Working.prototype.tryTake = () => false

const { work } = PgBoss.prototype as { work: (...args: unknown[]) => Promise<string> }
const often = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5 }
Object.assign(PgBoss.prototype, {
  work(name: string, options: object, handler: unknown) {
    return work.call(this, name, { ...options, ...often }, handler)
  },
})
