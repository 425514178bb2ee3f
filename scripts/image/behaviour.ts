// What the image does when it runs: with a Postgres, as a worker, without a configuration, with its own database.
import assert from 'node:assert/strict'
import { chownSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Simulator } from '../../test/simulators/platforms.ts'
import type { BuiltImage } from './build.ts'
import { type Checks, none } from './checks.ts'
import { type Container, startContainer } from './container.ts'

const BASE = 'http://127.0.0.1:3000'
const SECRETS = {
  JWT_SECRET_KEY: 'the secret of a trial, and longer than it must be',
  ADMIN_PASSWORD: 'the password of a trial',
}
const PLACES = [
  '/',
  '/app',
  '/app/src',
  '/app/node_modules',
  '/data',
  '/etc',
  '/home/bun',
  '/usr/local/bin',
  '/var/tmp',
]
const SAVES = 8
const LONGEST_WAIT_MS = 60_000

/** The whole way of a save, on a real Postgres, where nothing but /tmp can be written to. */
export async function tryWithPostgres(
  checks: Checks,
  image: BuiltImage,
  databaseUrl: string,
  simulator: Simulator,
): Promise<void> {
  // It is asked more often than people are let.
  const env = { DATABASE_URL: databaseUrl, ...SECRETS, ...simulator.env, RATE_LIMIT_ENABLED: 'false' }
  const health = image.config.Healthcheck!.Test.slice(1)
  const server = startContainer(image, env)
  let api = client()

  await checks.that('starts in production on an empty Postgres, without a network but loopback', () =>
    ready(server),
  )
  await checks.that(
    'the server is the first process, as 1000, without capabilities or new privileges',
    () => {
      const status = readFileSync(`/proc/${server.pid()}/status`, 'utf8')
      for (const line of [
        /^Uid:(\t1000){4}$/m,
        /^Gid:(\t1000){4}$/m,
        /^Groups:\t?\s*$/m,
        /^CapEff:\t0+$/m,
        /^NoNewPrivs:\t1$/m,
      ]) {
        assert.match(status, line)
      }
      assert.match(status, /^NSpid:\t\d+\t1$/m)
      assert.equal(readFileSync(`/proc/${server.pid()}/cmdline`, 'utf8'), 'bun\0src/main.ts\0')
    },
  )
  await checks.that('nothing can be written but /tmp', async () => {
    const write = `for (const folder of ${JSON.stringify(PLACES)}) {
      try { require('node:fs').writeFileSync(folder + '/probe', ''); console.log(folder) } catch {}
    }
    require('node:fs').writeFileSync('/tmp/probe', ''); require('node:fs').rmSync('/tmp/probe')`
    assert.deepEqual(await server.exec(['bun', '-e', write]), { code: 0, output: '' })
  })
  await checks.that('the health check exits 0 while it is ready', async () => {
    assert.deepEqual(await server.exec(health), { code: 0, output: '' })
  })
  await checks.that('register and login', async () => {
    const account = { email: 'ada@example.com', password: 'correct horse battery' }
    await api('POST', '/v1/auth/register', account)
    const { access_token } = await api('POST', '/v1/auth/login', account)
    api = client(access_token)
  })
  await checks.that('a saved link becomes READY', async () => {
    for (const { video_id } of simulator.videos.slice(0, SAVES)) {
      await api('POST', '/v1/items', { url: `https://www.youtube.com/watch?v=${video_id}` })
    }
    const list = await until(async () => {
      const found = await api('GET', '/v1/items?status=READY')
      return found.total === SAVES ? found : undefined
    })
    const { content } = list.items[0]
    assert(content.title && content.topic_main && content.category_high)
    return `${SAVES} of them, such as “${content.title}” in ${content.category_high}`
  })
  await checks.that('the library is grouped, by the thread and its WebAssembly', async () => {
    const { job_id } = await api('POST', '/v1/clusters/rebuild')
    await until(async () => (await api('GET', `/v1/jobs/${job_id}`)).stage === 'done')
    await api('GET', '/v1/clusters/map')
  })
  await checks.that('/docs, /library, /openapi.json, /health and /admin/queues answer 200', async () => {
    const authorization = `Basic ${btoa(`admin:${SECRETS.ADMIN_PASSWORD}`)}`
    const paths = [
      '/docs',
      '/docs/swagger-ui-bundle.js',
      '/library',
      '/library/app.js',
      '/openapi.json',
      '/admin/queues',
    ]
    const answers = await Promise.all(paths.map(path => ask(path, { headers: { authorization } })))
    none(answers.filter(({ status }) => status !== 200).map(({ url, status }) => `${url} ${status}`))
    const { status, services } = await api('GET', '/health')
    assert.equal(status, 'healthy', JSON.stringify(services))
  })
  await checks.that('a bad body is a problem that names the field', async () => {
    const body = JSON.stringify({ email: 'nobody', password: 'correct horse battery' })
    const headers = { 'content-type': 'application/json' }
    const answer = await ask('/v1/auth/register', { method: 'POST', headers, body })
    assert.equal(answer.status, 422)
    assert.match(await answer.text(), /"email"/)
  })
  await checks.that('scripts/reembed.ts runs inside', async () => {
    const { code, output } = await server.exec(['bun', 'scripts/reembed.ts'])
    assert.equal(code, 0, output)
  })
  await checks.that('until now nothing was written to /tmp either', async () => {
    assert.deepEqual(
      await server.exec(['bun', '-e', `console.log(require('node:fs').readdirSync('/tmp').join())`]),
      {
        code: 0,
        output: '\n',
      },
    )
  })
  await checks.that('SIGTERM ends it in order, with a stream open', async () => {
    const headers = { authorization: `Bearer ${api.token}` }
    const stream = await ask('/v1/events', { headers })
    assert.equal(stream.status, 200)
    const seconds = await stop(server)
    await stream.body?.cancel().catch(() => {})
    return `exit 0 after ${seconds} s`
  })
  await server.remove()
  await checks.that('the health check exits 1 when nothing answers', async () => {
    assert.equal(await startContainer(image, env, { command: health }).ended(), 1)
  })
}

/** A worker on the same Postgres, and an image that was told nothing. */
export async function tryOtherStarts(checks: Checks, image: BuiltImage, databaseUrl: string): Promise<void> {
  const health = image.config.Healthcheck!.Test.slice(1)
  const whole = { DATABASE_URL: databaseUrl, ...SECRETS }
  const isReady = (server: Container) => until(async () => server.printed().includes('is ready'))

  await checks.that('a worker answers probes alone, is healthy, and stops in order', () =>
    within(startContainer(image, { ...whole, ROLE: 'worker' }), async worker => {
      await isReady(worker)
      assert.equal((await ask('/ready')).status, 200)
      assert.equal((await ask('/v1/items')).status, 421)
      assert.equal((await worker.exec(health)).code, 0)
      return `exit 0 after ${await stop(worker)} s`
    }),
  )
  await checks.that('a server that answers to one name only is healthy', () =>
    within(startContainer(image, { ...whole, ALLOWED_HOSTS: 'trove.example.com' }), async server => {
      await isReady(server)
      assert.equal((await ask('/ready')).status, 400)
      assert.equal((await server.exec(health)).code, 0)
    }),
  )
  await checks.that('without a configuration it names what is missing and exits 78', () =>
    within(startContainer(image), async server => {
      assert.equal(await server.ended(), 78)
      for (const name of ['DATABASE_URL', 'JWT_SECRET_KEY', 'ADMIN_PASSWORD'])
        assert(server.printed().includes(name))
    }),
  )
}

/** The embedded database in a volume: for a trial on one machine. */
export async function tryEmbedded(checks: Checks, image: BuiltImage, folder: string): Promise<void> {
  const data = mkdtempSync(join(folder, 'data-'))
  const start = () => startContainer(image, { ENVIRONMENT: 'development' }, { data })
  const account = { email: 'ada@example.com', password: 'correct horse battery' }
  chownSync(data, 1000, 1000)
  await checks.that('with ENVIRONMENT=development it brings its own database, in /data', () =>
    within(start(), async server => {
      const started = await ready(server)
      await client()('POST', '/v1/auth/register', account)
      await stop(server)
      assert.equal(statSync(join(data, 'secrets.json')).mode & 0o777, 0o600)
      return started
    }),
  )
  await checks.that('another container on the same volume has what was kept', () =>
    within(start(), async server => {
      await ready(server)
      await client()('POST', '/v1/auth/login', account)
      await stop(server)
    }),
  )
}

/** Uses a container and removes it. */
async function within<T>(container: Container, use: (container: Container) => Promise<T>): Promise<T> {
  try {
    return await use(container)
  } finally {
    await container.remove()
  }
}

async function ready(server: Container): Promise<string> {
  const start = performance.now()
  await until(async () => {
    try {
      return (await ask('/ready')).ok || undefined
    } catch {
      return undefined
    }
  }).catch(() => {
    throw new Error(`It is not ready; it printed: ${server.printed()}`)
  })
  return `ready after ${((performance.now() - start) / 1000).toFixed(1)} s`
}

/** @returns how many seconds it took, having made sure that it ended with 0. */
async function stop(server: Container): Promise<string> {
  const start = performance.now()
  server.kill('SIGTERM')
  assert.equal(await server.ended(), 0, server.printed())
  assert.match(server.printed(), /Stopped/)
  return ((performance.now() - start) / 1000).toFixed(1)
}

/** On a connection of its own: a kept one may be to a container that is gone. */
function ask(path: string, { headers, ...init }: { method?: string; headers?: object; body?: string } = {}) {
  return fetch(BASE + path, { ...init, headers: { ...headers, connection: 'close' } })
}

/** JSON calls that throw on any answer but 2xx. */
function client(token = '') {
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, read by name
  const call = async (method: string, path: string, body?: unknown): Promise<any> => {
    const answer = await ask(path, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    return JSON.parse(text)
  }
  return Object.assign(call, { token })
}

/** Asks again until there is an answer. */
async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + LONGEST_WAIT_MS
  for (;;) {
    const found = await ask()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`it was not so after ${LONGEST_WAIT_MS / 1000} s`)
    await delay(50)
  }
}
