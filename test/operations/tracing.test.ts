// Traces as a receiver of OTLP gets them from the process itself.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type OpenaiSimulator, startOpenaiSimulator } from '../simulators/openai.ts'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { type ReceivedSpan, startTraceReceiver } from '../simulators/trace-receiver.ts'
import { type Receiver, startReceiver } from '../simulators/webhook-receiver.ts'
import { clientOf } from '../support/app.ts'
import { openTestDatabase, usesRealPostgres } from '../support/database.ts'
import { openEvents } from '../support/events.ts'
import { type Started, startProcess } from '../support/process.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PASSWORD = 'correct horse battery staple'
const CLIENT_TRACE = '0af7651916cd43dd8448eb211c80319c'
const CLIENT_SPAN = 'b7ad6b7169203331'
const [SERVER, CLIENT, CONSUMER] = [2, 3, 5]

let models: OpenaiSimulator
let platforms: Simulator
let hooks: Receiver
beforeAll(async () => {
  models = await startOpenaiSimulator()
  platforms = await startPlatformSimulator()
  hooks = await startReceiver()
})
afterAll(() => Promise.all([models.close(), platforms.close(), hooks.close()]))

interface Running {
  server: Started
  base: string
  /** Ends it as an operator would. @returns its exit code */
  stop(): Promise<number | null>
}

/** Starts a process, runs `work` with it, stops it, and cleans up. */
async function withServer(endpoint: string, work: (running: Running) => Promise<void>): Promise<void> {
  const database = usesRealPostgres ? await openTestDatabase() : undefined
  const folder = mkdtempSync(join(tmpdir(), 'trove-traces-'))
  const server = startProcess({
    ...platforms.env,
    ...models.env,
    DATA_DIR: folder,
    ...database?.settings,
    DRAIN_SECONDS: '5',
    FETCH_ALLOW_HOSTS: `${platforms.env.FETCH_ALLOW_HOSTS ?? ''},${hooks.host}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  })
  try {
    const base = await server.address()
    const stop = () => {
      server.child.kill('SIGINT')
      return server.exit
    }
    await work({ server, base, stop })
  } finally {
    server.child.kill('SIGKILL')
    await server.exit
    await database?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Registers, and saves videos until all are READY; each save carries `headers`. */
async function save(base: string, count: number, headers: Record<string, string> = {}) {
  const stranger = clientOf(fetch, {}, base)
  const email = `${crypto.randomUUID()}@example.com`
  const { access_token: token } = (await stranger.post('/v1/auth/register', { email, password: PASSWORD }))
    .body
  const user = clientOf(fetch, { authorization: `Bearer ${token}` }, base)
  const hook = await user.post('/v1/webhooks/register', { url: hooks.url, events: ['content.ready'] })
  const events = await openEvents(fetch, { token, base })
  const urls = platforms.videos.slice(0, count).map(({ video_id }) => `https://youtu.be/${video_id}`)
  const saved =
    count === 1
      ? await user.post('/v1/items', { url: urls[0] }, headers)
      : await user.post('/v1/items/batch', { items: urls.map(url => ({ url })) }, headers)
  if (saved.status >= 300) throw new Error(`The save answered ${saved.status}`)
  for (let ready = 0; ready < count; ) if ((await events.next())!.type === 'content.ready') ready++
  await events.close()
  return { user, token, secret: hook.body.secret as string }
}

describe('with a receiver of traces', () => {
  test('a request, its jobs, and whom they asked are one trace, under the one that the client began', async () => {
    const receiver = await startTraceReceiver()
    const before = hooks.received.length
    try {
      await withServer(receiver.url, async ({ base, stop, server }) => {
        const { user, token, secret } = await save(base, 1, {
          traceparent: `00-${CLIENT_TRACE}-${CLIENT_SPAN}-01`,
          'x-request-id': 'the-save',
        })
        await hooks.until(before + 1)
        await server.until(/Job done.*deliver-webhook/)
        await user.get('/v1/items?search=secret-words')
        expect(await stop()).toBe(0)
        // The log names the trace.
        expect(server.printed()).toMatch(new RegExp(`request_id=the-save .*trace_id=${CLIENT_TRACE}`))
        const { video_id, title } = platforms.videos[0]!
        const sent = receiver.bodies.join()
        const untold = [token, secret, PASSWORD, models.env.OPENAI_API_KEY!, 'secret-words', video_id, title]
        for (const text of [...untold, 'simulator-key', '/hook']) expect(sent).not.toContain(text)
      })
      expect([...receiver.services]).toEqual(['trove'])
      const trace = receiver.spans.filter(({ traceId }) => traceId === CLIENT_TRACE)
      const named = (name: string) => {
        const found = trace.filter(span => span.name === name)
        expect([name, found.length]).toEqual([name, 1])
        return found[0]!
      }
      const request = named('POST /v1/items')
      expect(request).toMatchObject({
        parentSpanId: CLIENT_SPAN,
        kind: SERVER,
        attributes: {
          'http.request.method': 'POST',
          'http.route': '/v1/items',
          'http.response.status_code': 201,
        },
      })
      const steps = ['fetch', 'understand', 'embed'].map(step => named(`process ${step}-content`))
      const delivery = named('process deliver-webhook')
      const parents = [request, ...steps]
      for (const [i, step] of [...steps, delivery].entries()) {
        expect(step).toMatchObject({
          parentSpanId: parents[i]!.spanId,
          kind: CONSUMER,
          attributes: { 'messaging.system': 'pg-boss', 'messaging.operation.type': 'process' },
        })
      }
      const asked = (by: ReceivedSpan) =>
        trace.filter(({ parentSpanId, kind }) => parentSpanId === by.spanId && kind === CLIENT)
      expect(asked(steps[0]!)[0]).toMatchObject({
        name: 'GET',
        attributes: { 'server.address': '127.0.0.1', 'http.response.status_code': 200 },
      })
      expect(asked(steps[1]!).find(({ name }) => name.startsWith('chat'))).toMatchObject({
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'gpt-5-mini',
          'gen_ai.usage.input_tokens': expect.any(Number),
        },
      })
      expect(asked(steps[2]!).map(({ name }) => name)).toEqual(['embeddings text-embedding-3-small'])
      expect(asked(delivery)).toMatchObject([
        { name: 'POST', attributes: { 'http.response.status_code': 204 } },
      ])
      // The other requests are traces of their own.
      const list = receiver.spans.find(({ name }) => name === 'GET /v1/items')!
      expect(list.traceId).not.toBe(CLIENT_TRACE)
      expect(list.parentSpanId).toBeUndefined()
    } finally {
      await receiver.close()
    }
  })

  test('what a batch of jobs does at once is one span, which names the jobs of the other traces', async () => {
    const receiver = await startTraceReceiver()
    try {
      await withServer(receiver.url, async ({ base, stop }) => {
        await save(base, 5)
        expect(await stop()).toBe(0)
      })
      const together = receiver.spans.find(({ name }) => name.endsWith('together'))!
      const jobs = receiver.spans.filter(({ name }) => `${name} together` === together.name)
      expect(jobs).toHaveLength(5)
      const first = jobs.find(({ spanId }) => spanId === together.parentSpanId)!
      const others = jobs.filter(({ links }) => links.some(({ spanId }) => spanId === together.spanId))
      expect(others).toHaveLength(together.links.length)
      expect(others).not.toContain(first)
      expect(together.links.map(({ spanId }) => spanId).sort()).toEqual(
        others.map(({ spanId }) => spanId).sort(),
      )
    } finally {
      await receiver.close()
    }
  })

  test('a failure is recorded by its kind', async () => {
    const receiver = await startTraceReceiver()
    models.fail('chat', 'error_500', 1)
    try {
      await withServer(receiver.url, async ({ base, stop }) => {
        await save(base, 1)
        expect(await stop()).toBe(0)
      })
      const failed = receiver.spans.filter(({ status }) => status.code === 2)
      expect(failed.map(({ name }) => name).sort()).toEqual(['chat gpt-5-mini', 'process understand-content'])
      for (const { attributes } of failed) expect(attributes['error.type']).toBe('ProviderError')
      expect(receiver.bodies.join()).not.toContain('model provider')
    } finally {
      models.recover()
      await receiver.close()
    }
  })

  test('that never answers, requests are answered, jobs done, and the stop ends well', async () => {
    const receiver = await startTraceReceiver({ answers: false })
    try {
      await withServer(receiver.url, async ({ base, stop }) => {
        const { user } = await save(base, 1)
        await receiver.asked
        expect((await user.get('/v1/items')).body.total).toBe(1)
        // Were the receiver waited for, the drain of five seconds would end, and the process with 1.
        expect(await stop()).toBe(0)
      })
    } finally {
      await receiver.close()
    }
  })

  test('that is away, the log says so once and the work goes on', async () => {
    const receiver = await startTraceReceiver()
    await receiver.close()
    await withServer(receiver.url, async ({ base, stop, server }) => {
      await save(base, 1)
      await server.until(/receiver of traces does not take them/)
      expect(await stop()).toBe(0)
      expect(server.printed().match(/receiver of traces does not take them/g)).toHaveLength(1)
    })
  })
})

describe('without a receiver of traces', () => {
  const loadedWith = (endpoint: string): string => {
    const script = `
      const { readConfig } = await import('./src/config/config.ts')
      const { startTracing } = await import('./src/ground/tracing/tracing.ts')
      const stop = await startTracing(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: '${endpoint}' }), {})
      console.log(Object.keys(require.cache).filter(path => /@opentelemetry.(?!api)/.test(path)).length)
      await stop()`
    return execFileSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' }).trim()
  }

  // prom-client loads the interface, which does nothing by itself.
  test('none of its packages is loaded', () => {
    expect(Number(loadedWith('http://127.0.0.1:1'))).toBeGreaterThan(10)
    expect(loadedWith('')).toBe('0')
  })
})
