// Who may ask what, tried on every route that there is: a route that forgot to ask for a token is found here.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createApp } from '../src/app.ts'
import { type Client, clientOf, startTrove, type Trove, type User } from './support/app.ts'

/** All that answers without a token. */
const PUBLIC = [
  'POST /v1/auth/register',
  'POST /v1/auth/login',
  'GET /health',
  'GET /ready',
  // Guarded by its own token, where there is one.
  'GET /metrics',
  'GET /openapi.json',
  'GET /docs',
  'GET /docs/start.js',
  'GET /docs/swagger-ui.css',
  'GET /docs/swagger-ui-bundle.js',
  'GET /',
  'GET /library',
  'GET /library/*',
  'GET /library/:file',
  // A page's picture cannot send a token: the content's id, which nobody guesses, is what they must know.
  'GET /v1/thumbnails/:content_id/:hash',
]
/** The dashboard asks for the admin's own name and password. */
const ADMIN = [
  'ALL /admin/queues',
  'ALL /admin/queues/*',
  'ALL /admin/queues.data',
  'GET /admin/dead-letters',
  'POST /admin/dead-letters/redrive',
  'GET /admin/jobs/:id',
]

interface Route {
  method: string
  path: string
}

let trove: Trove
let routes: Route[]
let guarded: Route[]
let alice: User
let bob: User
let ids: Record<string, string[]>
beforeAll(async () => {
  trove = await startTrove()
  routes = createApp(trove.context).app.routes.map(({ method, path }) => ({ method, path }))
  guarded = routes.filter(route => !PUBLIC.includes(nameOf(route)) && !ADMIN.includes(nameOf(route)))
  alice = await trove.register()
  bob = await trove.register()
  const saved = await bob.post('/v1/items', { url: 'https://youtu.be/aaaaaaaaaaa' })
  const cluster = crypto.randomUUID()
  await trove.database.sql`
    insert into clusters (user_id, id, label, item_count, centroid, model)
    values (${bob.id}, ${cluster}, 'Bob’s', 1, array_fill(0.1, array[512])::vector, 'test')`
  const webhook = crypto.randomUUID()
  await trove.database.sql`
    insert into webhooks (user_id, id, url, events, secret_sealed)
    values (${bob.id}, ${webhook}, 'https://example.com/', '["content.ready"]', 'x')`
  await trove.database.sql`
    insert into webhook_deliveries (user_id, id, webhook_id, event, data)
    values (${bob.id}, ${webhook}, ${webhook}, 'content.ready', '{}')`
  ids = {
    'another user’s': [
      webhook,
      saved.body.save.id,
      saved.body.content.id,
      saved.body.job_id,
      cluster,
      bob.id,
    ],
    'nobody’s': [crypto.randomUUID(), '00000000-0000-0000-0000-000000000000'],
    'not a UUID': ['1', 'me', '%00', `${saved.body.save.id}0`],
  }
})
afterAll(() => trove.stop())

const nameOf = ({ method, path }: Route) => `${method} ${path}`
const withId = (path: string, id: string) => path.replace(/:\w+/g, id)

/** Asks with a good enough body, so that nothing but the caller can be wrong. */
const ask = (client: Client, { method, path }: Route, id: string, body = '{}') =>
  client.send(method, withId(path, id), {
    headers: { 'content-type': 'application/json' },
    ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
  })

/** A line for every guarded route that does not answer so. */
async function others(client: Client, status: number, body?: string): Promise<string[]> {
  const found: string[] = []
  for (const route of guarded) {
    const answer = await ask(client, route, crypto.randomUUID(), body)
    if (answer.status !== status) found.push(`${nameOf(route)} answers ${answer.status}`)
  }
  return found
}

const asUser = (token: string) => {
  const { app } = createApp(trove.context)
  return clientOf(request => app.handle(request), { authorization: token })
}

describe('every route', () => {
  test('is public by name, the admin’s, or guarded', () => {
    const names = routes.map(nameOf)
    expect([...PUBLIC, ...ADMIN].filter(name => !names.includes(name))).toEqual([])
    expect(guarded.length).toBeGreaterThan(8)
    expect(guarded.filter(({ path }) => !path.startsWith('/v1/'))).toEqual([])
  })

  test('refuses a request without a token, whatever its body', async () => {
    expect(await others(trove, 401)).toEqual([])
    expect(await others(trove, 401, '{broken')).toEqual([])
    expect(await others(trove, 401, '{"url": 1, "label": 2, "items": 3}')).toEqual([])
  })

  test('refuses a bad token', async () => {
    const [header, claims, signature] = alice.token.split('.')
    const none = btoa('{"alg":"none","typ":"JWT"}').replaceAll('=', '')
    const bad = [
      'Bearer',
      'Bearer x',
      `Bearer ${header}.${claims}.`,
      `Bearer ${none}.${claims}.`,
      `Bearer ${header}.${claims}.${signature!.slice(1)}`,
      `Basic ${alice.token}`,
      alice.token,
    ]
    for (const token of bad) expect([token, await others(asUser(token), 401)]).toEqual([token, []])
  })

  test('refuses the token of a user who is gone', async () => {
    const gone = await trove.register()
    await trove.database.sql`delete from users where id = ${gone.id}`
    expect(await others(gone, 401)).toEqual([])
    expect((await gone.get('/v1/auth/me')).body.detail).toBe('User not found')
  })

  test('has nothing at another user’s id, a random one, or what is no id', async () => {
    const withIds = guarded.filter(({ path }) => path.includes(':'))
    expect(withIds.length).toBeGreaterThan(3)
    const bodies = [
      ...['{"label": "Mine now"}', '{"is_favorited": true}', '{"is_active": true}'],
      '{"secret": "mine-from-now-on"}',
    ]
    const found: string[] = []
    for (const [whose, values] of Object.entries(ids)) {
      const expected = whose === 'not a UUID' ? [422] : [404]
      for (const route of withIds) {
        for (const [i, id] of values.entries()) {
          const statuses = await Promise.all(
            bodies.map(async body => (await ask(alice, route, id, body)).status),
          )
          // One of the bodies is the route's own; the other may break its rules.
          const isRefused = statuses.some(status => expected.includes(status))
          if (!isRefused || statuses.some(status => ![404, 422].includes(status))) {
            found.push(`${nameOf(route)} with ${whose} id ${i} answers ${statuses}`)
          }
        }
      }
    }
    expect(found).toEqual([])
  })

  test('leaves what is another user’s as it was', async () => {
    const { body } = await bob.get('/v1/clusters')
    expect(body.clusters.map(({ label }: { label: string }) => label)).toEqual(['Bob’s'])
    expect((await bob.get('/v1/items?status=PENDING')).body.items).toHaveLength(1)
  })
})

describe('the dashboard', () => {
  test('opens to the admin alone', async () => {
    for (const path of ['/admin/queues', '/admin/queues/anything']) {
      for (const client of [trove, alice, asUser(`Basic ${btoa('admin:wrong')}`)]) {
        expect([path, (await client.get(path)).status]).toEqual([path, 401])
      }
    }
  })
})
