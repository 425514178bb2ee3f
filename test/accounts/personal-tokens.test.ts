// Tokens that people make for their own programs.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../../src/app.ts'
import { type Client, clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { addPersonalToken, until } from '../support/programs.ts'
import { openSecond } from '../support/second-process.ts'

let trove: Trove
let alice: User
beforeAll(async () => {
  trove = await startTrove()
  alice = await trove.register()
})
afterAll(() => trove.stop())

const by = (token: string, on: Pick<Trove, 'handle'> = trove): Client =>
  clientOf(request => on.handle(request), { authorization: `Bearer ${token}` })
const make = (user: Client, more: object = {}) =>
  user.post('/v1/auth/tokens', { name: 'A script', scopes: ['read'], ...more })
const statusOf = async (token: string) => (await by(token).get('/v1/items')).status

describe('a personal token', () => {
  test('is shown once, listed without itself, and revoked at once in every process', async () => {
    const user = await trove.register()
    const { status, body } = await make(user, { scopes: ['read', 'chat', 'read'] })
    expect([status, body.scopes, body.last_used_at]).toEqual([201, ['read', 'chat'], null])
    expect(body.token).toMatch(/^trp_[\w-]{75}$/)
    expect(await statusOf(body.token)).toBe(200)

    const { token, ...rest } = body
    const listed = await user.get('/v1/auth/tokens')
    expect(listed.body.total).toBe(1)
    expect(listed.body.tokens[0]).toMatchObject({ ...rest, last_used_at: expect.anything() })
    expect(JSON.stringify(listed.body)).not.toContain(token.slice(4))

    const second = await openSecond(trove)
    const { app, close } = createApp(second.context)
    const elsewhere = by(token, { handle: async request => app.handle(request) })
    expect((await elsewhere.get('/v1/items')).status).toBe(200)
    expect((await user.send('DELETE', `/v1/auth/tokens/${body.id}`)).status).toBe(204)
    expect((await elsewhere.get('/v1/items')).status).toBe(401)
    expect(await statusOf(token)).toBe(401)
    await close()
    await second.close()
  })

  test('saves a link with `save`, by itself or in a batch, and does nothing else', async () => {
    const client = by(await addPersonalToken(trove.database.sql, alice.id, ['save']))
    const url = 'https://www.youtube.com/watch?v=aaaaaaaaaaa'
    const saved = await client.post('/v1/items', { url })
    expect(saved.status).toBe(201)
    expect((await client.post('/v1/items/batch', { items: [{ url }] })).status).toBe(200)
    expect((await client.get('/v1/items')).status).toBe(403)
    expect((await client.send('DELETE', `/v1/items/${saved.body.save.id}`)).status).toBe(403)
    expect((await client.get('/v1/auth/me')).status).toBe(403)
  })

  test('reads with `read`, the stream of events as well, and says in `me` what it may', async () => {
    const client = by(await addPersonalToken(trove.database.sql, alice.id, ['read']))
    expect((await client.get('/v1/auth/me')).body.permissions).toEqual(['read'])
    expect((await client.get('/v1/events')).status).toBe(200)
    expect((await client.post('/v1/items', { url: 'https://youtu.be/bbbbbbbbbbb' })).status).toBe(403)
  })

  test('makes no tokens, whatever its scopes', async () => {
    const client = by(await addPersonalToken(trove.database.sql, alice.id, ['read', 'save', 'write', 'chat']))
    expect((await make(client)).status).toBe(403)
    expect((await client.get('/v1/auth/tokens')).status).toBe(403)
    expect((await client.send('PATCH', '/v1/auth/me', { body: '{}' })).status).toBe(403)
  })

  test('that is another’s is not found', async () => {
    const { body } = await make(alice)
    const bob = await trove.register()
    expect((await bob.send('DELETE', `/v1/auth/tokens/${body.id}`)).status).toBe(404)
    expect(await statusOf(body.token)).toBe(200)
  })

  test('is refused like every other once it has ended, is changed, or its user is disabled or gone', async () => {
    const { sql } = trove.database
    const fresh = async () => {
      const user = await trove.register()
      return { user, token: await addPersonalToken(sql, user.id, ['read']) }
    }
    const other = await addPersonalToken(sql, alice.id, ['read'])
    const ends: Record<string, (user: string, token: string) => Promise<unknown>> = {
      expired: user => sql`update personal_tokens set expires_at = now() where user_id = ${user}`,
      disabled: user => sql`update users set is_active = false where id = ${user}`,
      'in the trash': user => sql`update users set deleted_at = now() where id = ${user}`,
      gone: user => sql`delete from users where id = ${user}`,
    }
    const answers = await Promise.all(
      Object.entries(ends).map(async ([name, end]) => {
        const { user, token } = await fresh()
        const before = await statusOf(token)
        await end(user.id, token)
        const { status, body } = await by(token).get('/v1/items')
        return [name, before, status, body.detail]
      }),
    )
    const { token } = await fresh()
    const bytes = Buffer.from(token.slice(4), 'base64url')
    for (const [name, changed] of [
      [
        'of other random bytes',
        `trp_${Buffer.concat([bytes.subarray(0, 32), bytes.subarray(8, 32)]).toString('base64url')}`,
      ],
      [
        'of another user',
        `trp_${Buffer.concat([Buffer.from(other.slice(4), 'base64url').subarray(0, 32), bytes.subarray(32)]).toString('base64url')}`,
      ],
      ['of no UUID', `trp_${Buffer.alloc(56, 255).toString('base64url')}`],
      ['too short', token.slice(0, -1)],
      ['empty', 'trp_'],
      ['of another kind', token.replace('trp_', 'trr_')],
    ] as const) {
      const { status, body } = await by(changed).get('/v1/items')
      answers.push([name, 200, status, body.detail])
    }
    const refused = [200, 401, 'Could not validate credentials']
    expect(answers).toEqual(answers.map(([name]) => [name, ...refused] as never))
  })

  test('has its use noted to five minutes, and no request waits for that', async () => {
    const { sql } = trove.database
    const user = await trove.register()
    const token = await addPersonalToken(sql, user.id, ['read'])
    const used = async () =>
      (await sql`select last_used_at from personal_tokens where user_id = ${user.id}`)[0]!.last_used_at
    await statusOf(token)
    const first = await until(used, at => at !== null)
    await sql`update personal_tokens set last_used_at = now() - interval '4 minutes' where user_id = ${user.id}`
    const earlier = await used()
    await statusOf(token)
    expect(await used()).toBe(earlier)
    await sql`update personal_tokens set last_used_at = now() - interval '6 minutes' where user_id = ${user.id}`
    await statusOf(token)
    const last = await until(used, at => at >= first)
    expect(last >= first).toBe(true)
  })

  test('is one of fifty at most, also when many are made at once', async () => {
    const user = await trove.register()
    await Promise.all(
      Array.from({ length: 48 }, () => addPersonalToken(trove.database.sql, user.id, ['read'])),
    )
    const answers = await Promise.all(Array.from({ length: 6 }, () => make(user)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409, 409])
    const refused = answers.find(({ status }) => status === 409)!.body
    expect([refused.error_code, refused.detail]).toEqual([
      'TOO_MANY_TOKENS',
      'You have 50 tokens already. Revoke one that you do not need.',
    ])
  })
})

test('a token that cannot be is refused by the name of its field', async () => {
  const refused: [field: string, more: object][] = [
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(101) }],
    ['name', { name: 'a\0b' }],
    ['scopes', { scopes: [] }],
    ['scopes', { scopes: ['admin'] }],
    ['scopes', { scopes: 'read' }],
    ['expires_at', { expires_at: '2020-01-01T00:00:00Z' }],
    ['expires_at', { expires_at: 'tomorrow' }],
    ['expires_at', { expires_at: 5 }],
  ]
  const answers = await Promise.all(
    refused.map(async ([, more]) => {
      const { status, body } = await make(alice, more)
      return [status, body.field_errors?.[0].loc[1]]
    }),
  )
  expect(answers).toEqual(refused.map(([field]) => [422, field]))
})
