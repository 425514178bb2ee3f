// A webhook that nobody answers is switched off; one that works again has a clean record.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { secondsToNextTry } from '../../src/notifications/webhooks/deliveries/next-try.ts'
import { type Receiver, startReceiver } from '../simulators/webhook-receiver.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { deliveriesOf, happen, queuedTries, register, runQueued, runTry } from './delivery-driver.ts'

let receiver: Receiver
let trove: Trove
let alice: User
beforeAll(async () => {
  receiver = await startReceiver()
  trove = await startTrove({ FETCH_ALLOW_HOSTS: receiver.host })
})
beforeEach(async () => {
  alice = await trove.register()
  receiver.received.length = 0
})
afterAll(async () => {
  await trove.stop()
  await receiver.close()
})

/** A webhook with two deliveries that wait; the first is tried. */
async function tryOneOfTwo(failingFor?: string): Promise<string> {
  const { id } = await register(alice, receiver.url)
  await happen(trove, alice)
  await happen(trove, alice)
  if (failingFor) {
    await trove.database.sql`
      update webhooks set failing_since = now() - ${failingFor}::interval where id = ${id}`
  }
  const [first] = await queuedTries(trove, id)
  await runTry(trove, first!.payload)
  return id
}

const webhook = async (id: string) => (await alice.get(`/v1/webhooks/${id}`)).body

describe('a webhook is disabled', () => {
  test('by 410 at once, and what waits for it is given up', async () => {
    receiver.answer = 410
    const id = await tryOneOfTwo()
    expect(await webhook(id)).toMatchObject({
      is_active: false,
      disabled_reason: 'The receiver answered 410 Gone',
    })
    const { deliveries, total } = await deliveriesOf(alice, id, '?status=failed')
    expect(total).toBe(2)
    expect(deliveries.map((it: { attempts: number }) => it.attempts).sort()).toEqual([0, 1])
    await runQueued(trove, id)
    await happen(trove, alice)
    expect(receiver.received).toHaveLength(1)
    expect((await deliveriesOf(alice, id)).total).toBe(2)
  })

  test('after five days without a success, and not before', async () => {
    receiver.answer = 500
    const before = await tryOneOfTwo('4 days 23 hours')
    expect(await webhook(before)).toMatchObject({ is_active: true, disabled_reason: null })
    expect((await deliveriesOf(alice, before, '?status=pending')).total).toBe(2)
    const after = await tryOneOfTwo('5 days 1 second')
    const reason = 'Nothing was delivered for five days'
    expect(await webhook(after)).toMatchObject({ is_active: false, disabled_reason: reason })
    expect((await deliveriesOf(alice, after, '?status=failed')).total).toBe(2)
  })
})

test('failing_since is when the first failure was, until a success', async () => {
  receiver.answer = 500
  const id = await tryOneOfTwo()
  const { failing_since } = await webhook(id)
  expect(failing_since).toBeString()
  await runQueued(trove, id)
  expect((await webhook(id)).failing_since).toBe(failing_since)
  receiver.answer = 200
  await runQueued(trove, id)
  expect((await webhook(id)).failing_since).toBeNull()
})

test('a delivery that was planned while its webhook was switched off is given up', async () => {
  receiver.answer = 200
  const { id } = await register(alice, receiver.url)
  await happen(trove, alice)
  await trove.database.sql`update webhooks set is_active = false where id = ${id}`
  await runQueued(trove, id)
  expect(receiver.received).toEqual([])
  const [failed] = (await deliveriesOf(alice, id)).deliveries
  expect(failed).toMatchObject({ status: 'failed', error_message: 'The webhook is disabled', attempts: 0 })
})

test('switching a webhook off by hand gives up what waits', async () => {
  receiver.answer = 500
  const id = await tryOneOfTwo()
  await alice.send('PATCH', `/v1/webhooks/${id}`, {
    body: '{"is_active":false}',
    headers: { 'content-type': 'application/json' },
  })
  expect((await deliveriesOf(alice, id, '?status=failed')).total).toBe(2)
})

test('twelve tries are spread over about three days, each pause longer or equal, with a fifth of jitter', () => {
  const pauses = Array.from({ length: 11 }, (_, i) => secondsToNextTry(i + 1, 0, 0.5)!)
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b))
  expect(pauses[0]).toBe(5)
  const days = pauses.reduce((sum, pause) => sum + pause, 0) / 86_400
  expect(days).toBeWithin(2.5, 3.5)
  expect(secondsToNextTry(12)).toBeUndefined()
  expect([secondsToNextTry(11, 0, 0), secondsToNextTry(11, 0, 1)]).toEqual([69_120, 103_680])
})
