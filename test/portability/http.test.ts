// What the runtimes do differently in a request, tried on each.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { hashPassword, verifyPassword } from '../../src/accounts/sign-in/passwords.ts'
import { startTrove, type Trove } from '../support/app.ts'

let trove: Trove
before(async () => {
  trove = await startTrove()
})
after(() => trove.stop())

describe('on every runtime', () => {
  test('a hash that another runtime made is understood', async () => {
    const keys = { masters: { ENCRYPTION_KEY: 'a key for tests' } as never, old: 'pepper' }
    const made = await hashPassword('a password', keys, 'here')
    assert.equal(await verifyPassword('a password', keys, made, 'here'), 'right')
    const onBun = '$2b$10$SP629nzeKLqhxX.A9pMQsOTK5G8fYohL0/PSlfSqj91m8rtPjsk4G'
    assert.equal(await verifyPassword('a password', keys, onBun, 'here'), 'right, by an old key')
  })

  test('authentication comes before validation', async () => {
    const json = { 'content-type': 'application/json' }
    for (const body of ['{"url": 1}', '{broken']) {
      assert.equal((await trove.send('POST', '/v1/items', { body, headers: json })).status, 401)
    }
    assert.equal((await trove.get('/v1/items?limit=nonsense')).status, 401)
  })

  test('every error is problem+json and names the field', async () => {
    const user = await trove.register()
    const bad = await user.post('/v1/items', { url: 'no link' })
    assert.equal(bad.status, 422)
    assert.equal(bad.headers.get('content-type'), 'application/problem+json')
    assert.deepEqual(bad.body.field_errors[0].loc, ['body', 'url'])
    assert.equal(
      (await user.send('POST', '/v1/items', { body: '{', headers: { 'content-type': 'application/json' } }))
        .status,
      400,
    )
    assert.equal((await user.get('/nowhere')).status, 404)
  })

  test('of many wrong elements twenty are named, and of too many none', async () => {
    const user = await trove.register()
    const events = (count: number) => ({ url: 'https://a.example/', events: Array(count).fill(7) })
    const few = await user.post('/v1/webhooks/register', events(20))
    assert.deepEqual([few.status, few.body.field_errors.length], [422, 20])
    const many = await user.post('/v1/webhooks/register', events(30_000))
    assert.deepEqual([many.status, many.body.field_errors.length], [422, 1])
  })

  test('a query is read as it is written', async () => {
    const user = await trove.register()
    assert.equal((await user.get('/v1/items?search=tacos,%20mexico%20[city]')).status, 200)
  })

  test('a parameter or field that is not known is named, with the nearest one', async () => {
    const user = await trove.register()
    const query = await user.get('/v1/items?serch=tacos')
    const body = await user.post('/v1/webhooks/register', { url: 'https://a.example/', event: [] })
    assert.deepEqual(
      [query, body].map(answer => [
        answer.status,
        answer.body.field_errors[0].loc,
        answer.body.field_errors[0].msg,
      ]),
      [
        [422, ['query', 'serch'], 'is no parameter that is known here; did you mean search?'],
        [422, ['body', 'event'], 'is no field that is known here; did you mean events?'],
      ],
    )
  })

  test('the docs page and its files are served', async () => {
    for (const path of ['/docs', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/openapi.json']) {
      assert.equal((await trove.get(path)).status, 200)
    }
  })

  test('the queue dashboard opens', async () => {
    const authorization = `Basic ${btoa('admin:admin-for-tests')}`
    assert.equal((await trove.get('/admin/queues', { authorization })).status, 200)
  })
})
