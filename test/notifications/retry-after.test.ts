// A receiver that wants to be left alone for a while is left alone.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { readRetryAfter } from '../../src/ground/fetch/retry-after.ts'
import { secondsToNextTry } from '../../src/notifications/webhooks/deliveries/next-try.ts'
import { type Receiver, startReceiver } from '../simulators/webhook-receiver.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { deliveriesOf, happen, queuedTries, register, runQueued } from './delivery-driver.ts'

const DAY = 86_400

let receiver: Receiver
let trove: Trove
let alice: User
beforeAll(async () => {
  receiver = await startReceiver()
  trove = await startTrove({ FETCH_ALLOW_HOSTS: receiver.host })
})
beforeEach(async () => {
  alice = await trove.register()
  receiver.headers = {}
})
afterAll(async () => {
  await trove.stop()
  await receiver.close()
})

/** Seconds until the next try of a delivery that was answered so, as the queue and as the list have them. */
async function waitAfter(status: number, retryAfter: string): Promise<[number, number]> {
  receiver.answer = status
  receiver.headers = { 'retry-after': retryAfter }
  const { id } = await register(alice, receiver.url)
  await happen(trove, alice)
  await runQueued(trove, id)
  const [{ next_attempt_at, updated_at, status: state }] = (await deliveriesOf(alice, id)).deliveries
  expect(state).toBe('pending')
  const [next] = await queuedTries(trove, id)
  await alice.send('DELETE', `/v1/webhooks/${id}`)
  return [next!.delay_seconds, (Date.parse(next_attempt_at) - Date.parse(updated_at)) / 1000]
}

describe('Retry-After', () => {
  test.each([429, 503, 500, 302])('with %d puts off the next try', async status => {
    for (const wait of await waitAfter(status, '120')) expect(wait).toBeWithin(120, 146)
  })

  test('may be a date', async () => {
    const date = new Date(Date.now() + 600_000).toUTCString()
    for (const wait of await waitAfter(503, date)) expect(wait).toBeWithin(590, 725)
  })

  test('is heeded for a day at most', async () => {
    for (const wait of await waitAfter(429, '31536000')) expect(wait).toBe(DAY)
  })

  test.each(['0', '1', '-5', 'soon', '1.5h', 'Sun, 06 Nov 1994 08:49:37 GMT', ''])(
    '%p hurries nothing',
    async retryAfter => {
      for (const wait of await waitAfter(503, retryAfter)) expect(wait).toBeWithin(4, 7)
    },
  )
})

test('the next try is never before the receiver’s time nor before our own, and a little apart from others', () => {
  expect([secondsToNextTry(1, 100, 0), secondsToNextTry(1, 100, 1)]).toEqual([100, 120])
  expect([secondsToNextTry(6, 100, 0), secondsToNextTry(6, 100, 1)]).toEqual([2880, 4320])
  expect([secondsToNextTry(1, DAY, 1), secondsToNextTry(1, Number.MAX_VALUE, 0)]).toEqual([DAY, DAY])
  expect(secondsToNextTry(11, 10 * DAY, 1)).toBe(1.2 * DAY)
  expect(secondsToNextTry(12, 100)).toBeUndefined()
})

test('a Retry-After is read in each form that HTTP has for it', () => {
  const now = Date.UTC(2094, 10, 6, 8, 48, 37)
  for (const value of ['60', ' 60 ', 'Sat, 06 Nov 2094 08:49:37 GMT', 'Sat Nov  6 08:49:37 2094']) {
    expect([value, readRetryAfter(value, now)]).toEqual([value, 60])
  }
  const of1994 = Date.UTC(1994, 10, 6, 8, 48, 37)
  expect(readRetryAfter('Sunday, 06-Nov-94 08:49:37 GMT', of1994)).toBe(60)
  for (const value of [
    '',
    '0',
    '-1',
    '1e3',
    '0x10',
    '1.5',
    'soon',
    '2094-11-06',
    'Mon, never 00:00:00 GMT',
  ]) {
    expect([value, readRetryAfter(value, now)]).toEqual([value, undefined])
  }
})
