// Registering, changing and removing webhooks, and what becomes of their secrets.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Receiver, startReceiver } from '../simulators/webhook-receiver.ts'
import { startTrove, type Trove, type User } from '../support/app.ts'

let receiver: Receiver
let trove: Trove
let alice: User
beforeAll(async () => {
  receiver = await startReceiver()
  trove = await startTrove({ FETCH_ALLOW_HOSTS: receiver.host })
  alice = await trove.register()
})
afterAll(async () => {
  await trove.stop()
  await receiver.close()
})

const EVENTS = ['content.ready']
const register = (user: User, more: object = {}, headers = {}) =>
  user.post('/v1/webhooks/register', { url: receiver.url, events: EVENTS, ...more }, headers)

/** Everything in the database that is about webhooks, as text. */
async function dump(): Promise<string> {
  const { sql } = trove.database
  const tables = await Promise.all([
    sql`select to_jsonb(w) as row from webhooks w`,
    sql`select to_jsonb(k) as row from idempotency_keys k`,
    sql`select to_jsonb(a) as row from audit_entries a`,
    sql`select to_jsonb(j) as row from pgboss.job j where j.name = 'deliver-webhook'`,
  ])
  return JSON.stringify(tables)
}

describe('registering', () => {
  test('makes a secret of 32 bytes and shows it this once', async () => {
    const { status, body, headers } = await register(alice)
    expect(status).toBe(201)
    expect(body).toEqual({ id: expect.any(String), url: receiver.url, events: EVENTS, secret: body.secret })
    expect(body.secret).toStartWith('whsec_')
    expect(Buffer.from(body.secret.slice(6), 'base64')).toHaveLength(32)
    expect(headers.get('location')).toBe(`/v1/webhooks/${body.id}`)
    const seen = [await alice.get(`/v1/webhooks/${body.id}`), await alice.get('/v1/webhooks')]
    for (const answer of seen) {
      expect(answer.status).toBe(200)
      expect(JSON.stringify(answer.body)).toContain(body.id)
      expect(JSON.stringify(answer.body)).not.toContain('secret":')
      expect(JSON.stringify(answer.body)).not.toContain(body.secret)
    }
  })

  test('takes a secret of 16 to 256 visible characters, base64 after whsec_', async () => {
    const good = ['a'.repeat(16), '~'.repeat(256), 'whsec_c2l4dGVlbiBieXRlcyE=', `whsec_${'QUJD'.repeat(4)}`]
    for (const secret of good) {
      const user = await trove.register()
      expect((await register(user, { secret })).body.secret).toBe(secret)
    }
    const bad = [
      'a'.repeat(15),
      'a'.repeat(257),
      'sixteen and space',
      'whsec_not base64!!!',
      'whsec_QUJDQUJDQUJD=',
    ]
    for (const secret of bad) {
      const { status, body } = await register(alice, { secret })
      expect([secret, status]).toEqual([secret, 422])
      expect(body.field_errors[0].loc).toEqual(['body', 'secret'])
    }
  })

  test('refuses unknown events and none', async () => {
    for (const events of [[], ['content.read'], ['content.ready', 'webhook.test'], 'content.ready']) {
      expect((await register(alice, { events })).status).toBe(422)
    }
  })

  test('names an event once', async () => {
    const { body } = await register(alice, { events: ['content.ready', 'content.failed', 'content.ready'] })
    expect(body.events).toEqual(['content.ready', 'content.failed'])
  })

  test('refuses every address that is not public, in one sentence', async () => {
    const urls = [
      'http://127.0.0.1/',
      'http://localhost/',
      'http://[::1]/',
      'http://10.0.0.1/hook',
      'http://169.254.169.254/latest/meta-data',
      'http://nowhere.invalid/',
      'https://user:pass@example.com/',
      'http://93.184.216.34:22/',
    ]
    const told = new Set<string>()
    for (const url of urls) {
      const { status, body } = await register(alice, { url })
      expect([url, status, body.field_errors?.[0].loc]).toEqual([url, 422, ['body', 'url']])
      told.add(body.detail)
    }
    expect(told.size).toBe(1)
    for (const url of ['ftp://example.com/', 'hooks.example.com', '']) {
      expect((await register(alice, { url })).status).toBe(422)
    }
  })

  test('has room for 20 webhooks a user, also when they come at once', async () => {
    const user = await trove.register()
    const answers = await Promise.all(Array.from({ length: 25 }, () => register(user)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20)
    const refused = answers.filter(({ status }) => status === 409)
    expect(refused.map(({ body }) => body.error_code)).toEqual(Array(5).fill('TOO_MANY_WEBHOOKS'))
  })

  test('replays the same secret for the same key, and keeps it nowhere in clear', async () => {
    const secret = 'a secret'.replace(' ', '-').padEnd(24, '!')
    for (const more of [{ secret }, {}]) {
      const user = await trove.register()
      const key = { 'idempotency-key': crypto.randomUUID() }
      const first = await register(user, more, key)
      const again = await register(user, more, key)
      expect(again).toMatchObject({ status: 201, body: first.body })
      expect(again.headers.get('idempotency-replayed')).toBe('true')
      expect((await user.get('/v1/webhooks')).body.total).toBe(1)
      expect((await register(user, { secret: 'another-secret-of-mine' }, key)).status).toBe(422)
      const kept = await dump()
      expect(kept).toContain(first.body.id)
      const shown: string = first.body.secret
      const forms = [shown, shown.slice(6), Buffer.from(shown).toString('base64url')]
      expect(forms.filter(form => kept.includes(form))).toEqual([])
      expect(trove.logs.join('\n')).not.toContain(shown)
    }
  })
})

describe('a webhook', () => {
  test('can be changed; being switched on begins with a clean record', async () => {
    const { id } = (await register(alice)).body
    const patch = (change: object) =>
      alice.send('PATCH', `/v1/webhooks/${id}`, {
        body: JSON.stringify(change),
        headers: { 'content-type': 'application/json' },
      })
    expect((await patch({})).status).toBe(422)
    expect((await patch({ events: [] })).status).toBe(422)
    expect((await patch({ url: 'http://10.0.0.1/' })).body.field_errors[0].loc).toEqual(['body', 'url'])
    expect((await patch({ url: `${receiver.url}/2` })).body.url).toBe(`${receiver.url}/2`)
    expect((await patch({ events: ['clusters.updated'] })).body.events).toEqual(['clusters.updated'])
    await trove.database.sql`
      update webhooks set is_active = false, disabled_reason = 'x', failing_since = now() where id = ${id}`
    expect((await patch({ events: EVENTS })).body).toMatchObject({ is_active: false, disabled_reason: 'x' })
    const { body } = await patch({ is_active: true })
    expect(body).toMatchObject({ is_active: true, disabled_reason: null, failing_since: null })
    expect((await patch({ is_active: false })).body).toMatchObject({ is_active: false, events: EVENTS })
    expect((await alice.post(`/v1/webhooks/${id}/test`)).body.error_code).toBe('WEBHOOK_DISABLED')
  })

  test('is gone when it was deleted', async () => {
    const { id } = (await register(alice)).body
    expect((await alice.send('DELETE', `/v1/webhooks/${id}`)).status).toBe(204)
    expect((await alice.get(`/v1/webhooks/${id}`)).status).toBe(404)
    expect((await alice.send('DELETE', `/v1/webhooks/${id}`)).status).toBe(404)
  })

  test('is nobody else’s', async () => {
    const bob = await trove.register()
    const { id } = (await register(alice)).body
    const { delivery_id } = (await alice.post(`/v1/webhooks/${id}/test`)).body
    const json = { 'content-type': 'application/json' }
    const answers = [
      await bob.get(`/v1/webhooks/${id}`),
      await bob.send('PATCH', `/v1/webhooks/${id}`, { body: '{"is_active":false}', headers: json }),
      await bob.send('DELETE', `/v1/webhooks/${id}`),
      await bob.post(`/v1/webhooks/${id}/test`),
      await bob.post(`/v1/webhooks/${id}/rotate`, {}),
      await bob.get(`/v1/webhooks/${id}/deliveries`),
      await bob.post(`/v1/webhooks/${id}/deliveries/${delivery_id}/redeliver`),
    ]
    for (const { status, body } of answers) {
      expect([status, body.detail]).toEqual([404, 'Webhook not found or does not belong to you'])
    }
    const own = (await register(bob)).body
    const redeliver = await bob.post(`/v1/webhooks/${own.id}/deliveries/${delivery_id}/redeliver`)
    expect(redeliver.status).toBe(404)
    expect((await bob.get('/v1/webhooks')).body.total).toBe(1)
    expect((await alice.get(`/v1/webhooks/${id}`)).body.is_active).toBe(true)
  })

  test('is listed by page and by cursor, the newest first', async () => {
    const user = await trove.register()
    const ids: string[] = []
    for (let i = 0; i < 3; i++) ids.unshift((await register(user)).body.id)
    const idsOf = ({ webhooks }: { webhooks: { id: string }[] }) => webhooks.map(({ id }) => id)
    const first = await user.get('/v1/webhooks?limit=2')
    expect(first.body).toMatchObject({ total: 3, limit: 2, offset: 0, has_more: true })
    const rest = await user.get(`/v1/webhooks?limit=2&cursor=${first.body.next_cursor}`)
    expect([...idsOf(first.body), ...idsOf(rest.body)]).toEqual(ids)
    expect(rest.body).toMatchObject({ has_more: false, next_cursor: null })
    expect(idsOf((await user.get('/v1/webhooks?offset=1')).body)).toEqual(ids.slice(1))
    expect((await alice.get(`/v1/webhooks?cursor=${first.body.next_cursor}`)).body.error_code).toBe(
      'INVALID_CURSOR',
    )
  })

  test('leaves a trace of each change in the audit log, without its address', async () => {
    const user = await trove.register()
    const { id } = (await register(user, { url: `${receiver.url}?token=abc` })).body
    await user.post(`/v1/webhooks/${id}/rotate`, {})
    await user.post(`/v1/webhooks/${id}/test`)
    await user.send('DELETE', `/v1/webhooks/${id}`)
    const { entries } = (await user.get('/v1/audit')).body
    const changes = entries
      .filter(({ resource_id }: { resource_id: string }) => resource_id === id)
      .map(({ details }: { details: { change: string } }) => details.change)
    expect(changes).toEqual(['delete', 'test', 'rotate', 'register'])
    expect(JSON.stringify(entries)).not.toContain('token=abc')
  })
})

describe('rotating', () => {
  test('gives a new secret, and one answer to one key', async () => {
    const { id, secret } = (await register(alice)).body
    const key = { 'idempotency-key': crypto.randomUUID() }
    const first = await alice.post(`/v1/webhooks/${id}/rotate`, {}, key)
    expect(first.status).toBe(200)
    expect(first.body.secret).not.toBe(secret)
    const hours = (new Date(first.body.previous_secret_until).getTime() - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(23.9)
    expect(hours).toBeLessThan(24.1)
    expect((await alice.post(`/v1/webhooks/${id}/rotate`, {}, key)).body).toEqual(first.body)
    expect(await dump()).not.toContain(first.body.secret)
    const given = await alice.post(`/v1/webhooks/${id}/rotate`, { secret: 'chosen-by-the-user' })
    expect(given.body.secret).toBe('chosen-by-the-user')
    expect((await alice.post(`/v1/webhooks/${id}/rotate`)).status).toBe(200)
    expect((await alice.post(`/v1/webhooks/${id}/rotate`, { secret: 'short' })).status).toBe(422)
  })
})
