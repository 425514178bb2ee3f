import { describe, expect, test } from 'bun:test'
import { FetchError } from '../../../src/ground/fetch/fetch.ts'
import { createPoliteness } from '../../../src/ground/fetch/politeness.ts'

const HERE = new URL('https://here.test/a')
const LIMITS = { host_requests: 2, host_requests_each: 2, host_waiting: 2, max_retry_after_seconds: 600 }
const never = new AbortController().signal
const start = Date.parse('2026-01-01T00:00:00Z')

const retryAfter = (value: string) => new Headers({ 'retry-after': value })

async function busy(promise: Promise<unknown>): Promise<number | undefined> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof FetchError) || error.reason !== 'busy') throw new Error(`not busy: ${String(error)}`)
  return error.retry_after
}

describe('turns', () => {
  test('are given to so many at once, then in order', async () => {
    const politeness = createPoliteness(LIMITS)
    const order: string[] = []
    const enter = async (name: string) => {
      const end = await politeness.enter(HERE, never)
      order.push(name)
      return end
    }
    const [a, b] = await Promise.all([enter('a'), enter('b')])
    const c = enter('c')
    const d = enter('d')
    await politeness.enter(new URL('https://elsewhere.test/'), never)
    expect(order).toEqual(['a', 'b'])
    a()
    // Ending twice gives one turn.
    a()
    const endC = await c
    expect(order).toEqual(['a', 'b', 'c'])
    b()
    const endD = await d
    expect(order).toEqual(['a', 'b', 'c', 'd'])
    endC()
    endD()
    await Promise.all([enter('e'), enter('f')])
    expect(order).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  test('of one asker are fewer than a host has, so that another has one at once', async () => {
    const politeness = createPoliteness({ ...LIMITS, host_requests: 4, host_waiting: 10 })
    const order: string[] = []
    const ends: (() => void)[] = []
    const enter = async (asker: string) => {
      ends.push(await politeness.enter(HERE, never, asker))
      order.push(asker)
    }
    const slow = Array.from({ length: 6 }, () => enter('a'))
    await Promise.all(slow.slice(0, 2))
    await enter('b')
    expect(order).toEqual(['a', 'a', 'b'])
    // The line is passed by whoever may begin.
    ends[0]!()
    await slow[2]
    expect(order).toEqual(['a', 'a', 'b', 'a'])
  })

  test('are refused when too many wait', async () => {
    const politeness = createPoliteness(LIMITS)
    const asked = Array.from({ length: 4 }, () => politeness.enter(HERE, never))
    expect(await busy(politeness.enter(HERE, never))).toBe(15)
    ;(await asked[0]!)()
    ;(await asked[1]!)()
    await Promise.all(asked)
  })

  test('of whoever gives up waiting go to the next', async () => {
    const politeness = createPoliteness({ ...LIMITS, host_requests: 1 })
    const end = await politeness.enter(HERE, never)
    const impatient = new AbortController()
    const gone = politeness.enter(HERE, impatient.signal)
    const patient = politeness.enter(HERE, never)
    impatient.abort()
    expect(await busy(gone)).toBe(15)
    end()
    await patient
  })
})

describe('a host that asks for patience', () => {
  function clock() {
    let now = start
    const politeness = createPoliteness(LIMITS, () => now)
    return {
      politeness,
      pass: (seconds: number) => {
        now += seconds * 1000
      },
    }
  }

  test('is left alone for the seconds that it says', async () => {
    const { politeness, pass } = clock()
    politeness.heed(HERE, 429, retryAfter('30'))
    expect(await busy(politeness.enter(HERE, never))).toBe(30)
    pass(29.5)
    expect(await busy(politeness.enter(HERE, never))).toBe(1)
    pass(0.5)
    await politeness.enter(HERE, never)
  })

  test('or until the day that it says, but not longer than the limit', async () => {
    for (const [value, seconds] of [
      ['Thu, 01 Jan 2026 00:02:00 GMT', 120],
      ['Fri, 02 Jan 2026 00:00:00 GMT', 600],
      ['99999999999', 600],
    ] as const) {
      const { politeness } = clock()
      politeness.heed(HERE, 503, retryAfter(value))
      expect(await busy(politeness.enter(HERE, never))).toBe(seconds)
    }
  })

  test('is alone in that, port by port', async () => {
    const { politeness } = clock()
    politeness.heed(HERE, 429, retryAfter('30'))
    await politeness.enter(new URL('https://here.test:8443/'), never)
    await politeness.enter(new URL('https://www.here.test/'), never)
  })

  test('must ask for it in a way that is understood', async () => {
    const { politeness } = clock()
    politeness.heed(HERE, 200, retryAfter('30'))
    politeness.heed(HERE, 404, retryAfter('30'))
    politeness.heed(HERE, 429, new Headers())
    const odd = ['soon', '-5', '0', '', '1e9', 'Wed, 31 Dec 2025 00:00:00 GMT']
    for (const value of odd) politeness.heed(HERE, 429, retryAfter(value))
    await politeness.enter(HERE, never)
  })

  test('ends the wait of those who have begun to', async () => {
    const { politeness } = clock()
    const [end, other] = [await politeness.enter(HERE, never), await politeness.enter(HERE, never)]
    const waiting = politeness.enter(HERE, never)
    const next = politeness.enter(HERE, never)
    politeness.heed(HERE, 429, retryAfter('30'))
    end()
    expect(await busy(waiting)).toBe(30)
    expect(await busy(next)).toBe(30)
    other()
  })

  test('is forgotten first when there are very many', async () => {
    const { politeness } = clock()
    for (let n = 0; n <= 10_000; n++) {
      politeness.heed(new URL(`https://h${n}.test/`), 429, retryAfter('30'))
    }
    await politeness.enter(new URL('https://h0.test/'), never)
    expect(await busy(politeness.enter(new URL('https://h1.test/'), never))).toBe(30)
  })
})
