import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { constants, deflateRawSync, gzipSync } from 'node:zlib'
import { createFetcher, FetchError } from '../../../src/ground/fetch/fetch.ts'
import { createPlatformFetcher } from '../../../src/ingestion/platforms/platform-fetcher.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const MEGABYTE = Buffer.alloc(1_000_000, 'x')
// Ten megabytes in ten kilobytes: a piece of a gzip stream that can be repeated for ever.
const GZIP_HEADER = Buffer.from('1f8b0800000000000003', 'hex')
const SQUEEZED = deflateRawSync(Buffer.alloc(10_000_000, 'x'), { finishFlush: constants.Z_FULL_FLUSH })

let server: Server
let other: Server
let base: string
let otherBase: string
let hosts: string[]
const seen: { path: string; headers: IncomingMessage['headers'] }[] = []
let closed = Promise.withResolvers<void>()

/** Sends `chunk` again and again until the other side goes away. */
function pour(response: ServerResponse, chunk: Buffer) {
  let open = true
  response.on('close', () => {
    open = false
    closed.resolve()
  })
  const next = () => {
    while (open && response.write(chunk)) {}
    if (open) response.once('drain', next)
  }
  next()
}

const pages: Record<string, Handler> = {
  '/page': (_, response) => response.end('<title>Hello</title>'),
  '/missing': (_, response) => response.writeHead(404).end('nothing here'),
  '/empty': (_, response) => response.writeHead(204).end(),
  '/latin1': (_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html; charset=ISO-8859-1' })
      .end(Buffer.from('caf\xe9', 'latin1')),
  '/unknown-charset': (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset="klingon"' }).end('café'),
  '/split': (_, response) => {
    const bytes = Buffer.from('né 🐟')
    response.write(bytes.subarray(0, 2))
    setTimeout(() => response.end(bytes.subarray(2)), 20)
  },
  '/gzip': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('squeezed')),
  '/five': (_, response) => response.end(Buffer.alloc(5_000_000, 'x')),
  '/five-and-one': (_, response) => response.end(Buffer.alloc(5_000_001, 'x')),
  '/endless': (_, response) => pour(response, MEGABYTE),
  '/bomb': (_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).write(GZIP_HEADER)
    pour(response, SQUEEZED)
  },
  '/silent': () => {},
  '/drip': (_, response) => {
    const timer = setInterval(() => response.write('.'), 20)
    response.on('close', () => clearInterval(timer))
  },
  '/loop': (_, response) => response.writeHead(302, { location: '/loop?again=1' }).end(),
  '/slow-loop': (_, response) => {
    setTimeout(() => response.writeHead(302, { location: '/slow-loop' }).end(), 120)
  },
  '/to-other': (_, response) => response.writeHead(307, { location: `${otherBase}/page` }).end(),
  '/to-file': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/to-port': (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  '/to-nowhere': (_, response) => response.writeHead(302, { location: 'http://[bad' }).end(),
  '/no-location': (_, response) => response.writeHead(302).end('stays'),
  '/reset': (_, response) => response.destroy(),
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('only this')
    setTimeout(() => response.destroy(), 20)
  },
}

function handle(request: IncomingMessage, response: ServerResponse) {
  const path = new URL(request.url ?? '/', 'http://x').pathname
  seen.push({ path, headers: request.headers })
  const steps = /^\/hop\/(\d)$/.exec(path)?.[1]
  if (steps) {
    const location = steps === '1' ? '/page' : `/hop/${Number(steps) - 1}`
    return response.writeHead(301, { location }).end('moved')
  }
  return (pages[path] ?? pages['/missing']!)(request, response)
}

async function listen(): Promise<[Server, string]> {
  const started = createServer(handle).listen(0, '127.0.0.1')
  await once(started, 'listening')
  return [started, `127.0.0.1:${(started.address() as AddressInfo).port}`]
}

beforeAll(async () => {
  const [[first, host], [second, otherHost]] = await Promise.all([listen(), listen()])
  server = first
  other = second
  hosts = [host, otherHost]
  base = `http://${host}`
  otherBase = `http://${otherHost}`
})

afterAll(() => {
  for (const started of [server, other]) {
    started.close()
    started.closeAllConnections()
  }
})

const fetcher = (timeout_ms = 5000) =>
  createFetcher({ FETCH_ALLOW_HOSTS: hosts }, { limits: { timeout_ms } }).page

async function failure(promise: Promise<unknown>): Promise<FetchError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof FetchError)) throw new Error(`expected a FetchError, got ${String(error)}`)
  return error
}

describe('fetches a page', () => {
  test('with its status, address, headers and text', async () => {
    const page = await fetcher()(`${base}/page?q=1`)
    expect(page).toMatchObject({ status: 200, url: `${base}/page?q=1`, text: '<title>Hello</title>' })
    expect(await fetcher()(`${base}/missing`)).toMatchObject({ status: 404, text: 'nothing here' })
    expect(await fetcher()(`${base}/empty`)).toMatchObject({ status: 204, text: '' })
  })

  test('in the charset that it names, and in UTF-8 when that is unknown', async () => {
    const page = await fetcher()(`${base}/latin1`)
    expect(page.text).toBe('café')
    expect(page.headers.get('content-type')).toContain('ISO-8859-1')
    expect((await fetcher()(`${base}/unknown-charset`)).text).toBe('café')
  })

  test('whole, though a letter arrives in two pieces', async () => {
    expect((await fetcher()(`${base}/split`)).text).toBe('né 🐟')
  })

  test('decompressed', async () => {
    expect((await fetcher()(`${base}/gzip`)).text).toBe('squeezed')
  })

  test('asking for HTML in English, unless told otherwise', async () => {
    seen.length = 0
    await fetcher()(`${base}/page`)
    await fetcher()(`${base}/page`, { accept: 'application/json', headers: { 'x-extra': 'yes' } })
    expect(seen[0]!.headers.accept).toContain('text/html')
    expect(seen[0]!.headers['accept-language']).toStartWith('en')
    expect(seen[1]!.headers).toMatchObject({ accept: 'application/json', 'x-extra': 'yes' })
  })
})

describe('stops what is too large', () => {
  test('five megabytes are read, one byte more is not', async () => {
    expect((await fetcher()(`${base}/five`)).text).toHaveLength(5_000_000)
    const error = await failure(fetcher()(`${base}/five-and-one`))
    expect(error.reason).toBe('too_large')
    expect(error.message).toBe(`${base}/five-and-one is larger than 5 MB.`)
  })

  for (const path of ['/endless', '/bomb']) {
    test(`${path} is cut off, and the sender notices`, async () => {
      closed = Promise.withResolvers()
      expect((await failure(fetcher()(base + path))).reason).toBe('too_large')
      await closed.promise
    })
  }
})

describe('stops what takes too long', () => {
  for (const path of ['/silent', '/drip', '/slow-loop']) {
    test(path, async () => {
      const error = await failure(fetcher(300)(base + path))
      expect(error.reason).toBe('timeout')
      expect(error.message).toBe(`${base}${path} did not answer within 0.3 seconds.`)
    })
  }
})

describe('redirects', () => {
  test('are followed five times, and the address is the last one', async () => {
    expect(await fetcher()(`${base}/hop/5`)).toMatchObject({ status: 200, url: `${base}/page` })
    expect((await failure(fetcher()(`${base}/hop/6`))).reason).toBe('too_many_redirects')
  })

  test('in a circle end, with six requests', async () => {
    seen.length = 0
    expect((await failure(fetcher()(`${base}/loop`))).reason).toBe('too_many_redirects')
    expect(seen.length).toBe(6)
  })

  test('to another origin do not carry headers along', async () => {
    seen.length = 0
    const page = await fetcher()(`${base}/to-other`, { headers: { authorization: 'Bearer x' } })
    expect(page.url).toBe(`${otherBase}/page`)
    expect(seen.map(request => request.headers.authorization)).toEqual(['Bearer x', undefined])
  })

  test('to what may not be fetched are refused', async () => {
    for (const path of ['/to-file', '/to-port', '/to-nowhere']) {
      expect((await failure(fetcher()(base + path))).reason).toBe('refused')
    }
  })

  test('without a location are the answer', async () => {
    expect(await fetcher()(`${base}/no-location`)).toMatchObject({ status: 302, text: 'stays' })
  })
})

test('an address that the operator configured is fetched whatever its port', async () => {
  const page = await createPlatformFetcher({ FETCH_ALLOW_HOSTS: [], YOUTUBE_URL: base }).page(`${base}/page`)
  expect(page.status).toBe(200)
})

describe('refuses', () => {
  test('other schemes, credentials, ports that nobody allowed, and what is no address', async () => {
    const addresses = [
      'file:///etc/passwd',
      'ftp://example.com/',
      'data:text/html,hello',
      base.replace('//', '//user:secret@'),
      'http://127.0.0.1:1/',
      'https://example.com:8443/',
      `${base}/pa\tge`,
      `${base}/page\n`,
      `${base}/page\u0085`,
      'not an address',
      '',
    ]
    for (const address of addresses) {
      const error = await failure(fetcher()(address))
      expect([address, error.reason]).toEqual([address, 'refused'])
      expect(error.message).not.toContain('secret')
    }
  })
})

describe('errors', () => {
  test('of the connection are one kind, before and during the answer', async () => {
    const gone = createServer().listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const host = `127.0.0.1:${(gone.address() as AddressInfo).port}`
    gone.close()
    await once(gone, 'close')
    const refused = createFetcher({ FETCH_ALLOW_HOSTS: [host] }).page(`http://${host}/`)
    expect((await failure(refused)).reason).toBe('network')
    expect((await failure(fetcher()(`${base}/reset`))).reason).toBe('network')
    expect((await failure(fetcher()(`${base}/cut`))).reason).toBe('network')
  })

  test('never show the query, where keys travel', async () => {
    for (const path of ['/silent', '/reset', '/five-and-one', '/loop', '/to-file']) {
      const error = await failure(fetcher(300)(`${base}${path}?key=TOP-SECRET`))
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('TOP-SECRET')
      expect(error.cause).toBeUndefined()
    }
  })
})
