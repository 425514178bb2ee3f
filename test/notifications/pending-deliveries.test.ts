// How much may wait for one user's webhooks.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { MOST_PENDING } from '../../src/notifications/webhooks/deliveries/store.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { deliveriesOf, happen, queuedTries, register } from './delivery-driver.ts'

const HOST = '127.0.0.1:9'

let trove: Trove
let alice: User
beforeAll(async () => {
  trove = await startTrove({ FETCH_ALLOW_HOSTS: HOST })
})
beforeEach(async () => {
  alice = await trove.register()
})
afterAll(() => trove.stop())

/** As if the receiver had been away for long. */
const wait = (user: User, webhookId: string, count: number) => trove.database.sql`
  insert into webhook_deliveries (user_id, id, webhook_id, event, data)
  select ${user.id}, gen_random_uuid(), ${webhookId}, 'content.ready', '{}'
  from generate_series(1, ${count})`

describe('when a thousand deliveries wait', () => {
  test('what happens is kept as failed, with the reason, and can be sent later', async () => {
    const { id } = await register(alice, `http://${HOST}/`)
    await wait(alice, id, MOST_PENDING - 1)
    await happen(trove, alice)
    await happen(trove, alice)
    expect(await queuedTries(trove, id)).toHaveLength(1)
    const failed = await deliveriesOf(alice, id, '?status=failed')
    expect(failed.deliveries).toMatchObject([
      {
        attempts: 0,
        next_attempt_at: null,
        error_message: expect.stringContaining('1000 deliveries were waiting'),
      },
    ])
    const path = `/v1/webhooks/${id}/deliveries/${failed.deliveries[0].id}/redeliver`
    expect((await alice.post(path)).body.error_code).toBe('TOO_MANY_DELIVERIES')
    await trove.database.sql`
      update webhook_deliveries set status = 'delivered' where user_id = ${alice.id} and status = 'pending'`
    expect((await alice.post(path)).status).toBe(202)
    expect((await deliveriesOf(alice, id, '?status=pending')).total).toBe(1)
  })

  test('a test is refused', async () => {
    const { id } = await register(alice, `http://${HOST}/`)
    await wait(alice, id, MOST_PENDING)
    const { status, body } = await alice.post(`/v1/webhooks/${id}/test`)
    expect([status, body.error_code]).toEqual([409, 'TOO_MANY_DELIVERIES'])
    expect((await deliveriesOf(alice, id)).total).toBe(MOST_PENDING)
  })

  test('another user’s are not held up', async () => {
    const bob = await trove.register()
    const { id } = await register(alice, `http://${HOST}/`)
    const theirs = await register(bob, `http://${HOST}/`)
    await wait(alice, id, MOST_PENDING)
    await happen(trove, bob)
    expect(await queuedTries(trove, theirs.id)).toHaveLength(1)
    expect((await bob.post(`/v1/webhooks/${theirs.id}/test`)).status).toBe(202)
  })
})
