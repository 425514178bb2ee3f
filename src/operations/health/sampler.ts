// What the machine and this process have done in the last minute: samples are taken every ten seconds, and compared when
// somebody asks.
import { cpus } from 'node:os'
import type { Context } from '../../context.ts'

const EVERY_MS = 10_000
const MINUTE_MS = 60_000
const KEPT = MINUTE_MS / EVERY_MS

interface Sample {
  at: number
  /** Milliseconds of all processors since the machine started. */
  cpu: { busy: number; all: number }
  /** Since the process started. */
  requests: number
  failed: number
  seconds: number
}

export interface LastMinute {
  cpu_percent: number
  requests_per_minute: number
  /** Of all requests, those that were answered with 5xx: from 0 to 1. */
  error_rate: number
  /** In seconds. */
  average_response_time: number
}

export interface Sampler {
  /** What was done since a minute ago, or since the start where that is later. */
  lastMinute(): Promise<LastMinute>
  stop(): void
}

export function startSampler(context: Context): Sampler {
  const samples: Sample[] = []
  const keep = async () => {
    samples.push(await take(context))
    samples.splice(0, samples.length - KEPT)
  }
  const begun = keep()
  const timer = setInterval(() => void keep(), EVERY_MS)
  timer.unref()
  return {
    lastMinute: async () => {
      await begun
      return between(samples[0]!, await take(context))
    },
    stop: () => clearInterval(timer),
  }
}

async function take({ metrics }: Context): Promise<Sample> {
  const [answered, took] = await Promise.all([metrics.requests.get(), metrics.requestSeconds.get()])
  const sum = (values: { value: number }[]) => values.reduce((all, { value }) => all + value, 0)
  return {
    at: performance.now(),
    cpu: cpuTimes(),
    requests: sum(answered.values),
    failed: sum(answered.values.filter(({ labels }) => labels.status?.toString().startsWith('5'))),
    seconds: sum(took.values.filter(({ metricName }) => metricName?.endsWith('_sum'))),
  }
}

function cpuTimes(): Sample['cpu'] {
  let [busy, all] = [0, 0]
  for (const { times } of cpus()) {
    const own = times.user + times.nice + times.sys + times.irq
    busy += own
    all += own + times.idle
  }
  return { busy, all }
}

function between(first: Sample, last: Sample): LastMinute {
  const share = (part: number, all: number) => (all > 0 ? part / all : 0)
  const requests = last.requests - first.requests
  const minutes = Math.max(1, (last.at - first.at) / MINUTE_MS)
  return {
    cpu_percent: percent(share(last.cpu.busy - first.cpu.busy, last.cpu.all - first.cpu.all)),
    requests_per_minute: Math.round(requests / minutes),
    error_rate: share(last.failed - first.failed, requests),
    average_response_time: share(last.seconds - first.seconds, requests),
  }
}

/** A share as percents, to a tenth. */
export const percent = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10
