// What a process counts of itself, in Prometheus' form. Labels are names of ours, never values of a request.
import { Counter, Histogram, Registry } from 'prom-client'

export interface Metrics {
  registry: Registry
  requests: Counter<'method' | 'endpoint' | 'status'>
  requestSeconds: Histogram<'method' | 'endpoint'>
  jobs: Counter<'queue' | 'outcome'>
  jobSeconds: Histogram<'queue'>
}

const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const JOB_BUCKETS = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300]

/** Counters that begin at zero. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    requests: new Counter({
      name: 'api_requests_total',
      help: 'Requests answered, by route pattern.',
      labelNames: ['method', 'endpoint', 'status'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'api_request_duration_seconds',
      help: 'From the arrival of a request to its answer.',
      labelNames: ['method', 'endpoint'],
      buckets: REQUEST_BUCKETS,
      registers,
    }),
    jobs: new Counter({
      name: 'trove_jobs_total',
      help: 'Jobs that ended a try: done, retried, put_off, dead or lost to another worker.',
      labelNames: ['queue', 'outcome'],
      registers,
    }),
    jobSeconds: new Histogram({
      name: 'trove_job_duration_seconds',
      help: 'One run of a batch of jobs, effects included.',
      labelNames: ['queue'],
      buckets: JOB_BUCKETS,
      registers,
    }),
  }
}
