// What a line of code runs for: the request that caused it, across its jobs, and, where OTEL_EXPORTER_OTLP_ENDPOINT is
// set, the span that it belongs to. Without it no package of OpenTelemetry is loaded and a span costs nothing.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Log } from '../log/log.ts'
import type { GroundConfig } from '../variables.ts'

export type Attributes = Record<string, string | number | undefined>

/** The W3C trace context, as it travels: in headers of a request, in the data of a job. */
export interface Carrier {
  traceparent?: string | undefined
  tracestate?: string | undefined
}

/** What caused a job. Kept beside its payload. */
export interface Cause extends Carrier {
  request_id?: string | undefined
}

export interface Span {
  /** For the log. Undefined when nothing is traced. */
  readonly trace_id: string | undefined
  readonly carrier: Carrier
  set(attributes: Attributes): void
  rename(name: string): void
  /** Says by which kind of error it failed, not its message: that may quote an address or what a user wrote. */
  fail(error: unknown): void
  /** Names a span of another trace that did this one's work. */
  link(other: Span): void
  end(): void
}

export interface Start {
  name: string
  kind: 'server' | 'client' | 'consumer'
  attributes: Attributes
  /** Not given: a span that caused nothing else and was caused by nothing begins a trace. */
  parent?: Carrier | undefined
  links?: Span[]
}

export interface Tracer {
  start(start: Start): Span
  /** Sends what is left, if that can be done in a moment. */
  stop(): Promise<void>
}

const NO_SPAN: Span = {
  trace_id: undefined,
  carrier: {},
  set() {},
  rename() {},
  fail() {},
  link() {},
  end() {},
}

interface Scope {
  request_id: string | undefined
  span: Span
}

const scopes = new AsyncLocalStorage<Scope>()
let tracer: Tracer | undefined

/** Called once, by the process; before it, and without an endpoint, nothing is traced. @returns what stops it. */
export async function startTracing(config: GroundConfig, log: Log): Promise<() => Promise<void>> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: service } = config
  if (!endpoint) return async () => {}
  const { createTracer } = await import('./otel.ts')
  const started = createTracer({ endpoint, service, log })
  tracer = started
  return started.stop
}

/** Begins a span that its caller ends. */
export const startSpan = (describe: () => Start): Span => tracer?.start(describe()) ?? NO_SPAN

/** Runs `work` for a request, under its span: what it sends to the queue or asks of others is caused by them. */
export const within = <T>(requestId: string | undefined, span: Span, work: () => T): T =>
  scopes.run({ request_id: requestId, span }, work)

/** What a job that is sent now is caused by; undefined outside of requests and jobs. */
export function currentCause(): Cause | undefined {
  const scope = scopes.getStore()
  return scope && { request_id: scope.request_id, ...scope.span.carrier }
}

/** Asks somebody else, as a span under the current one. */
export async function traced<T>(
  name: string,
  attributes: Attributes,
  ask: (span: Span) => Promise<T>,
): Promise<T> {
  if (!tracer) return ask(NO_SPAN)
  const scope = scopes.getStore()
  const span = tracer.start({ name, kind: 'client', attributes, parent: scope?.span.carrier })
  try {
    return await ask(span)
  } catch (error) {
    span.fail(error)
    throw error
  } finally {
    span.end()
  }
}
