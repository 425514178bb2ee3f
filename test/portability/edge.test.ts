// The edge on a real socket, on this runtime: what a server adds to or takes from a request before the app sees it.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as ask } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openTestDatabase, usesRealPostgres } from '../support/database.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const json = { 'content-type': 'application/json' }
const password = 'correct horse battery staple'
const folder = mkdtempSync(join(tmpdir(), 'trove-edge-'))

let base: string
let pid: number | undefined
let stop: () => Promise<void>
before(async () => {
  const database = usesRealPostgres ? await openTestDatabase() : undefined
  const isDeno = 'Deno' in globalThis
  const flags = isDeno ? ['run', '--allow-all', '--no-lock', '--unstable-no-legacy-abort'] : []
  const child = spawn(process.execPath, [...flags, 'src/main.ts'], {
    cwd: ROOT,
    env: {
      ...{ PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' },
      ...{ PORT: '0', HOST: '127.0.0.1', DATA_DIR: folder, TRUSTED_PROXIES: '127.0.0.1', MODELS: 'local' },
      ...{ RATE_LIMITS: 'register=3/1d,items_write=5/1d' },
      ...database?.settings,
    },
  })
  pid = child.pid
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', data => {
      printed += data
      const found = /API +(http:\S+)\/v1/.exec(printed)
      if (found) resolve(found[1]!)
    })
  }
  child.once('exit', code => reject(new Error(`It ended with ${code}:\n${printed}`)))
  stop = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
    await database?.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  base = await promise
})
after(() => stop())

const register = (forwarded: string) =>
  fetch(`${base}/v1/auth/register`, {
    method: 'POST',
    headers: { ...json, 'x-forwarded-for': forwarded },
    body: JSON.stringify({ email: `${crypto.randomUUID()}@example.com`, password }),
  })

const tokenOf = async (forwarded: string) => {
  const { access_token } = (await (await register(forwarded)).json()) as { access_token: string }
  return access_token
}

/** Of the server, in MB. */
function memory(): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Number(kilobytes) / 1024
}

/** Sends text as it is, and resolves with all that comes back. */
function send(text: string): Promise<string> {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname)
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let answer = ''
  socket.on('data', data => (answer += data))
  socket.on('end', () => resolve(answer))
  socket.on('error', reject)
  socket.write(text)
  return promise
}

describe('on every runtime, at the socket', () => {
  test('the limit by address follows the trusted proxy, and not what stands left of it', async () => {
    for (let i = 0; i < 3; i++) {
      const answer = await register(`6.6.6.${i}, 203.0.113.9`)
      assert.equal(answer.status, 201)
      assert.equal(answer.headers.get('x-ratelimit-remaining'), String(2 - i))
      await answer.body?.cancel()
    }
    const refused = await register('203.0.113.9')
    assert.equal(refused.status, 429)
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    assert.match(await refused.text(), /"error_code":"RATE_LIMIT_EXCEEDED"/)
    const other = await register('203.0.113.10')
    assert.equal(other.status, 201)
    await other.body?.cancel()
  })

  test('a body over 64 KiB is 413 in our shape, with and without its length', async () => {
    for (const transfer of [{ 'content-length': '2000000' }, { 'transfer-encoding': 'chunked' }]) {
      const { promise, resolve, reject } = Promise.withResolvers<{
        status: number | undefined
        body: string
      }>()
      const sent = ask(
        `${base}/v1/auth/login`,
        { method: 'POST', headers: { ...json, ...transfer } },
        answer => {
          let body = ''
          answer.on('data', data => (body += data))
          answer.on('end', () => resolve({ status: answer.statusCode, body }))
        },
      )
      sent.on('error', reject)
      sent.end('x'.repeat(2_000_000))
      const { status, body } = await promise
      assert.equal(status, 413)
      assert.equal(JSON.parse(body).error_code, 'BODY_TOO_LARGE')
    }
  })

  test('a POST without a body and without its type is no 415', async () => {
    const access_token = await tokenOf('203.0.113.20')
    const answer = await send(
      `POST /v1/clusters/rebuild HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${access_token}\r\nconnection: close\r\n\r\n`,
    )
    assert.match(answer, /^HTTP\/1\.1 202 /)
  })

  test('two Authorization headers are 401', async () => {
    const access_token = await tokenOf('203.0.113.21')
    const header = `authorization: Bearer ${access_token}\r\n`
    const get = (headers: string) =>
      send(`GET /v1/auth/me HTTP/1.1\r\nhost: localhost\r\n${headers}connection: close\r\n\r\n`)
    assert.match(await get(header), /^HTTP\/1\.1 200 /)
    assert.match(await get(header + header), /^HTTP\/1\.1 401 /)
    assert.match(await get(`authorization: Bearer nonsense\r\n${header}`), /^HTTP\/1\.1 401 /)
  })

  test('a GET with a body is 400 at once, and its bytes stay nowhere', async () => {
    const access_token = await tokenOf('203.0.113.22')
    const before = memory()
    for (const path of ['/v1/events', '/v1/items', '/health']) {
      const { hostname, port } = new URL(base)
      const socket = connect(Number(port), hostname)
      socket.on('error', () => {})
      const closed = once(socket, 'close')
      const { promise: answered, resolve } = Promise.withResolvers<void>()
      let answer = ''
      socket.on('data', data => {
        answer += data
        if (answer.includes('"BODY_NOT_ALLOWED"')) resolve()
      })
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${access_token}\r\ntransfer-encoding: chunked\r\n\r\n`,
      )
      // Before the body: what is sent to a socket that the server has closed takes back what was not read yet.
      await Promise.race([answered, closed])
      assert.match(answer, /^HTTP\/1\.1 400 .*"error_code":"BODY_NOT_ALLOWED"/s)
      const megabyte = `100000\r\n${'x'.repeat(1 << 20)}\r\n`
      for (let i = 0; i < 64 && !socket.destroyed; i++) {
        await Promise.race([new Promise(resolve => socket.write(megabyte, resolve)), closed])
      }
      socket.destroy()
      await closed
    }
    assert.ok(memory() - before < 64, `${before} MB became ${memory()} MB`)
    assert.equal((await fetch(`${base}/ready`)).status, 200)
  })

  test('two Host headers are 400, and so is one that is no host', async () => {
    const get = (headers: string) => send(`GET /health HTTP/1.1\r\n${headers}connection: close\r\n\r\n`)
    assert.match(await get('host: localhost\r\n'), /^HTTP\/1\.1 200 /)
    assert.match(await get('host: localhost\r\nhost: localhost\r\n'), /^HTTP\/1\.1 400 /)
    assert.match(await get('host: localhost\r\nhost: other.example\r\n'), /^HTTP\/1\.1 400 /)
    for (const host of ['', 'localhost, other.example', 'local host']) {
      assert.match(await get(`host: ${host}\r\n`), /^HTTP\/1\.1 400 .*"error_code":"INVALID_HOST"/s)
    }
  })

  test('a User-Agent of any bytes is written down', async () => {
    const body = JSON.stringify({ email: `${crypto.randomUUID()}@example.com`, password })
    const agent = `${'a'.repeat(499)}\u{1f600}\xff`
    const answer = await send(
      `POST /v1/auth/register HTTP/1.1\r\nhost: localhost\r\nx-forwarded-for: 203.0.113.23\r\nuser-agent: ${agent}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    )
    assert.match(answer, /^HTTP\/1\.1 201 /)
  })

  test('405 tells the methods, OPTIONS is answered, HEAD has no body', async () => {
    const wrong = await fetch(`${base}/v1/auth/login`, { method: 'PUT' })
    assert.equal(wrong.status, 405)
    assert.equal(wrong.headers.get('allow'), 'OPTIONS, POST')
    await wrong.body?.cancel()
    assert.equal((await fetch(`${base}/v1/auth/login`, { method: 'OPTIONS' })).status, 204)
    const head = await fetch(`${base}/health`, { method: 'HEAD' })
    assert.equal(head.status, 200)
    assert.equal(await head.text(), '')
  })

  test('an address that cannot be decoded is a client error', async () => {
    for (const path of ['/v1/items/%ff', '/v1/items/%00', '/%E0%A4%A', '/v1/items?%ff=%']) {
      const answer = await send(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
      assert.match(answer, /^HTTP\/1\.1 4\d\d /)
      assert.match(answer, /application\/problem\+json/)
    }
  })
})
