// What a process counts of itself, in Prometheus' form. Labels are names of ours, never values of a request.
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  registry: Registry
  requests: Counter<'method' | 'endpoint' | 'status'>
  requestSeconds: Histogram<'method' | 'endpoint'>
  openRequests: Gauge
  jobs: Counter<'queue' | 'outcome'>
  jobSeconds: Histogram<'queue'>
  deliveries: Counter<'outcome'>
  streams: Gauge
}

const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** Up to the time after which the queue gives a job to another worker. */
const JOB_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900]
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const DELIVERY_OUTCOMES = ['success', 'failure', 'gone', 'hopeless']

/** The label of a request's method: a client may make methods up, and each would be a series of its own. */
export const methodLabel = (method: string): string => (METHODS.has(method) ? method : 'other')

/** Counters that begin at zero. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const deliveries = new Counter({
    name: 'trove_webhook_deliveries_total',
    help: 'Tries of webhook deliveries: success, failure, gone (the receiver answered 410) or hopeless.',
    labelNames: ['outcome'],
    registers,
  })
  // A counter that appears with its first count hides that count from rate().
  for (const outcome of DELIVERY_OUTCOMES) deliveries.inc({ outcome }, 0)
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
    openRequests: new Gauge({
      name: 'trove_requests_open',
      help: 'Requests that are being answered by this process.',
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
      help: 'One run of a batch of jobs, effects included. Of cluster-library: one clustering.',
      labelNames: ['queue'],
      buckets: JOB_BUCKETS,
      registers,
    }),
    deliveries,
    streams: new Gauge({
      name: 'trove_event_streams',
      help: 'Streams of events that are open in this process.',
      registers,
    }),
  }
}
