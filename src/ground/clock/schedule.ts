// What happens by the clock. Every process ticks; the job of a tick has an id made from its name and minute, so that
// it exists once, however many processes there are.
import { cron } from '@elysiajs/cron'
import { Elysia } from 'elysia'
import { v5 as uuidv5 } from 'uuid'
import type { Log } from '../log/log.ts'
import type { Job, Queue } from '../queue/queue.ts'

/** Any constant will do: it makes our names' ids differ from others'. */
const NAMESPACE = '6f1d3c1e-0a52-4c1b-9f7e-2d8c5b9a7e10'

/** The id of a job for the minute in which its tick falls. */
export const tickId = (name: string, at: Date): string =>
  uuidv5(`${name} ${at.toISOString().slice(0, 16)}`, NAMESPACE)

export interface Tick {
  /** A cron expression of five fields, in UTC. */
  pattern: string
  job: Job<Record<string, never>>
}

/** Starts ticking. @returns what stops it. */
export function startSchedule({ queue, log }: { queue: Queue; log: Log }, ticks: Tick[]): () => void {
  const stops = ticks.map(({ pattern, job }) => {
    const tick = async () => {
      const sent = queue.enqueueOnce(job, {}, tickId(job.name, new Date()))
      await sent.catch(error => log.error('A scheduled job was not sent', { job: job.name, error }))
    }
    const { store } = new Elysia().use(cron({ name: 'tick', pattern, timezone: 'UTC', run: tick }))
    return () => store.cron.tick.stop()
  })
  return () => {
    for (const stop of stops) stop()
  }
}
