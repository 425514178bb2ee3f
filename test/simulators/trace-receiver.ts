// A receiver of OTLP/HTTP traces that remembers the spans it got, or never answers. Runs on Bun, Deno and Node.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  /** 2 is an error. */
  status: { code: number }
  links: { traceId: string; spanId: string }[]
  attributes: Record<string, string | number>
}

export interface TraceReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string
  spans: ReceivedSpan[]
  /** All bodies as they came. */
  bodies: string[]
  /** The names of the services that sent something. */
  services: Set<string>
  /** Resolves when a request has come in. */
  asked: Promise<void>
  close(): Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: OTLP's JSON
type Json = any

const read = ({ value }: Json): string | number =>
  value.stringValue ?? Number(value.intValue ?? value.doubleValue)
const attributesOf = (list: Json[] = []) => Object.fromEntries(list.map(it => [it.key, read(it)]))

export async function startTraceReceiver({ answers = true } = {}): Promise<TraceReceiver> {
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    resolve()
    receiver.bodies.push(body)
    if (!answers) return
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
      receiver.services.add(String(attributesOf(resource.attributes)['service.name']))
      for (const span of scopeSpans.flatMap((scope: Json) => scope.spans)) {
        receiver.spans.push({ ...span, links: span.links ?? [], attributes: attributesOf(span.attributes) })
      }
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const receiver: TraceReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    bodies: [],
    services: new Set(),
    asked,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return receiver
}
