// A number that is looked up when somebody asks for metrics, rather than counted as it happens.
import { Gauge, type Registry } from 'prom-client'
import { inTime } from '../in-time.ts'
import type { Log } from '../log/log.ts'

/** Who scrapes gives up after ten seconds, and then has nothing at all. */
const PATIENCE_MS = 2000

export type Sample = [labels: Record<string, string>, value: number]

export interface Look<Context> {
  /** What it is, in a sentence. */
  help: string
  labels?: string[]
  /** Its values, or the one value of a gauge without labels. */
  look(context: Context): number | Sample[] | Promise<number | Sample[]>
}

/** Gauges by their names. */
export type Gauges<Context> = Record<string, Look<Context>>

/** Adds them to `registry`. Each is read when it is collected; one that cannot be is left out, and the rest is there. */
export function addGauges<Context extends { log: Log }>(
  context: Context,
  registry: Registry,
  gauges: Gauges<Context>,
): void {
  for (const [name, { help, labels = [], look }] of Object.entries(gauges)) {
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      async collect() {
        this.reset()
        if (labels.length === 0) this.remove()
        const found = await inTime((async () => look(context))(), PATIENCE_MS, noAnswer).catch(error => {
          context.log.debug('A gauge was not read', { name, error })
          return []
        })
        const samples: Sample[] = typeof found === 'number' ? [[{}, found]] : found
        for (const [given, value] of samples) this.set(given, value)
      },
    })
  }
}

/** @throws when there is no answer in time; what is answered later is not heard. */
export const noAnswer = () => new Error('There was no answer in time')
