import { describe, expect, test } from 'bun:test'
import { Readable } from 'node:stream'
import type { Client } from '../../../src/http/fetch/client.ts'
import { follow } from '../../../src/http/fetch/follow.ts'
import { createPoliteness } from '../../../src/http/fetch/politeness.ts'
import type { Outgoing } from '../../../src/http/fetch/send.ts'
import { readRules } from '../../../src/http/fetch/vet-url.ts'
import { FETCH_LIMITS, FetchError } from '../../../src/http/fetch.ts'

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
