import { describe, expect, test } from 'bun:test'
import { Readable } from 'node:stream'
import type { Client } from '../../../src/ground/fetch/client.ts'
import { FETCH_LIMITS, FetchError } from '../../../src/ground/fetch/fetch.ts'
import { follow } from '../../../src/ground/fetch/follow.ts'
import { createPoliteness } from '../../../src/ground/fetch/politeness.ts'
import type { Outgoing } from '../../../src/ground/fetch/send.ts'
import { readRules } from '../../../src/ground/fetch/vetting/vet-url.ts'

type Web = Record<string, [number, Record<string, string>]>

/** Follows on a made-up web, where an address has a status and headers, and says what was asked. */
async function walk(web: Web, addresses: string[], allow: string[] = []) {
  const asked: Outgoing[] = []
  const client: Client = {
    findRoute: async () => [],
    async ask(outgoing) {
      asked.push(outgoing)
      const [status, headers] = web[outgoing.url.href] ?? [404, {}]
      return { status, headers: new Headers(headers), body: Readable.from([]), close() {} }
    },
  }
  const politeness = createPoliteness(FETCH_LIMITS)
  const rules = readRules({ FETCH_ALLOW_HOSTS: allow })
  const ends: unknown[] = []
  for (const address of addresses) {
    const journey = {
      address,
      headers: { accept: 'x' },
      own_headers: { authorization: 'Bearer x', 'if-none-match': '"e"' },
      signal: new AbortController().signal,
      at() {},
    }
    const end = await follow(
      journey,
      { client, rules, limits: FETCH_LIMITS, politeness },
      async ({ status }) => status,
    ).catch((error: unknown) => (error instanceof FetchError ? [error.reason, error.retry_after] : error))
    ends.push(end)
  }
  return { ends, asked }
}

describe('headers of the caller', () => {
  test('stay with the first origin, and do not come back to it', async () => {
    const { asked } = await walk(
      {
        'https://a.test/': [301, { location: '/next' }],
        'https://a.test/next': [302, { location: 'https://b.test/' }],
        'https://b.test/': [307, { location: 'https://a.test/end' }],
      },
      ['https://a.test/'],
    )
    expect(asked.map(({ url, headers }) => [url.href, headers])).toEqual([
      ['https://a.test/', { accept: 'x', authorization: 'Bearer x', 'if-none-match': '"e"' }],
      ['https://a.test/next', { accept: 'x', authorization: 'Bearer x', 'if-none-match': '"e"' }],
      ['https://b.test/', { accept: 'x' }],
      ['https://a.test/end', { accept: 'x' }],
    ])
  })

  test('do not follow from https to http', async () => {
    const { asked } = await walk({ 'https://a.test/': [301, { location: 'http://a.test/' }] }, [
      'https://a.test/',
    ])
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer x', undefined])
  })
})

describe('cookies', () => {
  type Answers = Record<string, (cookie: string) => [number, Record<string, string>]>
  /** The statuses and cookies of a journey through sites that look at cookies. */
  async function visit(answers: Answers, address: string) {
    const asked: [string, string][] = []
    const client: Client = {
      findRoute: async () => [],
      async ask({ url, headers }) {
        const cookie = headers.cookie ?? ''
        asked.push([url.href, cookie])
        const [status, given] = answers[url.href]?.(cookie) ?? [404, {}]
        return { status, headers: new Headers(given), body: Readable.from([]), close() {} }
      },
    }
    const means = {
      client,
      rules: readRules({ FETCH_ALLOW_HOSTS: [] }),
      limits: FETCH_LIMITS,
      politeness: createPoliteness(FETCH_LIMITS),
    }
    const journey = { address, headers: {}, own_headers: {}, signal: new AbortController().signal, at() {} }
    const end = await follow(journey, means, async ({ status }) => status).catch(
      (error: FetchError) => error.reason,
    )
    return { end, asked }
  }

  test('are brought back to who redirects to themselves for them', async () => {
    const self: Answers = {
      'https://a.test/x': cookie =>
        cookie === 'seen=1' ? [200, {}] : [302, { location: '/x', 'set-cookie': 'seen=1; Path=/' }],
    }
    expect((await visit(self, 'https://a.test/x')).end).toBe(200)
    const around: Answers = {
      'https://a.test/x': cookie =>
        cookie ? [200, {}] : [302, { location: '/check', 'set-cookie': 'seen=1; Path=/' }],
      'https://a.test/check': cookie => [302, { location: cookie ? '/x' : '/no' }],
    }
    expect((await visit(around, 'https://a.test/x')).end).toBe(200)
  })

  test('go only where they belong', async () => {
    const set =
      (cookie: string, location: string): Answers[string] =>
      () => [302, { location, 'set-cookie': cookie }]
    const { asked } = await visit(
      {
        'https://a.test/': set('here=1', 'https://www.shop.test/login/in'),
        'https://www.shop.test/login/in': set('path=1', 'https://www.shop.test/login/more'),
        'https://www.shop.test/login/more': set(
          'all=1; Domain=.shop.test; Path=/; Secure',
          'https://shop.test/',
        ),
        'https://shop.test/': set('top=1; Domain=test', 'http://shop.test/'),
        'http://shop.test/': set('other=1; Domain=a.test; Path=/', 'https://a.test/end'),
      },
      'https://a.test/',
    )
    expect(asked.map(([, cookie]) => cookie)).toEqual(['', '', 'path=1', 'all=1', '', 'here=1'])
  })

  test('end when they are said to, and with the journey', async () => {
    const over: Answers = {
      'https://a.test/': () => [302, { location: '/b', 'set-cookie': 'x=1' }],
      'https://a.test/b': () => [302, { location: '/c', 'set-cookie': 'x=; Max-Age=0' }],
    }
    for (const _ of ['first', 'second']) {
      expect((await visit(over, 'https://a.test/')).asked.map(([, cookie]) => cookie)).toEqual([
        '',
        'x=1',
        '',
      ])
    }
  })

  test('do not make a journey endless', async () => {
    let count = 0
    const always: Answers = {
      'https://a.test/': () => [302, { location: '/', 'set-cookie': `n=${count++}` }],
    }
    const { end, asked } = await visit(always, 'https://a.test/')
    expect([end, asked.length]).toEqual(['too_many_redirects', 6])
    const never: Answers = { 'https://a.test/': () => [302, { location: '/', 'set-cookie': 'n=1' }] }
    expect((await visit(never, 'https://a.test/')).asked.length).toBeLessThanOrEqual(8)
  })
})

describe('a host that asks for patience', () => {
  const busy: Web = { 'https://a.test/': [429, { 'retry-after': '30' }] }
  test('is not asked again, directly or by a redirect', async () => {
    const web = { ...busy, 'https://b.test/': [302, { location: 'https://a.test/' }] } as Parameters<
      typeof walk
    >[0]
    const { ends, asked } = await walk(web, ['https://a.test/', 'https://a.test/other', 'https://b.test/'])
    expect(ends).toEqual([429, ['busy', 30], ['busy', 30]])
    expect(asked.map(({ url }) => url.href)).toEqual(['https://a.test/', 'https://b.test/'])
  })

  test('is asked again when the operator named it', async () => {
    expect((await walk(busy, ['https://a.test/', 'https://a.test/'], ['a.test:443'])).ends).toEqual([
      429, 429,
    ])
  })
})

test('an address in UTF-8 is understood', async () => {
  const location = Buffer.from('/café').toString('latin1')
  const { asked } = await walk({ 'https://a.test/': [301, { location }] }, ['https://a.test/'])
  expect(asked[1]?.url.href).toBe('https://a.test/caf%C3%A9')
})

test('an allowed host without a port means both web ports, one with a port means that alone', () => {
  const trusted = (entry: string) => [...readRules({ FETCH_ALLOW_HOSTS: [entry] }).trusted]
  expect(trusted('Intranet')).toEqual(['intranet:80', 'intranet:443'])
  expect(trusted('intranet:80')).toEqual(['intranet:80'])
  expect(trusted('[::1]:8080')).toEqual(['[::1]:8080'])
})
