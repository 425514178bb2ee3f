// The spans of OpenTelemetry, sent over OTLP/HTTP in the background. Loaded only when there is a receiver.
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Log } from '../log/log.ts'
import { VERSION } from '../version.ts'
import type { Carrier, Span, Tracer } from './tracing.ts'

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER }

/** What waits for a receiver that is slow; more is dropped. */
const MOST_WAITING = 4096
const SEND_EVERY_MS = 2000
const SEND_TIMEOUT_MS = 5000
/** How long a stop waits for a receiver. */
const LAST_SEND_MS = 2000

const propagator = new W3CTraceContextPropagator()

/** @param to.endpoint the receiver's address, to which `/v1/traces` is added */
export function createTracer(to: { endpoint: string; service: string; log: Log }): Tracer {
  const { exporter, isLost } = createExporter(to)
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': to.service, 'service.version': VERSION }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: MOST_WAITING,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: SEND_TIMEOUT_MS,
      }),
    ],
  })
  const tracer = provider.getTracer('trove', VERSION)

  return {
    start({ name, kind, attributes, parent, links = [] }) {
      const under = parent ? propagator.extract(ROOT_CONTEXT, parent, defaultTextMapGetter) : ROOT_CONTEXT
      const known = links.flatMap(contextOf).map(context => ({ context }))
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, links: known }, under)
      const carrier = inject(trace.setSpan(ROOT_CONTEXT, span))
      return {
        trace_id: span.spanContext().traceId,
        carrier,
        set: more => void span.setAttributes(more),
        rename: name => void span.updateName(name),
        fail(error) {
          span.setAttribute('error.type', kindOf(error))
          span.setStatus({ code: SpanStatusCode.ERROR })
        },
        link(other) {
          for (const context of contextOf(other)) span.addLink({ context })
        },
        end: () => span.end(),
      }
    },
    async stop() {
      // Who did not take the last ones will not take these.
      if (isLost()) return
      const late = new Promise(resolve => setTimeout(resolve, LAST_SEND_MS))
      await Promise.race([provider.shutdown().catch(() => {}), late])
    },
  }
}

/** The log says once that traces are lost, and once that they arrive again. */
function createExporter({ endpoint, log }: { endpoint: string; log: Log }) {
  const sender = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: SEND_TIMEOUT_MS })
  let isLost = false
  const exporter: SpanExporter = {
    export: (spans, done) =>
      sender.export(spans, result => {
        const failed = result.code === ExportResultCode.FAILED
        if (failed && !isLost) log.warn('The receiver of traces does not take them', { spans: spans.length })
        if (!failed && isLost) log.info('The receiver of traces takes them again')
        isLost = failed
        done(result)
      }),
    forceFlush: () => sender.forceFlush(),
    shutdown: () => sender.shutdown(),
  }
  return { exporter, isLost: () => isLost }
}

function inject(context: Context): Carrier {
  const carrier: Carrier = {}
  propagator.inject(context, carrier, defaultTextMapSetter)
  return carrier
}

function contextOf({ carrier }: Span) {
  const context = trace.getSpanContext(propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter))
  return context ? [context] : []
}

/** The name of a failure, from a closed list of ours or the runtime's. */
function kindOf(error: unknown): string {
  const { reason, code, name } = (error ?? {}) as Record<string, unknown>
  const found = [reason, code, name].find(it => typeof it === 'string' && /^[\w.]{1,60}$/.test(it))
  return typeof found === 'string' ? found : '_OTHER'
}
