// Where a commit spans machines a job can come before its data. What is there already, and newer, is not waited for.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { v7 as uuidv7 } from 'uuid'
import deliverWebhook from '#jobs/deliver-webhook'
import embedContent from '#jobs/embed-content'
import fetchContent from '#jobs/fetch-content'
import placeSave from '#jobs/place-save'
import understandContent from '#jobs/understand-content'
import { Unseen } from '../../src/ground/queue/queue.ts'
import { insertDeliveries } from '../../src/notifications/webhooks/deliveries/store.ts'
import { insertWebhook } from '../../src/notifications/webhooks/store.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'

let trove: Trove
let user: User
beforeAll(async () => {
  trove = await startTrove()
  user = await trove.register()
})
afterAll(() => trove.stop())

const CHAIN = { fetchContent, understandContent, embedContent }
let saved = 0
async function save() {
  const url = `https://youtu.be/unseen${String(saved++).padStart(5, '0')}`
  return (await user.post('/v1/items', { url })).body
}

test.each(Object.entries(CHAIN))(
  '%s waits for its content and its run, not for one that is over',
  async (_, job) => {
    const before = uuidv7()
    const { content } = await save()
    const outcomes = await job.run(
      [
        { content_id: uuidv7(), attempt: uuidv7(), request_id: 'test' },
        { content_id: content.id, attempt: uuidv7(), request_id: 'test' },
        { content_id: content.id, attempt: before, request_id: 'test' },
      ],
      trove.context,
    )
    expect(outcomes).toEqual([expect.any(Unseen), expect.any(Unseen), expect.any(Function)])
  },
)

test('place-save waits for its save', async () => {
  const { save: own, content } = await save()
  const of = (save_id: string) => ({ user_id: user.id, save_id, content_id: content.id })
  expect(await placeSave.run([of(uuidv7())], trove.context)).toEqual([expect.any(Unseen)])
  expect(await placeSave.run([of(own.id)], trove.context)).toEqual([expect.any(Function)])
})

test('deliver-webhook waits for its delivery and its try, not for one that is over', async () => {
  const { sql } = trove.database
  const [webhook_id, id] = [uuidv7(), uuidv7()]
  const webhook = { url: 'https://example.com/', events: ['content.ready'], secret_sealed: 'sealed' }
  await insertWebhook(sql, { ...webhook, user_id: user.id, id: webhook_id })
  await insertDeliveries(sql, user.id, [{ id, webhook_id, event: 'content.ready', data: {} }])
  await sql`update webhook_deliveries set attempts = 2, status = 'delivered' where id = ${id}`
  const of = (delivery_id: string, attempts: number) => ({
    ...{ user_id: user.id, webhook_id, delivery_id, attempts },
    ...{ host: 'example.com', failed: 0 },
  })
  const jobs = [of(uuidv7(), 0), of(id, 3), of(id, 2), of(id, 1)]
  expect(await deliverWebhook.run(jobs, trove.context)).toEqual([
    expect.any(Unseen),
    expect.any(Unseen),
    expect.any(Function),
    expect.any(Function),
  ])
})
