// The other ways to ask: bytes, a post, a conditional request, a check alone.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { createFetcher, type Fetcher } from '../../../src/ground/fetch/fetch.ts'
import { type Handler, type Listener, startHttp } from '../../support/fetch-rig.ts'

const PICTURE = Uint8Array.from({ length: 256 }, (_, byte) => byte)

let server: Listener
let base: string
let fetcher: Fetcher
let seen: { method: string; headers: Record<string, unknown>; body: string }[] = []

const pages: Record<string, Handler> = {
  '/picture': (_, response) => response.end(PICTURE),
  '/packed': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(PICTURE)),
  '/large': (_, response) => response.end(Buffer.alloc(5_000_001)),
  '/known': (request, response) => {
    const known =
      request.headers['if-none-match'] === '"v1"' || request.headers['if-modified-since'] !== undefined
    // The length that the page would have had is allowed there, and no body comes.
    if (known) response.writeHead(304, { etag: '"v1"', 'content-encoding': 'gzip' }).end()
    else response.writeHead(200, { etag: '"v1"' }).end('first')
  },
  '/long-answer': (_, response) => response.writeHead(202).end('é'.repeat(100_000)),
  '/dripping-answer': (_, response) => {
    response.writeHead(201).write('begun')
    const timer = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(timer))
  },
  '/odd-answer': (_, response) => response.writeHead(200, { 'content-encoding': 'zstd' }).end('?'),
}

beforeAll(async () => {
  server = await startHttp(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    seen.push({ method: request.method ?? '', headers: request.headers, body })
    const page = pages[request.url ?? ''] ?? ((_, missing) => missing.writeHead(404).end())
    page(request, response)
  })
  base = `http://127.0.0.1:${server.port}`
  fetcher = createFetcher(
    { FETCH_ALLOW_HOSTS: [`127.0.0.1:${server.port}`] },
    { limits: { timeout_ms: 1000 } },
  )
})
afterAll(() => server.close())
beforeEach(() => {
  seen = []
})

describe('bytes', () => {
  test('come as they are, decompressed', async () => {
    for (const path of ['/picture', '/packed']) {
      const { status, url, bytes } = await fetcher.bytes(base + path, { accept: 'image/*' })
      expect({ status, url }).toEqual({ status: 200, url: base + path })
      expect(new Uint8Array(bytes)).toEqual(PICTURE)
    }
    expect(seen[0]?.headers.accept).toBe('image/*')
  })

  test('have the same limit as pages', async () => {
    await expect(fetcher.bytes(`${base}/large`)).rejects.toMatchObject({ reason: 'too_large' })
  })
})

describe('validators', () => {
  test('are sent, and 304 is an answer without text', async () => {
    const first = await fetcher.page(`${base}/known`)
    const again = await fetcher.page(`${base}/known`, { validators: { etag: first.headers.get('etag') } })
    expect([first.status, first.text]).toEqual([200, 'first'])
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', '"v1"'])
    const last_modified = 'Thu, 01 Jan 2026 00:00:00 GMT'
    expect((await fetcher.page(`${base}/known`, { validators: { last_modified } })).status).toBe(304)
    expect(seen[2]?.headers['if-modified-since']).toBe(last_modified)
  })

  test('that are not known are not sent', async () => {
    await fetcher.page(`${base}/known`, { validators: { etag: null, last_modified: null } })
    expect(seen[0]?.headers).not.toHaveProperty('if-none-match')
    expect(seen[0]?.headers).not.toHaveProperty('if-modified-since')
  })
})

describe('a post', () => {
  test('sends the body and the headers as they were given', async () => {
    const body = '{"text":"né 🐟"}'
    const headers = { 'Content-Type': 'application/json', 'webhook-id': 'msg_1', 'User-Agent': 'Mine/1' }
    expect(await fetcher.post(`${base}/missing`, body, headers)).toMatchObject({ status: 404, text: '' })
    expect(seen).toMatchObject([
      {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': 'msg_1',
          'user-agent': 'Mine/1',
          'content-length': String(Buffer.byteLength(body)),
          host: `127.0.0.1:${server.port}`,
        },
      },
    ])
    expect(seen[0]?.headers).not.toHaveProperty('transfer-encoding')
  })

  test('cannot replace what the connection sets', async () => {
    await fetcher.post(`${base}/missing`, 'x', {
      Host: 'evil.test',
      'Content-Length': '9',
      Connection: 'upgrade',
    })
    expect(seen[0]).toMatchObject({
      body: 'x',
      headers: { host: `127.0.0.1:${server.port}`, connection: 'close' },
    })
  })

  test('with headers that cannot be sent is refused', async () => {
    const headers = { 'x-a': 'b\r\nx-c: d' }
    await expect(fetcher.post(base, 'x', headers)).rejects.toMatchObject({ reason: 'refused' })
    expect(seen).toEqual([])
  })

  test('reads the beginning of the answer', async () => {
    const { status, text } = await fetcher.post(`${base}/long-answer`, '', {})
    expect([status, text]).toEqual([202, 'é'.repeat(2048)])
  })

  test('has its answer when the status came, whatever the body does', async () => {
    const { status, text } = await fetcher.post(`${base}/dripping-answer`, '', {})
    expect([status, text.trim()]).toEqual([201, 'begun'])
    expect(await fetcher.post(`${base}/odd-answer`, '', {})).toMatchObject({ status: 200, text: '' })
  })
})

test('a check sends nothing', async () => {
  await fetcher.vet(base)
  expect(seen).toEqual([])
})
