// Programs that admins let in, and that call with a key.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import { type Client, clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { addClient, addPersonalToken, signedRequest, until } from '../support/programs.ts'

let trove: Trove
let admin: User
beforeAll(async () => {
  trove = await startTrove()
  admin = await trove.register()
  await trove.database.sql`update users set role = 'admin' where id = ${admin.id}`
})
afterAll(() => trove.stop())

const CLIENTS = '/v1/integrations/clients'
const withKey = (key: string): Client => clientOf(trove.handle, { 'x-api-key': key })
const statusOf = async (key: string) => (await withKey(key).get('/v1/items')).status
const make = (more: object = {}, by: Client = admin) =>
  by.post(CLIENTS, { client_name: 'Help desk', permissions: ['read'], ...more })
const change = (id: string, body: object) =>
  admin.send('PATCH', `${CLIENTS}/${id}`, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })

describe('an API client', () => {
  test('is made with what the body leaves out, and its secrets are shown this once', async () => {
    const { status, headers, body } = await admin.post(CLIENTS, { client_name: ' Help desk ' })
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`${CLIENTS}/${body.client_id}`)
    expect(body).toMatchObject({
      client_name: 'Help desk',
      description: null,
      status: 'active',
      permissions: ['use_chat'],
      acts_as_user_id: admin.id,
      require_signature: false,
      expires_at: null,
      last_used_at: null,
    })
    expect(body.api_key).toMatch(/^trv_[\w-]{64}$/)
    expect(body.api_key.startsWith(body.key_prefix)).toBe(true)

    const { client_secret, api_key, ...rest } = body
    const one = await admin.get(`${CLIENTS}/${body.client_id}`)
    expect(one.body).toEqual(rest)
    const list = await admin.get(`${CLIENTS}?per_page=1`)
    expect(list.body.clients).toEqual([rest])
    for (const secret of [client_secret, api_key]) {
      expect(JSON.stringify([one.body, list.body])).not.toContain(secret.slice(-20))
    }
  })

  test('acts as its user, within its permissions and theirs', async () => {
    const bob = await trove.register()
    await bob.post('/v1/items', { url: 'https://www.youtube.com/watch?v=ccccccccccc' })
    const { body } = await make({ acts_as_user_id: bob.id, permissions: ['read', 'admin', 'read'] })
    expect(body.permissions).toEqual(['read', 'admin'])
    const client = withKey(body.api_key)
    expect((await client.get('/v1/items?status=all')).body.total).toBe(1)
    const me = await client.get('/v1/auth/me')
    expect([me.body.id, me.body.permissions]).toEqual([bob.id, ['read']])
    expect((await client.post('/v1/items', { url: 'https://youtu.be/ddddddddddd' })).status).toBe(403)
    expect((await client.get(CLIENTS)).status).toBe(403)
  })

  test('of an admin is no admin in person', async () => {
    const { body } = await make({ permissions: ['read', 'write', 'admin'] })
    const client = withKey(body.api_key)
    const statuses = await Promise.all([
      make({}, client),
      client.get(CLIENTS),
      client.get('/v1/auth/keys'),
      client.get('/v1/auth/sessions'),
      client.post('/v1/auth/tokens', { name: 'x', scopes: ['read'] }),
    ])
    expect(statuses.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
  })

  test('is for admins alone', async () => {
    const bob = await trove.register()
    expect([(await make({}, bob)).status, (await bob.get(CLIENTS)).status]).toEqual([403, 403])
  })

  test('is changed in part, and what it may no longer do counts at once', async () => {
    const { body } = await make({ description: 'At first' })
    const { client_id, api_key } = body
    expect(await statusOf(api_key)).toBe(200)
    const changed = await change(client_id, { permissions: ['use_chat'], client_name: 'Chat' })
    expect(changed.body).toMatchObject({
      client_name: 'Chat',
      description: 'At first',
      permissions: ['use_chat'],
      status: 'active',
    })
    expect(await statusOf(api_key)).toBe(403)
    expect((await change(client_id, {})).body.client_name).toBe('Chat')
    expect((await change(client_id, { description: null, status: 'disabled' })).body).toMatchObject({
      description: null,
      status: 'disabled',
    })
    expect(await statusOf(api_key)).toBe(401)
    await change(client_id, { status: 'active', permissions: ['read'] })
    expect(await statusOf(api_key)).toBe(200)
    expect((await admin.send('DELETE', `${CLIENTS}/${client_id}`)).status).toBe(204)
    expect(await statusOf(api_key)).toBe(401)
    expect((await admin.get(`${CLIENTS}/${client_id}`)).status).toBe(404)
  })

  test('goes on for a day with what it had before a rotation, and no longer', async () => {
    const { body: first } = await make()
    const url = `${CLIENTS}/${first.client_id}/rotate-secret`
    const { status, body: second } = await admin.post(url)
    expect([status, second.client_id]).toEqual([200, first.client_id])
    expect(Date.parse(second.previous_until) - Date.now()).toBeGreaterThan(86_000_000)
    const signed = async ({ client_id, client_secret }: typeof first) =>
      (
        await trove.handle(
          await signedRequest({ client_id, client_secret }, 'GET', 'http://localhost/v1/items'),
        )
      ).status
    const counts = async (some: (typeof first)[]) =>
      Promise.all(some.flatMap(one => [statusOf(one.api_key), signed(one)]))
    expect(await counts([first, second])).toEqual([200, 200, 200, 200])
    const { body: third } = await admin.post(url)
    expect(await counts([first, second, third])).toEqual([401, 401, 200, 200, 200, 200])
    await trove.database.sql`update api_clients set previous_until = now() where id = ${first.client_id}`
    expect(await counts([second, third])).toEqual([401, 401, 200, 200])
  })

  test('is refused like every other request when it may not call', async () => {
    const { sql } = trove.database
    const of = (id: string) => sql`id = ${id}`
    const ends: Record<string, (client: string, user: string) => Promise<unknown>> = {
      expired: id => sql`update api_clients set expires_at = now() where ${of(id)}`,
      disabled: id => sql`update api_clients set is_active = false where ${of(id)}`,
      removed: id => sql`delete from api_clients where ${of(id)}`,
      'for signed requests alone': id => sql`update api_clients set require_signature = true where ${of(id)}`,
      'of a user who is disabled': (_, user) => sql`update users set is_active = false where ${of(user)}`,
      'of a user in the trash': (_, user) => sql`update users set deleted_at = now() where ${of(user)}`,
      'of a user who is gone': (_, user) => sql`delete from users where ${of(user)}`,
    }
    const answers = await Promise.all(
      Object.entries(ends).map(async ([name, end]) => {
        const user = await trove.register()
        const { client_id, api_key } = await addClient(trove.context, user.id)
        const before = await statusOf(api_key)
        await end(client_id, user.id)
        const { status, body, headers } = await withKey(api_key).get('/v1/items')
        return [name, before, status, body.detail, headers.get('www-authenticate')]
      }),
    )
    const [one, other] = [await addClient(trove.context, admin.id), await addClient(trove.context, admin.id)]
    for (const [name, key] of [
      ['by another’s random part', one.api_key.slice(0, 26) + other.api_key.slice(26)],
      ['by a key that is too short', one.api_key.slice(0, -1)],
      ['by no key', ''],
      ['by its secret', one.client_secret],
    ] as const) {
      const { status, body, headers } = await withKey(key).get('/v1/items')
      answers.push([name, 200, status, body.detail, headers.get('www-authenticate')])
    }
    const refused = [200, 401, 'Could not validate credentials', 'Bearer']
    expect(answers).toEqual(answers.map(([name]) => [name, ...refused] as never))
  })

  test('counts only where there is no Authorization', async () => {
    const { body } = await make()
    const bob = await trove.register()
    const both = { 'x-api-key': body.api_key }
    expect((await bob.get('/v1/auth/me', both)).body.id).toBe(bob.id)
    expect((await bob.get('/v1/items', { ...both, authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await bob.get('/v1/items', { ...both, authorization: '' })).status).toBe(401)
  })

  test('has its use noted', async () => {
    const { body } = await make()
    await statusOf(body.api_key)
    const used = async () => (await admin.get(`${CLIENTS}/${body.client_id}`)).body.last_used_at
    expect(Date.now() - Date.parse(await until(used, at => at !== null))).toBeLessThan(60_000)
  })

  test('is listed by pages, the newest first', async () => {
    const made = [await make(), await make(), await make()].map(({ body }) => body.client_id).reverse()
    const { total } = (await admin.get(CLIENTS)).body
    const idsOf = async (query: string) =>
      (await admin.get(`${CLIENTS}?${query}`)).body.clients.map(
        ({ client_id }: { client_id: string }) => client_id,
      )
    expect(await idsOf('per_page=2')).toEqual(made.slice(0, 2))
    expect((await idsOf('page=2&per_page=2'))[0]).toBe(made[2])
    expect(await idsOf(`page=${total + 1}&per_page=1`)).toEqual([])
  })

  test('that cannot be is refused by the name of its field', async () => {
    const gone = await trove.register()
    await trove.database.sql`update users set deleted_at = now() where id = ${gone.id}`
    const { body } = await make()
    const refused: [field: string, more: object][] = [
      ['client_name', { client_name: '' }],
      ['client_name', { client_name: 'a\0b' }],
      ['description', { description: 'x'.repeat(1001) }],
      ['permissions', { permissions: [] }],
      ['permissions', { permissions: ['operate'] }],
      ['acts_as_user_id', { acts_as_user_id: crypto.randomUUID() }],
      ['acts_as_user_id', { acts_as_user_id: gone.id }],
      ['acts_as_user_id', { acts_as_user_id: 'admin' }],
      ['require_signature', { require_signature: 'yes' }],
      ['expires_at', { expires_at: '2020-01-01T00:00:00Z' }],
      ['client_id', { client_id: crypto.randomUUID() }],
    ]
    const fieldOf = (answer: Awaited<ReturnType<typeof make>>) => [
      answer.status,
      answer.body.field_errors?.[0].loc[1],
    ]
    const made = await Promise.all(refused.map(async ([, more]) => fieldOf(await make(more))))
    const changed = await Promise.all(
      refused.map(async ([, more]) => fieldOf(await change(body.client_id, more))),
    )
    expect(made).toEqual(refused.map(([field]) => [422, field]))
    expect(changed).toEqual(made)
    const pages = ['page=0', 'per_page=0', 'per_page=101', 'page=x']
    const statuses = await Promise.all(
      pages.map(async page => (await admin.get(`${CLIENTS}?${page}`)).status),
    )
    expect(statuses).toEqual([422, 422, 422, 422])
  })
})

test('no secret of a token or a client is in a log, an error or the audit log', async () => {
  const { body: token } = await admin.post('/v1/auth/tokens', { name: 'Canary', scopes: ['read'] })
  const { body: client } = await make({ client_name: 'Canary' })
  const { body: rotated } = await admin.post(`${CLIENTS}/${client.client_id}/rotate-secret`)
  const secrets = [token.token, client.api_key, client.client_secret, rotated.api_key, rotated.client_secret]
  const answers: string[] = []
  for (const secret of secrets) {
    // Where it belongs, and where it does not.
    for (const headers of [
      { authorization: `Bearer ${secret}` },
      { authorization: `Bearer ${secret}x` },
      { 'x-api-key': secret },
      { 'x-api-key': `${secret}x` },
      {
        'signature-input': `sig=("@method");keyid="${secret}";nonce="${secret}"`,
        signature: `sig=:${secret}:`,
      },
    ]) {
      answers.push(JSON.stringify((await trove.get('/v1/jobs', headers as never)).body))
      answers.push(JSON.stringify((await trove.post('/v1/items', { url: 1 }, headers as never)).body))
    }
    answers.push(JSON.stringify((await admin.post(CLIENTS, { client_name: secret.repeat(9) })).body))
  }
  const signed = await signedRequest(client, 'POST', 'http://localhost/v1/items', '{"url":1}')
  answers.push(await (await trove.handle(signed)).text())
  const entries = await trove.database.sql`select audit_entries::text as entry from audit_entries`
  expect(entries.length).toBeGreaterThan(3)
  const told = [...trove.logs, ...answers, ...entries.map(({ entry }) => entry)].join('\n')
  const parts = secrets.map(secret => secret.slice(-24))
  expect(parts.filter(part => told.includes(part))).toEqual([])
  const rows = await trove.database.sql`
    select api_clients::text as entry from api_clients union all select personal_tokens::text from personal_tokens`
  const kept = rows.map(({ entry }) => entry).join('\n')
  expect(parts.filter(part => kept.includes(part))).toEqual([])
})

test('a program’s requests are counted as its user’s', async () => {
  const config = { ...trove.context.config, RATE_LIMIT_ENABLED: true }
  const { app, close } = createApp({ ...trove.context, config })
  const user = await trove.register()
  const { api_key } = await addClient(trove.context, user.id)
  const token = await addPersonalToken(trove.database.sql, user.id, ['read'])
  const remaining = async (headers: Record<string, string>) =>
    Number(
      (await app.handle(new Request('http://localhost/v1/jobs', { headers }))).headers.get(
        'x-ratelimit-remaining',
      ),
    )
  const first = await remaining({ 'x-api-key': api_key })
  expect(await remaining({ authorization: `Bearer ${token}` })).toBe(first - 1)
  await close()
})
