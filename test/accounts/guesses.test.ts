// Guessing passwords: however many guesses are sent, and to however many processes, few are tried.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import type { Context } from '../../src/context.ts'
import { notePeer } from '../../src/http/client-address.ts'
import { clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { openSecond } from '../support/second-process.ts'

/** The published limits, but a day long: no test runs into the next window. */
const LIMITS = 'login=5/1d,login_address=30/1d'
const ADDRESSES = 100

let trove: Trove
let second: Context
let closeSecond: () => Promise<void>
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'true', RATE_LIMITS: LIMITS })
  const opened = await openSecond(trove)
  second = opened.context
  closeSecond = opened.close
})
afterAll(async () => {
  await closeSecond()
  await trove.stop()
})

/** Sends `count` wrong passwords at once, from many addresses and to each process in turn. @returns how often which status came */
async function guess(email: string, count: number, contexts: Context[]): Promise<Record<number, number>> {
  const apps = contexts.map(context => createApp(context).app)
  const statuses: Record<number, number> = {}
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const client = clientOf(request => {
        notePeer(request, `203.0.113.${i % ADDRESSES}`)
        return apps[i % apps.length]!.handle(request)
      })
      const { status } = await client.post('/v1/auth/login', { email, password: `guess number ${i}` })
      statuses[status] = (statuses[status] ?? 0) + 1
    }),
  )
  return statuses
}

/** Guesses that were compared with the password: each leaves a row. */
async function triesOf(user: User): Promise<number> {
  const [{ tries }] = await trove.database.sql<[{ tries: number }]>`
    select count(*) as tries from audit_entries where user_id = ${user.id} and action = 'login_failed'`
  return tries
}

test('of 10,000 guesses to two processes five are tried, and five more when the next window begins', async () => {
  const user = await trove.register()
  expect(await guess(user.email, 10_000, [trove.context, second])).toEqual({ 401: 5, 429: 9995 })
  expect(await triesOf(user)).toBe(5)

  // A window ends at once: what was counted lies in the one before. The processes start anew, to know nothing of it.
  await trove.database.sql`update rate_limits set window_start = window_start - interval '1 day'`
  const restarted = [{ ...trove.context }, { ...second }]
  expect(await guess(user.email, 1000, restarted)).toEqual({ 401: 5, 429: 995 })
  expect(await triesOf(user)).toBe(10)

  const right = await clientOf(request => createApp(restarted[0]!).app.handle(request)).post(
    '/v1/auth/login',
    {
      email: user.email,
      password: user.password,
    },
  )
  expect(right.status).toBe(429)
})
