// What may be asked, tried with a name server, servers and canaries of our own on each runtime.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createFetcher, FetchError, type Fetcher, type FetcherOptions } from '../../src/ground/fetch/fetch.ts'
import {
  type Certificate,
  type Listener,
  makeCertificate,
  type NameServer,
  startCanary,
  startHttp,
  startHttps,
  startNameServer,
} from '../support/fetch-rig.ts'
import { NOT_PUBLIC, SPELLINGS } from '../support/private-addresses.ts'

// Public by its number. Nothing is expected to answer there, and the waiting is short.
const PUBLIC = '93.184.215.14'

let rebinding = ['127.0.0.1']
const zone = {
  ...Object.fromEntries(NOT_PUBLIC.map((address, index) => [`bad-${index}.test`, [address]])),
  'mixed.test': [PUBLIC, '127.0.0.1'],
  'mixed-families.test': [PUBLIC, '::1'],
  'many.test': [...Array.from({ length: 20 }, (_, index) => `93.184.215.${index + 1}`), '10.0.0.1'],
  'empty.test': [],
  'silent.test': ['silent'],
  'good.test': ['127.0.0.1'],
  'wrong.test': ['127.0.0.1'],
  'rebind.test': () => rebinding,
}

let names: NameServer
let canary: Awaited<ReturnType<typeof startCanary>>
let web: Listener
let secure: Listener
let certificate: Certificate
let hits: { host: string | undefined; name: unknown; method: string | undefined; url: string | undefined }[] =
  []
let location = ''

before(async () => {
  certificate = makeCertificate('DNS:good.test,IP:127.0.0.1')
  names = await startNameServer(zone)
  canary = await startCanary()
  web = await startHttp((request, response) => {
    hits.push({ host: request.headers.host, name: undefined, method: request.method, url: request.url })
    if (request.url === '/away') response.writeHead(302, { location })
    response.end('hello')
  })
  secure = await startHttps(certificate, (request, response) => {
    const name = 'servername' in request.socket ? request.socket.servername : undefined
    hits.push({ host: request.headers.host, name, method: request.method, url: request.url })
    response.end('secret hello')
  })
})

after(() => {
  for (const started of [names, canary, web, secure]) started.close()
})

/** One for which the canary's port is as good as 80, so that only the address is left to refuse. */
function makeFetcher({
  allow = [] as string[],
  ...options
}: FetcherOptions & { allow?: string[] } = {}): Fetcher {
  return createFetcher(
    { FETCH_ALLOW_HOSTS: allow },
    { resolve: names.resolve, ports: ['80', '443', String(canary.port)], ca: certificate.ca, ...options },
  )
}

async function failure(promise: Promise<unknown>): Promise<FetchError> {
  const error = await promise.then(
    value => new Error(`expected no answer, got ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  if (error instanceof FetchError) return error
  throw error
}

const everyWay = (fetcher: Fetcher, url: string) =>
  [fetcher.page(url), fetcher.bytes(url), fetcher.post(url, '{}', {}), fetcher.vet(url)].map(failure)

async function isRefusedEveryWay(url: string, fetcher = makeFetcher()) {
  const reasons = await Promise.all(everyWay(fetcher, url))
  assert.deepEqual(
    reasons.map(({ reason }) => [url, reason]),
    Array(4).fill([url, 'refused']),
  )
}

describe('what is not public is not asked', () => {
  test('however this machine is spelt', async () => {
    for (const spelling of SPELLINGS) await isRefusedEveryWay(spelling.replace('PORT', String(canary.port)))
    const system = createFetcher({ FETCH_ALLOW_HOSTS: [] }, { ports: [String(canary.port)] })
    await isRefusedEveryWay(`http://localhost:${canary.port}/`, system)
    assert.equal(canary.touched(), 0)
  })

  test('as a number or behind a name, in every block', async () => {
    for (const [index, address] of NOT_PUBLIC.entries()) {
      const literal = address.includes(':') ? `[${address}]` : address
      await isRefusedEveryWay(`http://${literal}:${canary.port}/`)
      await isRefusedEveryWay(`http://bad-${index}.test:${canary.port}/`)
    }
    assert.equal(canary.touched(), 0)
  })

  test('when one of many records is bad', async () => {
    for (const name of ['mixed.test', 'mixed-families.test', 'many.test']) {
      await isRefusedEveryWay(`http://${name}:${canary.port}/`)
    }
    assert.equal(canary.touched(), 0)
  })

  test('and nothing tells a private name from one that does not exist', async () => {
    const said = new Set<string>()
    for (const name of ['bad-0.test', 'mixed.test', 'empty.test', 'nowhere.test']) {
      const error = await failure(makeFetcher().page(`http://${name}/`))
      said.add(`${error.reason}: ${error.message.replace(name, 'NAME')}`)
    }
    assert.deepEqual([...said], ['refused: http://NAME/ could not be reached.'])
    const down = await failure(makeFetcher({ allow: ['good.test:1'] }).page('http://good.test:1/'))
    assert.equal(down.message, 'http://good.test:1/ could not be reached.')
  })

  test('which a canary would notice', async () => {
    const other = await startCanary()
    const host = `127.0.0.1:${other.port}`
    await failure(makeFetcher({ allow: [host] }).page(`http://${host}/`))
    other.close()
    assert.equal(other.touched(), 1)
  })

  test('on a port that nobody allowed', async () => {
    for (const port of [22, 25, 6379, 8080]) {
      assert.equal((await failure(makeFetcher().page(`http://${PUBLIC}:${port}/`))).reason, 'refused')
    }
    const other = makeFetcher({ allow: [`127.0.0.1:${web.port}`], ports: [] })
    assert.equal((await other.page(`http://127.0.0.1:${web.port}/`)).status, 200)
    assert.equal((await failure(other.page(`http://good.test:${web.port}/`))).reason, 'refused')
    assert.equal((await failure(other.page(`http://127.0.0.1:${canary.port}/`))).reason, 'refused')
    assert.equal(canary.touched(), 0)
  })
})

describe('the address that was checked is the one that is asked', () => {
  test('though the name points elsewhere a moment later', async () => {
    names.asked.length = 0
    let asked = 0
    rebinding = [PUBLIC]
    const resolve = async (name: string) => {
      const found = await names.resolve(name)
      asked++
      rebinding = ['127.0.0.1']
      return found
    }
    const fetcher = makeFetcher({ resolve, limits: { connect_ms: 300, timeout_ms: 1000 } })
    const error = await failure(fetcher.page(`http://rebind.test:${canary.port}/`))
    assert.ok(['network', 'timeout'].includes(error.reason), error.reason)
    assert.equal(asked, 1)
    assert.deepEqual(names.asked, ['rebind.test', 'rebind.test'])
    await isRefusedEveryWay(`http://rebind.test:${canary.port}/`)
    assert.equal(canary.touched(), 0)
  })

  test('with the name in the Host header, looked up once', async () => {
    names.asked.length = 0
    hits = []
    const host = `good.test:${web.port}`
    const fetcher = makeFetcher({ allow: [host] })
    assert.equal((await fetcher.page(`http://${host}/a?b=c`)).text, 'hello')
    assert.deepEqual(hits, [{ host, name: undefined, method: 'GET', url: '/a?b=c' }])
    assert.deepEqual(names.asked, ['good.test', 'good.test'])
  })

  test('over one connection when the operator trusts it, and over a new one when that was closed', async () => {
    const served = new Map<unknown, number>()
    let mostOnOne = Number.POSITIVE_INFINITY
    const server = await startHttp((request, response) => {
      const before = served.get(request.socket) ?? 0
      served.set(request.socket, before + 1)
      if (before < mostOnOne) response.end('hello')
      else request.socket.destroy()
    })
    try {
      const url = `http://127.0.0.1:${server.port}/`
      const fetcher = makeFetcher({ allow: [`127.0.0.1:${server.port}`] })
      for (let i = 0; i < 3; i++) assert.equal((await fetcher.page(url)).text, 'hello')
      assert.deepEqual([...served.values()], [3])
      for (let i = 0; i < 2; i++) assert.equal((await fetcher.post(url, '{}', {})).text, 'hello')
      assert.deepEqual([...served.values()], [3, 1, 1])
      mostOnOne = 1
      for (let i = 0; i < 3; i++) assert.equal((await fetcher.page(url)).text, 'hello')
      mostOnOne = 0
      assert.equal((await failure(fetcher.page(url))).reason, 'network')
    } finally {
      server.close()
    }
  })

  test('over TLS with the name as server name, and the certificate must be for it', async () => {
    hits = []
    const allow = ['good.test', 'wrong.test', '127.0.0.1'].map(name => `${name}:${secure.port}`)
    const fetcher = makeFetcher({ allow })
    assert.equal((await fetcher.page(`https://${allow[0]}/`)).text, 'secret hello')
    assert.deepEqual(hits, [{ host: allow[0], name: 'good.test', method: 'GET', url: '/' }])
    assert.equal((await fetcher.page(`https://${allow[2]}/`)).status, 200)
    assert.equal((await failure(fetcher.page(`https://${allow[1]}/`))).reason, 'network')
    const strict = makeFetcher({ allow, ca: undefined })
    assert.equal((await failure(strict.page(`https://${allow[0]}/`))).reason, 'network')
    assert.equal(hits.length, 2)
  })

  test('a name server that is silent costs no more than the time to connect', async () => {
    const fetcher = makeFetcher({ limits: { connect_ms: 200 } })
    const errors = await Promise.all(everyWay(fetcher, 'http://silent.test/'))
    assert.deepEqual(
      errors.map(({ reason }) => reason),
      Array(4).fill('timeout'),
    )
  })
})

describe('a redirect', () => {
  test('is checked like an address of its own', async () => {
    const host = `127.0.0.1:${web.port}`
    const fetcher = makeFetcher({ allow: [host] })
    const port = String(canary.port)
    // Header values can't hold the others; the trusted host itself would follow a relative one.
    const sendable = SPELLINGS.filter(
      spelling => /^[\x20-\x7e]+$/.test(spelling) && !spelling.startsWith('http:1'),
    )
    for (const target of [...sendable, 'http://bad-7.test:PORT/', 'http://mixed.test:PORT/']) {
      location = target.replace('PORT', port)
      const error = await failure(fetcher.page(`http://${host}/away`))
      assert.deepEqual([target, error.reason], [target, 'refused'])
    }
    assert.equal(canary.touched(), 0)
  })

  test('is not followed by a post, whose answer it is', async () => {
    hits = []
    location = `http://127.0.0.1:${web.port}/elsewhere`
    const answer = await makeFetcher({ allow: [`127.0.0.1:${web.port}`] }).post(
      `http://127.0.0.1:${web.port}/away`,
      '{}',
      {},
    )
    assert.equal(answer.status, 302)
    assert.deepEqual(
      hits.map(({ method, url }) => [method, url]),
      [['POST', '/away']],
    )
  })
})
