// A provider of models on this machine: answers truly, counts, and misbehaves on demand. Runs on Bun, Deno and Node.
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { analysesOf, contentsOf, groupsOf, nameOf, textOf, vectorOf } from './openai-answers.ts'
import { FAILURES, type Failure, type Sent } from './openai-failures.ts'

export type Route = 'chat' | 'embeddings'

export interface Call {
  route: Route
  /** How many contents, groups or texts it asked for. */
  count: number
  /** Whether it says that an earlier answer was refused. */
  is_repair: boolean
  // biome-ignore lint/suspicious/noExplicitAny: whatever the product sent
  body: any
  headers: Record<string, unknown>
}

export interface OpenaiSimulator {
  /** Variables that point the product here. */
  env: Record<string, string>
  calls: Call[]
  /** The most calls that were open at once. */
  most_open: number
  /** A request that carries one of these is refused with 400, whatever else it asks for. */
  poison: Set<string>
  /** Refuses pictures with 400. */
  refuses_pictures: boolean
  /** What it names the groups of a call; undefined for names of its own. */
  names: ((groups: unknown[]) => unknown[]) | undefined
  /** Does what the contents say. */
  obeys: boolean
  /** Makes a route fail, the next `times` times or until `recover`. */
  fail(route: Route, how: Failure, times?: number): void
  /** A good provider again, with no calls counted. */
  recover(): void
  close(): Promise<void>
}

const KEY = 'sk-simulator-secret-0123456789'
const tokensOf = (text: string) => Math.ceil(text.length / 4)

export async function startOpenaiSimulator({ latency_ms = 0 } = {}): Promise<OpenaiSimulator> {
  const failures = new Map<Route, { how: Failure; times: number }>()
  let open = 0

  const simulator: OpenaiSimulator = {
    env: {},
    calls: [],
    most_open: 0,
    poison: new Set(),
    refuses_pictures: false,
    names: undefined,
    obeys: false,
    fail: (route, how, times = Number.POSITIVE_INFINITY) => failures.set(route, { how, times }),
    recover: () => {
      failures.clear()
      simulator.poison.clear()
      simulator.refuses_pictures = false
      simulator.names = undefined
      simulator.obeys = false
      simulator.calls.length = 0
      simulator.most_open = 0
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }

  const answer = (call: Call): Sent => {
    if (isRefused(call.body, simulator)) return FAILURES.bad_request()
    const good = call.route === 'chat' ? chat(call.body, simulator) : embeddings(call.body)
    const failure = failures.get(call.route)
    if (!failure || failure.times-- <= 0) return { status: 200, body: JSON.stringify(good) }
    return FAILURES[failure.how](good, String(call.headers.authorization))
  }

  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const route = request.url?.endsWith('/chat/completions') ? 'chat' : 'embeddings'
    const body = JSON.parse(Buffer.concat(chunks).toString())
    const call: Call = {
      route,
      count: route === 'chat' ? contentsOf(body).length + groupsOf(body).length : body.input.length,
      is_repair: route === 'chat' && body.messages.length > 2,
      body,
      headers: request.headers,
    }
    simulator.calls.push(call)
    simulator.most_open = Math.max(simulator.most_open, ++open)
    response.once('close', () => open--)
    if (latency_ms > 0) await new Promise(resolve => setTimeout(resolve, latency_ms))
    send(response, answer(call))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  simulator.env = { MODELS: 'openai', OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` }
  return simulator
}

function isRefused(body: Call['body'], { poison, refuses_pictures }: OpenaiSimulator): boolean {
  if (poison.size === 0 && !refuses_pictures) return false
  const text = JSON.stringify(body)
  return [...poison].some(word => text.includes(word)) || (refuses_pictures && text.includes('"image_url"'))
}

function chat(body: Call['body'], { obeys, names }: OpenaiSimulator) {
  const groups = groupsOf(body)
  const content = JSON.stringify(
    groups.length > 0
      ? { groups: names?.(groups) ?? groups.map(nameOf) }
      : { analyses: analysesOf(body, obeys) },
  )
  return {
    id: 'chatcmpl-simulated',
    object: 'chat.completion',
    model: body.model,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: tokensOf(textOf(body)), completion_tokens: tokensOf(content) },
  }
}

function embeddings({ input, dimensions, model }: Call['body']) {
  return {
    object: 'list',
    model,
    data: input.map((text: string, index: number) => ({
      object: 'embedding',
      index,
      embedding: vectorOf(text, dimensions),
    })),
    usage: { prompt_tokens: tokensOf(input.join(' ')), total_tokens: tokensOf(input.join(' ')) },
  }
}

function send(response: ServerResponse, sent: Sent): void {
  if (sent === 'hang') return
  if (sent === 'reset') return void response.destroy()
  const type = { 'content-type': 'application/json' }
  if (sent === 'half') {
    response.writeHead(200, type)
    return void response.write('{"id": "chatcmpl')
  }
  response.writeHead(sent.status, type)
  response.end(sent.body)
}
