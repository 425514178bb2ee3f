// Requests that programs sign: each runtime has its own headers, addresses and bodies.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTrove, type Trove } from '../support/app.ts'
import { addClient, addPersonalToken, signedRequest } from '../support/programs.ts'
import { addUser } from '../support/token.ts'

const ITEMS = 'http://localhost/v1/items'
const BODY = '{"url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"}'

let trove: Trove
let user: { id: string }
before(async () => {
  trove = await startTrove()
  user = await addUser(trove.database.sql, trove.context.config.JWT_SECRET_KEY!)
})
after(() => trove.stop())

const statusOf = async (request: Request) => {
  const { status, body } = await trove.handle(request)
  await body?.cancel()
  return status
}

test('a signature is good for one request, with its address and its body as they were signed', async () => {
  const client = await addClient(trove.context, user.id, { require_signature: true })
  const post = await signedRequest(client, 'POST', ITEMS, BODY)
  const again = (body: string, url = ITEMS) =>
    new Request(url, { method: 'POST', headers: post.headers, body })
  assert.equal(await statusOf(again(`${BODY} `)), 401)
  assert.equal(await statusOf(again(BODY, `${ITEMS}?`)), 201)
  assert.equal(await statusOf(again(BODY)), 401)
  const list = `${ITEMS}?status=all&search=tacos%20%5Bcity%5D`
  assert.equal(await statusOf(await signedRequest(client, 'GET', list)), 200)
  const large = await signedRequest(client, 'POST', ITEMS, JSON.stringify({ url: 'x'.repeat(70_000) }))
  assert.equal(await statusOf(large), 413)
  const other = '{"url": "https://www.youtube.com/watch?v=oHg5SJYRHA0"}'
  const pieces = new ReadableStream({
    start(controller) {
      for (const piece of [other.slice(0, 9), other.slice(9)]) {
        controller.enqueue(new TextEncoder().encode(piece))
      }
      controller.close()
    },
  })
  const { headers } = await signedRequest(client, 'POST', ITEMS, other)
  const streamed = new Request(ITEMS, {
    method: 'POST',
    headers,
    body: pieces,
    duplex: 'half',
  } as RequestInit)
  assert.equal(await statusOf(streamed), 201)
})

test('a key and a personal token stand for their user', async () => {
  const { api_key } = await addClient(trove.context, user.id)
  const token = await addPersonalToken(trove.database.sql, user.id, ['read'])
  for (const headers of [{ 'x-api-key': api_key }, { authorization: `Bearer ${token}` }] as Record<
    string,
    string
  >[]) {
    const { status, body } = await trove.get('/v1/auth/me', headers)
    assert.deepEqual([status, body.id], [200, user.id])
  }
})
