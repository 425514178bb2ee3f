// Deliveries: what is sent and to whom, and what becomes of it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import canonicalize from 'canonicalize'
import { Webhook } from 'standardwebhooks'
import type { Sql } from '../../src/ground/database/connection.ts'
import { planDeliveries } from '../../src/notifications/webhooks/deliveries/plan-deliveries.ts'
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
  receiver.answer = 204
  receiver.received.length = 0
})
afterAll(async () => {
  await trove.stop()
  await receiver.close()
})

const DATA = { save_id: 's', content_id: 'c', status: 'READY', title: 'Café “Zoë” €', z: 1, a: [1e21, -0] }

describe('an event', () => {
  test('is sent once to each active webhook of its user that asked for its type', async () => {
    const bob = await trove.register()
    const wanted = [await register(alice, receiver.url), await register(alice, receiver.url)]
    const other = await register(alice, receiver.url, { events: ['clusters.updated'] })
    const off = await register(alice, receiver.url)
    const theirs = await register(bob, receiver.url)
    await alice.send('PATCH', `/v1/webhooks/${off.id}`, {
      body: '{"is_active":false}',
      headers: { 'content-type': 'application/json' },
    })
    await happen(trove, alice)
    const planned = async ({ id }: { id: string }) => (await queuedTries(trove, id)).length
    expect(await Promise.all(wanted.map(planned))).toEqual([1, 1])
    expect(await Promise.all([other, off, theirs].map(planned))).toEqual([0, 0, 0])
    expect((await deliveriesOf(alice, wanted[0]!.id)).total).toBe(1)
    expect((await deliveriesOf(alice, off.id)).total).toBe(0)
  })

  test('that did not happen after all is not sent', async () => {
    const { id } = await register(alice, receiver.url)
    const failing = trove.database.sql.begin(async tx => {
      await planDeliveries(tx, trove.context.queue, [
        { user_id: alice.id, type: 'content.ready', data: DATA },
      ])
      throw new Error('rolled back')
    })
    expect(failing).rejects.toThrow('rolled back')
    await failing.catch(() => {})
    expect(await queuedTries(trove, id)).toEqual([])
    expect((await deliveriesOf(alice, id)).total).toBe(0)
  })

  test('costs one query of a user without a webhook, none when nothing happened', async () => {
    let queries = 0
    await trove.database.sql.begin(async tx => {
      const counting = new Proxy(tx, {
        apply: (target, self, args) => {
          queries += 1
          return Reflect.apply(target as never, self, args)
        },
      }) as Sql
      const event = { user_id: alice.id, type: 'content.ready', data: DATA }
      await planDeliveries(counting, trove.context.queue, [event, event])
      await planDeliveries(counting, trove.context.queue, [])
    })
    expect(queries).toBe(1)
  })
})

describe('a delivery', () => {
  test('is a POST that the Standard Webhooks library verifies, with a body that signs its data', async () => {
    const { id, secret } = await register(alice, receiver.url)
    await happen(trove, alice, 'content.ready', DATA)
    await runQueued(trove, id)
    const [{ headers, body }] = receiver.received as [(typeof receiver.received)[0]]
    const verified = new Webhook(secret).verify(body, headers) as Record<string, string>
    expect(Object.keys(verified)).toEqual(['event', 'timestamp', 'data', 'signature'])
    expect(verified).toMatchObject({ event: 'content.ready', data: JSON.parse(JSON.stringify(DATA)) })
    const signed = `${verified.timestamp}.${canonicalize(verified.data)}`
    expect(verified.signature).toBe(`sha256=${createHmac('sha256', secret).update(signed).digest('hex')}`)
    expect(headers['content-type']).toBe('application/json')
    const { deliveries } = await deliveriesOf(alice, id)
    expect(deliveries[0]).toMatchObject({ id: headers['webhook-id'], status: 'delivered', attempts: 1 })
    expect(deliveries[0]).toMatchObject({ response_status: 204, error_message: null, next_attempt_at: null })
    expect(deliveries[0].created_at).toBe(verified.timestamp)
    expect(() => new Webhook(secret).verify(body.replace('READY', 'ready'), headers)).toThrow()
  })

  test('is signed with the text of a secret without whsec_', async () => {
    const secret = 'no-base64-but-long-enough'
    const { id } = await register(alice, receiver.url, { secret })
    await happen(trove, alice)
    await runQueued(trove, id)
    const { headers, body } = receiver.received[0]!
    expect(new Webhook(secret, { format: 'raw' }).verify(body, headers)).toMatchObject({
      event: 'content.ready',
    })
  })

  test('is signed with both secrets for a day after a rotation, then with the new one', async () => {
    const { id, secret } = await register(alice, receiver.url)
    const rotated = (await alice.post(`/v1/webhooks/${id}/rotate`, {})).body
    await happen(trove, alice)
    await runQueued(trove, id)
    const during = receiver.received[0]!
    for (const one of [secret, rotated.secret]) {
      expect(new Webhook(one).verify(during.body, during.headers)).toBeTruthy()
    }
    await trove.database.sql`update webhooks set previous_secret_until = now() where id = ${id}`
    await alice.post(`/v1/webhooks/${id}/test`)
    await runQueued(trove, id)
    const after = receiver.received[1]!
    expect(new Webhook(rotated.secret).verify(after.body, after.headers)).toMatchObject({
      event: 'webhook.test',
    })
    expect(() => new Webhook(secret).verify(after.body, after.headers)).toThrow()
    expect((await alice.get(`/v1/webhooks/${id}`)).body.previous_secret_until).toBeNull()
  })

  test('that fails is planned anew in the same transaction, with the same id and body', async () => {
    receiver.answer = 503
    const { id } = await register(alice, receiver.url)
    await happen(trove, alice, 'content.ready', DATA)
    await runQueued(trove, id)
    const [waiting] = (await deliveriesOf(alice, id)).deliveries
    expect(waiting).toMatchObject({ status: 'pending', attempts: 1, response_status: 503 })
    expect(waiting.error_message).toBe('The answer was 503')
    const [next] = await queuedTries(trove, id)
    expect(next!.payload).toMatchObject({ attempts: 1, failed: 1 })
    expect(next!.delay_seconds).toBeWithin(4, 7)
    const due = (new Date(waiting.next_attempt_at).getTime() - new Date(waiting.updated_at).getTime()) / 1000
    expect(due).toBeWithin(4, 7)
    receiver.answer = 200
    await runQueued(trove, id)
    const [first, second] = receiver.received
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']!)
    expect(second!.body).toBe(first!.body)
    const [done] = (await deliveriesOf(alice, id)).deliveries
    expect(done).toMatchObject({
      status: 'delivered',
      attempts: 2,
      error_message: null,
      next_attempt_at: null,
    })
  })

  test('does not follow redirects, and a redirect is a failure', async () => {
    const { id } = await register(alice, receiver.url)
    for (const redirect of [301, 302, 303, 307, 308]) {
      receiver.answer = redirect
      await happen(trove, alice)
      await runQueued(trove, id)
    }
    expect(receiver.received.filter(({ path }) => path !== '/hook')).toEqual([])
    const { deliveries } = await deliveriesOf(alice, id)
    const ends = deliveries.map((it: { status: string }) => it.status)
    expect(ends).toEqual(Array(5).fill('pending'))
  })

  test('is given up after twelve tries', async () => {
    receiver.answer = 500
    const { id } = await register(alice, receiver.url)
    await happen(trove, alice)
    for (let i = 0; i < 14; i++) await runQueued(trove, id)
    expect(receiver.received).toHaveLength(12)
    const [given] = (await deliveriesOf(alice, id)).deliveries
    expect(given).toMatchObject({ status: 'failed', attempts: 12, next_attempt_at: null })
    expect((await alice.get(`/v1/webhooks/${id}`)).body.is_active).toBe(true)
  })

  test('to an address that is private by now is not sent, and does not say why', async () => {
    const { id } = await register(alice, receiver.url)
    await trove.database.sql`update webhooks set url = 'http://10.0.0.1/' where id = ${id}`
    await happen(trove, alice)
    await runQueued(trove, id)
    const [refused] = (await deliveriesOf(alice, id)).deliveries
    expect(refused).toMatchObject({ status: 'pending', response_status: null })
    expect(refused.error_message).toBe('The address could not be reached')
  })

  test('whose secret cannot be opened fails at once', async () => {
    const { id } = await register(alice, receiver.url)
    const { id: other } = await register(alice, receiver.url)
    await trove.database.sql`
      update webhooks w set secret_sealed = o.secret_sealed from webhooks o where w.id = ${id} and o.id = ${other}`
    await alice.post(`/v1/webhooks/${id}/test`)
    await runQueued(trove, id)
    const [failed] = (await deliveriesOf(alice, id)).deliveries
    expect(failed).toMatchObject({ status: 'failed', attempts: 1 })
    expect(failed.error_message).toContain('rotate it')
    expect(receiver.received).toEqual([])
  })

  test('is signed by the new secret alone when the one before cannot be opened', async () => {
    const { id } = await register(alice, receiver.url)
    const { id: other } = await register(alice, receiver.url)
    await alice.post(`/v1/webhooks/${id}/rotate`)
    await trove.database.sql`
      update webhooks w set previous_secret_sealed = o.secret_sealed from webhooks o where w.id = ${id} and o.id = ${other}`
    await alice.post(`/v1/webhooks/${id}/test`)
    await runQueued(trove, id)
    expect((await deliveriesOf(alice, id)).deliveries[0]).toMatchObject({ status: 'delivered' })
    expect(receiver.received[0]!.headers['webhook-signature']!.split(' ')).toHaveLength(1)
  })

  test('that is tried by two workers at once has one effect', async () => {
    receiver.answer = 500
    const { id } = await register(alice, receiver.url)
    await happen(trove, alice)
    const { payload } = (await queuedTries(trove, id))[0]!
    await Promise.all([runTry(trove, payload), runTry(trove, payload)])
    await runTry(trove, payload)
    expect(receiver.received).toHaveLength(2)
    expect((await deliveriesOf(alice, id)).deliveries[0].attempts).toBe(1)
    const [planned] = await trove.database.sql<[{ count: number }]>`
      select count(*) as count from pgboss.job where data ->> 'webhook_id' = ${id}`
    expect(planned.count).toBe(2)
  })

  test('of a removed webhook is not sent', async () => {
    const { id } = await register(alice, receiver.url)
    await happen(trove, alice)
    await alice.send('DELETE', `/v1/webhooks/${id}`)
    await runQueued(trove, id)
    expect(receiver.received).toEqual([])
  })
})

describe('redelivering', () => {
  test('sends a delivery again under its id, with all its tries before it', async () => {
    const { id } = await register(alice, receiver.url)
    await happen(trove, alice)
    await runQueued(trove, id)
    const [{ id: delivery_id }] = (await deliveriesOf(alice, id)).deliveries
    const again = await alice.post(`/v1/webhooks/${id}/deliveries/${delivery_id}/redeliver`)
    expect([again.status, again.body]).toEqual([202, { delivery_id }])
    receiver.answer = 500
    await runQueued(trove, id)
    await runQueued(trove, id)
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toEqual([delivery_id, delivery_id, delivery_id])
    const [pending] = (await deliveriesOf(alice, id)).deliveries
    expect(pending).toMatchObject({ status: 'pending', attempts: 3 })
    expect((await queuedTries(trove, id))[0]!.payload.failed).toBe(2)
    const none = await alice.post(`/v1/webhooks/${id}/deliveries/${crypto.randomUUID()}/redeliver`)
    expect([none.status, none.body.detail]).toEqual([404, 'Delivery not found or does not belong to you'])
  })
})

describe('the list of deliveries', () => {
  test('is by page and by cursor, the newest first, of any or one status', async () => {
    const { id } = await register(alice, receiver.url)
    for (const answer of [200, 500, 200] as const) {
      receiver.answer = answer
      await happen(trove, alice)
      const [newest] = (await queuedTries(trove, id)).slice(-1)
      await runTry(trove, newest!.payload)
    }
    const all = await deliveriesOf(alice, id)
    expect(all).toMatchObject({ total: 3, limit: 20, offset: 0, has_more: false, next_cursor: null })
    const idsOf = ({ deliveries }: { deliveries: { id: string }[] }) => deliveries.map(it => it.id)
    expect(idsOf(all)).toEqual(idsOf(all).sort().reverse())
    const first = await deliveriesOf(alice, id, '?limit=2')
    expect(first).toMatchObject({ total: 3, has_more: true })
    const rest = await deliveriesOf(alice, id, `?limit=2&cursor=${first.next_cursor}`)
    expect([...idsOf(first), ...idsOf(rest)]).toEqual(idsOf(all))
    expect(rest.next_cursor).toBeNull()
    const pending = await deliveriesOf(alice, id, '?status=pending')
    expect([pending.total, pending.deliveries[0].response_status]).toEqual([1, 500])
    expect((await deliveriesOf(alice, id, `?status=failed&cursor=${first.next_cursor}`)).error_code).toBe(
      'INVALID_CURSOR',
    )
    expect((await alice.get(`/v1/webhooks/${id}/deliveries?status=lost`)).status).toBe(422)
  })
})
