// A host that never answers holds up nobody else: told by what has arrived while it still hangs, not by a clock.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Receiver, startReceiver } from '../simulators/webhook-receiver.ts'
import { startTrove, type Trove } from '../support/app.ts'
import { deliveriesOf, happen, register } from './delivery-driver.ts'

const HUNG = 60
const HEALTHY = 20

let hanging: Receiver
let healthy: Receiver
let trove: Trove
beforeAll(async () => {
  hanging = await startReceiver('hang')
  healthy = await startReceiver()
  trove = await startTrove({ FETCH_ALLOW_HOSTS: `${hanging.host},${healthy.host}` })
})
afterAll(async () => {
  await hanging.close()
  await trove.stop()
  await healthy.close()
})

test('sixty deliveries to a host that hangs delay none to a healthy one', async () => {
  const alice = await trove.register()
  const bob = await trove.register()
  // Five webhooks of one dead host share what it may have.
  const dead = await Promise.all(Array.from({ length: 5 }, () => register(alice, hanging.url)))
  const { id } = await register(bob, healthy.url)
  for (let i = 0; i < HUNG / dead.length; i++) await happen(trove, alice)
  await trove.work()
  await hanging.until(2)
  for (let i = 0; i < HEALTHY; i++) await happen(trove, bob)
  await healthy.until(HEALTHY)
  // None of the dead host's has ended by now: two are in flight, the others wait.
  expect(hanging.received).toHaveLength(2)
  const totals = await Promise.all(
    dead.map(async it => (await deliveriesOf(alice, it.id, '?status=pending')).total),
  )
  expect(totals.reduce((sum, total) => sum + total)).toBe(HUNG)
  const ids = new Set(healthy.received.map(({ headers }) => headers['webhook-id']))
  expect(ids.size).toBe(HEALTHY)
  for (;;) {
    if ((await deliveriesOf(bob, id, '?status=delivered')).total === HEALTHY) break
    await new Promise(resolve => setTimeout(resolve, 25))
  }
})
