// A storm of sign-ins: so many hash at once, so many wait, the others come back later; everything else goes on.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import {
  HASHED_AT_ONCE,
  hashPassword,
  verifyPassword,
  WAITING_MOST,
} from '../../src/accounts/sign-in/passwords.ts'
import { createApp } from '../../src/app.ts'
import { notePeer } from '../../src/ground/http/edge/client-address.ts'
import { clientOf, startTrove, type Trove, type User } from '../support/app.ts'

let trove: Trove
let user: User
beforeAll(async () => {
  trove = await startTrove()
  user = await trove.register()
})
afterAll(() => trove.stop())

/** Requests of tests have no peer. */
const NETWORK = 'unknown'
const KEYS = { masters: { ENCRYPTION_KEY: 'a key for tests' } as never }
const hash = () => verifyPassword('anything', KEYS, undefined, NETWORK)

/** Keeps every turn and every place in the line taken, until the function that it gives back is called. */
function fillLine(): () => Promise<unknown> {
  let isOver = false
  const takeAgain = async () => {
    while (!isOver) await hash()
  }
  const takers = Array.from({ length: HASHED_AT_ONCE + WAITING_MOST }, takeAgain)
  return () => {
    isOver = true
    return Promise.all(takers)
  }
}

test('of more passwords at once than turns and places, only those are hashed', async () => {
  const storm = [hash, () => hashPassword('anything', KEYS, NETWORK)].flatMap(work =>
    Array.from({ length: HASHED_AT_ONCE + WAITING_MOST }, () =>
      work().then(
        () => 'hashed',
        error => error.status,
      ),
    ),
  )
  const outcomes = await Promise.all(storm)
  expect(outcomes.filter(outcome => outcome === 'hashed')).toHaveLength(HASHED_AT_ONCE + WAITING_MOST)
  expect(outcomes.filter(outcome => outcome === 503)).toHaveLength(HASHED_AT_ONCE + WAITING_MOST)
  expect(await verifyPassword('a', KEYS, await hashPassword('a', KEYS, NETWORK), NETWORK)).toBe('right')
})

describe('while the line is full', () => {
  let stop: () => Promise<unknown>
  beforeAll(() => {
    stop = fillLine()
  })
  afterAll(() => stop())

  test('login and register are 503 with Retry-After, known or not, and nothing is written', async () => {
    const fresh = `${crypto.randomUUID()}@example.com`
    for (const [path, email] of [
      ['/v1/auth/login', user.email],
      ['/v1/auth/login', fresh],
      ['/v1/auth/register', user.email],
      ['/v1/auth/register', fresh],
    ] as const) {
      const { status, headers, body } = await trove.post(path, { email, password: user.password })
      expect([path, status]).toEqual([path, 503])
      expect(Number(headers.get('retry-after'))).toBeWithin(1, 10)
      expect(body).toMatchObject({ error_code: 'TOO_BUSY', retry_after: expect.any(Number) })
    }
    const [{ entries }] = await trove.database.sql<[{ entries: number }]>`
      select count(*) as entries from audit_entries where user_id = ${user.id} and action <> 'register'`
    expect(entries).toBe(0)
  })

  test('who is signed in is answered', async () => {
    for (const path of ['/v1/auth/me', '/v1/items', '/v1/items/grouped', '/v1/clusters']) {
      expect([path, (await user.get(path)).status]).toEqual([path, 200])
    }
  })
})

test('two hundred at once from one network leave the sign-in of another its turn', async () => {
  const { app } = createApp(trove.context)
  const from = (address: string) =>
    clientOf(request => {
      notePeer(request, address)
      return app.handle(request)
    })
  const done: string[] = []
  const signIn = async (address: string) => {
    const { status } = await from(address).post('/v1/auth/login', {
      email: user.email,
      password: user.password,
    })
    done.push(`${address} ${status}`)
    return status
  }
  const storm = Array.from({ length: 200 }, () => signIn('203.0.113.1'))
  const others = ['203.0.113.2', '203.0.113.3', '2001:db8::1'].map(signIn)
  expect(await Promise.all(others)).toEqual([200, 200, 200])
  const before = done.filter(line => line === '203.0.113.1 200').length
  const statuses = await Promise.all(storm)
  const served = statuses.filter(status => status === 200).length
  expect(new Set(statuses)).toEqual(new Set([200, 503]))
  // In turn, not behind the line: most of the storm's own are served later.
  expect(served).toBeGreaterThanOrEqual(30)
  expect(before).toBeLessThan(served / 2)
})

test('after the storm the same login succeeds', async () => {
  const { status } = await trove.post('/v1/auth/login', { email: user.email, password: user.password })
  expect(status).toBe(200)
})
