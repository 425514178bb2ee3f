// One try of one job: what caused it, its span, and what the log says of it.
import type { JobWithMetadata } from 'pg-boss'
import { type Cause, currentCause, type Span, startSpan, within } from '../../tracing/tracing.ts'

/** A job that this process holds, and which try of it. `output` tells how the try before ended. */
export type Claim = Pick<JobWithMetadata<object>, 'id' | 'data' | 'retryCount' | 'retryLimit'> & {
  output?: object | null
}

/** What pg-boss writes of a try whose worker fell silent, or held it for longer than a job may take. */
const SILENT = new Set(['job heartbeat timeout', 'job timed out'])

/** Whether the try before ended with its process, or froze it: the next one may do the same. */
export function mayEndProcess({ output, retryCount }: Claim): boolean {
  const { value } = (output ?? {}) as { value?: { message?: string } }
  return retryCount > 0 && SILENT.has(value?.message ?? '')
}

export interface Try<Payload extends object = object> {
  claim: Claim
  payload: Payload
  span: Span
  started: number
}

/** The data of a job: its payload, and beside it what causes it. */
export function withCause<Payload extends object>(payload: Payload): Payload {
  const cause = currentCause()
  return cause?.request_id || cause?.traceparent ? { ...payload, cause } : payload
}

/** Begins a try, in the trace of what caused the job. */
export function startTry(queue: string, claim: Claim, payload: object): Try {
  const span = startSpan(() => ({
    name: `process ${queue}`,
    kind: 'consumer',
    attributes: {
      ...attributesOf(queue),
      'messaging.message.id': claim.id,
      'trove.job.try': claim.retryCount + 1,
    },
    parent: causeOf(claim),
  }))
  return { claim, payload, span, started: performance.now() }
}

/** Runs what belongs to one job: what it sends on has the same cause. */
export const inTry = <T>({ claim, span }: Try, work: () => Promise<T>): Promise<T> =>
  within(requestOf(claim), span, work)

/**
 * Runs what is done once for all jobs of a batch. Of several it is a span in the first one's trace; each other trace
 * has a link to it.
 */
export async function inBatch<T>(queue: string, tries: Try[], work: () => Promise<T>): Promise<T> {
  const [first, ...others] = tries
  if (!first || others.length === 0) return first ? inTry(first, work) : work()
  const span = startSpan(() => ({
    name: `process ${queue} together`,
    kind: 'consumer',
    attributes: { ...attributesOf(queue), 'messaging.batch.message_count': tries.length },
    parent: first.span.carrier,
    links: others.map(({ span }) => span),
  }))
  for (const other of others) other.span.link(span)
  try {
    return await within(undefined, span, work)
  } finally {
    span.end()
  }
}

/** Names a try in the log, with the request that caused it and how long it took until now. */
export function factsOf(queue: string, { claim, span, started }: Try) {
  return {
    job: queue,
    job_id: claim.id,
    try: claim.retryCount + 1,
    request_id: requestOf(claim),
    user_id: (claim.data as { user_id?: string }).user_id,
    trace_id: span.trace_id,
    ms: Math.round((performance.now() - started) * 10) / 10,
  }
}

const attributesOf = (queue: string) => ({
  'messaging.system': 'pg-boss',
  'messaging.operation.name': 'process',
  'messaging.operation.type': 'process',
  'messaging.destination.name': queue,
})

const causeOf = ({ data }: Claim): Cause => (data as { cause?: Cause }).cause ?? {}

const requestOf = (claim: Claim): string | undefined =>
  (claim.data as { request_id?: string }).request_id ?? causeOf(claim).request_id
