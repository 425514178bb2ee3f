// What a hostile server can stretch ends at a limit, on each runtime.
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { describe, test } from 'node:test'
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
} from 'node:zlib'
import { createFetcher, FetchError, type FetchLimits } from '../../src/ground/fetch/fetch.ts'
import { startTcp } from '../support/fetch-rig.ts'

const HEAD = 'HTTP/1.1 200 OK\r\n'
const GZIP_HEADER = Buffer.from('1f8b0800000000000003', 'hex')
// Ten megabytes in ten kilobytes: a piece of a stream that can be repeated for ever.
const SQUEEZED = deflateRawSync(Buffer.alloc(10_000_000, 'x'), { finishFlush: constants.Z_FULL_FLUSH })
const NOTHING = deflateRawSync(Buffer.alloc(0), { finishFlush: constants.Z_FULL_FLUSH })
const MEGABYTE = Buffer.alloc(1_000_000, 'x')

function pour(socket: Socket, make: () => string | Buffer) {
  const next = () => {
    while (!socket.destroyed && socket.write(make())) {}
    if (!socket.destroyed) socket.once('drain', next)
  }
  next()
}

/** Says `start`, then the same thing again and again. */
const flood = (start: string | Buffer, make: () => string | Buffer) => (socket: Socket) => {
  socket.write(start)
  pour(socket, make)
}

function every(ms: number, socket: Socket, write: () => void) {
  const timer = setInterval(write, ms)
  socket.on('close', () => clearInterval(timer))
}

/** Fetches from a server that talks so, and waits until the server has noticed that the fetcher is gone. */
async function ask(
  talk: (socket: Socket) => void,
  { limits = {}, scheme = 'http' }: { limits?: Partial<FetchLimits>; scheme?: string } = {},
) {
  const gone = Promise.withResolvers<void>()
  const server = await startTcp(socket => {
    socket.on('close', () => gone.resolve())
    talk(socket)
  })
  const host = `127.0.0.1:${server.port}`
  const fetcher = createFetcher({ FETCH_ALLOW_HOSTS: [host] }, { limits: { timeout_ms: 5000, ...limits } })
  try {
    const page = await fetcher.page(`${scheme}://${host}/`)
    await gone.promise
    return { status: page.status, text: page.text }
  } catch (error) {
    await gone.promise
    throw error
  } finally {
    server.close()
  }
}

async function failure(...asked: Parameters<typeof ask>): Promise<FetchError> {
  const error = await ask(...asked).then(
    page => new Error(`expected no answer, got ${JSON.stringify(page)}`),
    (thrown: unknown) => thrown,
  )
  if (error instanceof FetchError) return error
  throw error
}

const reasonOf = async (...asked: Parameters<typeof ask>) => (await failure(...asked)).reason

const encoded = (encoding: string, body: Buffer) => (socket: Socket) => {
  socket.write(`${HEAD}content-encoding: ${encoding}\r\n\r\n`)
  socket.end(body)
}

const brotliBomb = (socket: Socket) => {
  socket.write(`${HEAD}content-encoding: br\r\n\r\n`)
  const squeeze = createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
  squeeze.on('data', (piece: Buffer) => socket.write(piece))
  socket.on('close', () => squeeze.destroy())
  every(1, socket, () => squeeze.write(MEGABYTE))
}

const gzipHead = Buffer.concat([Buffer.from(`${HEAD}content-encoding: gzip\r\n\r\n`), GZIP_HEADER])

describe('size', () => {
  test('bombs end at the limit, whatever squeezed them', async () => {
    const gzip = flood(gzipHead, () => SQUEEZED)
    const raw = flood(`${HEAD}content-encoding: deflate\r\n\r\n`, () => SQUEEZED)
    for (const bomb of [gzip, raw, brotliBomb]) assert.equal(await reasonOf(bomb), 'too_large')
  })

  test('a body that unpacks to nothing ends there too', async () => {
    assert.equal(await reasonOf(flood(gzipHead, () => Buffer.alloc(100_000, NOTHING))), 'too_large')
  })

  test('a body without end, and one that lies about its length', async () => {
    for (const head of [HEAD, `${HEAD}content-length: 99999999999\r\n`]) {
      assert.equal(await reasonOf(flood(`${head}\r\n`, () => MEGABYTE)), 'too_large')
    }
  })

  test('headers without end, as many lines or as one', async () => {
    const line = `x-filler: ${'y'.repeat(1000)}\r\n`
    assert.equal(await reasonOf(flood(HEAD, () => line)), 'network')
    assert.equal(await reasonOf(flood(`${HEAD}x: `, () => 'y'.repeat(1000))), 'network')
    assert.equal(await reasonOf(flood('HTTP/1.1 200 ', () => 'y'.repeat(1000))), 'network')
    assert.equal(await reasonOf(flood('no ', () => 'line ends here '.repeat(100))), 'network')
  })
})

describe('time', () => {
  const limits = { timeout_ms: 300 }
  test('silence, drips of body, of headers and of interim answers', async () => {
    assert.equal(await reasonOf(() => {}, { limits }), 'timeout')
    const drips = ['', `${HEAD}x: `, `${HEAD}\r\n`, `${HEAD}content-encoding: gzip\r\n\r\n`]
    for (const start of drips) {
      const talk = (socket: Socket) => {
        socket.write(start || HEAD)
        every(20, socket, () => socket.write(start === '' ? 'x: y\r\n' : '.'))
      }
      const reason = await reasonOf(talk, { limits })
      assert.equal(reason, 'timeout', start)
    }
    const hints = (socket: Socket) =>
      every(5, socket, () => socket.write('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'))
    assert.equal(await reasonOf(hints, { limits }), 'timeout')
  })

  test('a handshake that never ends', async () => {
    const error = await failure(() => {}, { limits: { connect_ms: 200 }, scheme: 'https' })
    assert.equal(error.reason, 'timeout')
    // Not by the time for all, which says so.
    assert.match(error.message, /could not be reached/)
  })

  test('the time to connect does not end an answer that has begun', async () => {
    const talk = (socket: Socket) => {
      socket.write(`${HEAD}content-length: 5\r\n\r\nhe`)
      setTimeout(() => socket.end('llo'), 400)
    }
    assert.deepEqual(await ask(talk, { limits: { connect_ms: 100 } }), { status: 200, text: 'hello' })
  })
})

describe('what is no answer', () => {
  test('is an error, and the connection is closed', async () => {
    const answers = [
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhello',
      'hello there\r\n\r\n',
      `${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\nhello`,
      'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello',
    ]
    for (const answer of answers) {
      assert.equal(await reasonOf(socket => void socket.write(answer)), 'network', answer)
    }
    assert.equal(await reasonOf(socket => socket.end(`${HEAD}content-length: 9\r\n\r\nhello`)), 'network')
    assert.equal(
      await reasonOf(socket => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n5\r\nhello`)),
      'network',
    )
    assert.equal(await reasonOf(socket => void socket.destroy()), 'network')
  })
})

describe('encodings', () => {
  const hello = Buffer.from('hello')
  test('are undone', async () => {
    const bodies: [string, Buffer][] = [
      ['gzip', gzipSync(hello)],
      ['X-GZIP', gzipSync(hello)],
      ['deflate', deflateSync(hello)],
      ['deflate', deflateRawSync(hello)],
      ['br', brotliCompressSync(hello)],
      ['identity', hello],
    ]
    for (const [encoding, body] of bodies) {
      assert.deepEqual(await ask(encoded(encoding, body)), { status: 200, text: 'hello' }, encoding)
    }
    assert.deepEqual(await ask(encoded('gzip', Buffer.alloc(0))), { status: 200, text: '' })
  })

  test('that lack their end, were applied twice or not at all are undone as browsers do', async () => {
    const page = Buffer.from(`<title>hello</title>${'<p>word</p>'.repeat(50)}`)
    const packed = gzipSync(page)
    const bodies: [string, Buffer][] = [
      ['gzip', packed.subarray(0, packed.length - 8)],
      ['gzip', packed.subarray(0, packed.length - 4)],
      ['gzip', Buffer.concat([packed, Buffer.alloc(20)])],
      ['deflate', deflateSync(page).subarray(0, -4)],
      ['gzip', gzipSync(packed)],
      ['gzip, gzip', gzipSync(packed)],
      ['gzip', page],
      ['deflate', page],
      ['br', page],
      ['utf-8', page],
    ]
    for (const [encoding, body] of bodies) {
      assert.deepEqual(await ask(encoded(encoding, body)), { status: 200, text: page.toString() }, encoding)
    }
  })

  test('that are unknown, broken or cut off are not readable', async () => {
    const bodies: [string, Buffer][] = [
      ['zstd', Buffer.from('28b52ffd2005290000', 'hex')],
      ['br', Buffer.alloc(100, 0xff)],
      ['deflate', Buffer.from('78ffffff', 'hex')],
    ]
    for (const [encoding, body] of bodies)
      assert.equal(await reasonOf(encoded(encoding, body)), 'unreadable', encoding)
  })
})
