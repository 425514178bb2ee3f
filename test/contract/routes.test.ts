// What every route promises because of what it declares: who may ask, what counts it, its pages, its tags and its keys.
// A new route is tried here as soon as it is in the app.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import * as v from 'valibot'
import {
  CLIENT_PERMISSIONS,
  mayDo,
  type Permission,
  permissionsOf,
  ROLES,
  type Role,
  SCOPES,
  type Scope,
} from '../../src/accounts/permissions.ts'
import { createApp } from '../../src/app.ts'
import { notePeer } from '../../src/ground/http/edge/client-address.ts'
import { LIMIT_NAMES } from '../../src/ground/http/limits/limits.ts'
import type { Route } from '../../src/ground/http/route.ts'
import { impliedProblems } from '../../src/ground/http/route-problems.ts'
import { READ_AS } from '../../src/ground/http/schemas.ts'
import { type Client, clientOf, startTrove, type Trove, type User } from '../support/app.ts'
import { addClient, addPersonalToken } from '../support/programs.ts'
import { signToken } from '../support/token.ts'
import { createResources, isForEverybody, type Resources } from './resources.ts'

const ADMIN = `Basic ${btoa('admin:admin-for-tests')}`
const NOBODYS = ['00000000-0000-7000-8000-000000000000', 'f3c1c2f4-6c5e-4e0e-9a57-0d6f9a1b2c3d']
const NO_IDS = ['1', 'me', '%00', '0198c0de-0000-7000-8000-0000000000000']
const json = { 'content-type': 'application/json' }

let trove: Trove
let routes: Route[]
let alice: User
/** An admin. */
let root: User
let bob: User
let bobs: Resources
beforeAll(async () => {
  trove = await startTrove()
  // The examples' addresses are nobody's, and are taken for good ones.
  const vet = async () => []
  Object.assign(trove.context.fetcher, { vet })
  routes = createApp(trove.context).routes
  ;[alice, bob, root] = [await trove.register(), await trove.register(), await trove.register()]
  await trove.database.sql`update users set role = 'admin' where id = ${root.id}`
  bobs = await createResources(trove, routes, bob)
})
afterAll(() => trove.stop())

const guarded = () => routes.filter(({ says }) => says.may !== 'anybody' && says.may !== 'operate')
/** With the id of something, not its name, nor that of a kind. */
const withParams = () =>
  guarded().filter(
    ({ path, says }) =>
      path.includes(':') &&
      !path.endsWith(':name') &&
      Object.values(says.params?.entries ?? {}).some(it => !isKind(it as { type: string })),
  )
const isKind = ({ type }: { type: string }) => type === 'picklist'
const fill = (path: string, id: string) => path.replace(/:\w+/g, id).replace('*', '')

const as = (authorization: string): Client => {
  const { app } = createApp(trove.context)
  return clientOf(request => app.handle(request), { authorization })
}
/** A user of a role. */
const withRole = async (role: Role): Promise<User> => {
  const user = await trove.register()
  await trove.database.sql`update users set role = ${role} where id = ${user.id}`
  return user
}
const ask = (client: Client, { method }: Route, path: string, body: unknown, headers = {}) =>
  client.send(method, path, {
    headers: { ...json, ...headers },
    ...(method === 'GET' || method === 'DELETE' || body === undefined
      ? {}
      : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

/** A line for each of the routes of which something is not so. */
async function faultsOf(some: Route[], fault: (route: Route) => Promise<unknown>): Promise<string[]> {
  const found: string[] = []
  expect(some.length).toBeGreaterThan(0)
  for (const route of some) {
    const what = await fault(route)
    if (what) found.push(`${route.address}: ${what}`)
  }
  return found
}

describe('a route that is not for everybody', () => {
  test.each([undefined, '{broken', '{"url": 1, "label": 2, "items": 3}'])(
    'asks who it is before it looks at a body such as %p',
    async body => {
      const faults = await faultsOf(guarded(), async route => {
        const { status } = await ask(trove, route, fill(route.path, NOBODYS[0]!), body)
        return status === 401 ? '' : status
      })
      expect(faults).toEqual([])
    },
  )

  test('takes no bad token', async () => {
    const [header, claims, signature] = alice.token.split('.')
    const none = btoa('{"alg":"none","typ":"JWT"}').replaceAll('=', '')
    for (const token of [
      'Bearer',
      'Bearer x',
      `Bearer ${header}.${claims}.`,
      `Bearer ${none}.${claims}.`,
      `Bearer ${header}.${claims}.${signature!.slice(1)}`,
      `Basic ${alice.token}`,
      alice.token,
      ADMIN,
    ]) {
      const client = as(token)
      const faults = await faultsOf(guarded(), async route => {
        const { status } = await ask(client, route, fill(route.path, NOBODYS[0]!), undefined)
        return status === 401 ? '' : `${status} for ${token}`
      })
      expect(faults).toEqual([])
    }
  })

  test('takes no token of a user who is gone', async () => {
    const gone = await trove.register()
    await trove.database.sql`delete from users where id = ${gone.id}`
    const faults = await faultsOf(guarded(), async route => {
      const { status, body } = await ask(gone, route, fill(route.path, NOBODYS[0]!), undefined)
      return status === 401 && body.detail === 'User not found' ? '' : status
    })
    expect(faults).toEqual([])
  })

  test.each([...ROLES])('lets a %s do what the role may, and nothing else', async role => {
    const user = await trove.register()
    const token = signToken(trove.context.config.JWT_SECRET_KEY!, user)
    const faults = await faultsOf(guarded(), async route => {
      // Also after a route that ends what was signed in.
      await trove.database.sql`update users set role = ${role}, tokens_from = null where id = ${user.id}`
      const { status, body } = await ask(as(`Bearer ${token}`), route, fill(route.path, NOBODYS[0]!), {})
      // By the role; which other users it reaches is told in other words.
      const isRefused = status === 403 && body.detail === 'Insufficient permissions'
      return isRefused === !mayDo(permissionsOf(role), route.says.may as Permission) ? '' : status
    })
    expect(faults).toEqual([])
  })

  test.each(Object.keys(SCOPES) as Scope[])(
    'lets a personal token do what its scope %s says, and nothing that is in person',
    async scope => {
      const admin = await withRole('admin')
      const client = as(`Bearer ${await addPersonalToken(trove.database.sql, admin.id, [scope])}`)
      const faults = await faultsOf(guarded(), async route => {
        const { status, body } = await ask(client, route, fill(route.path, NOBODYS[0]!), {})
        const isRefused = status === 403 && body.detail === 'Insufficient permissions'
        const isOutside = route.says.in_person || !mayDo([SCOPES[scope]], route.says.may as Permission)
        return isRefused === isOutside && status !== 401 ? '' : status
      })
      expect(faults).toEqual([])
    },
  )

  test.each([...CLIENT_PERMISSIONS])(
    'lets a program do what its permission %s says, and nothing that is in person',
    async permission => {
      const admin = await withRole('admin')
      const { api_key } = await addClient(trove.context, admin.id, { permissions: [permission] })
      const { app } = createApp(trove.context)
      const client = clientOf(request => app.handle(request), { 'x-api-key': api_key })
      const faults = await faultsOf(guarded(), async route => {
        const { status, body } = await ask(client, route, fill(route.path, NOBODYS[0]!), {})
        const isRefused = status === 403 && body.detail === 'Insufficient permissions'
        const isOutside = route.says.in_person || !mayDo([permission], route.says.may as Permission)
        return isRefused === isOutside && status !== 401 ? '' : status
      })
      expect(faults).toEqual([])
    },
  )

  test('is the admin’s only with the admin’s password, or an admin’s session', async () => {
    const pages = routes.filter(({ says }) => says.may === 'operate')
    const asked: [Client, number][] = [
      [trove, 401],
      [alice, 403],
      [as(`Basic ${btoa('admin:wrong')}`), 401],
    ]
    for (const [client, expected] of asked) {
      const faults = await faultsOf(pages, async route => {
        const { status } = await ask(client, route, fill(route.path, NOBODYS[0]!), undefined)
        return status === expected ? '' : status
      })
      expect(faults).toEqual([])
    }
  })
})

describe('a route with an id', () => {
  test('has nothing at another user’s id, nor at nobody’s', async () => {
    const faults = await faultsOf(withParams(), async route => {
      const paths = [bobs.pathOf(route), ...NOBODYS.map(id => fill(route.path, id))]
      const statuses = await Promise.all(
        paths.map(async path => (await ask(alice, route, path, route.says.example)).status),
      )
      // Who names another user is told that they may not.
      const isNamed = /^\/v1\/users\/|:user_id/.test(route.path) || !isForEverybody(route.says.may)
      return statuses.every(status => status === (isNamed ? 403 : 404)) ? '' : statuses
    })
    expect(faults).toEqual([])
  })

  test('that is for admins has nothing at nobody’s id, and no other user is told so', async () => {
    const admin = await withRole('admin')
    const forAdmins = withParams().filter(({ says }) => !isForEverybody(says.may))
    const faults = await faultsOf(forAdmins, async route => {
      const statuses = await Promise.all(
        [admin, alice].map(
          async by => (await ask(by, route, fill(route.path, NOBODYS[0]!), route.says.example)).status,
        ),
      )
      return statuses.join() === '404,403' ? '' : statuses
    })
    expect(faults).toEqual([])
  })

  test('refuses what is no id', async () => {
    const admin = await withRole('admin')
    const faults = await faultsOf(withParams(), async route => {
      const statuses = await Promise.all(
        NO_IDS.map(async id => (await ask(admin, route, fill(route.path, id), route.says.example)).status),
      )
      return statuses.every(status => status === 422) ? '' : statuses
    })
    expect(faults).toEqual([])
  })

  test('leaves what is another user’s as it was', async () => {
    expect(await bobs.changed()).toEqual([])
  })
})

test('the whole API answers under /api as well', async () => {
  const faults = await faultsOf(guarded(), async route => {
    const path = fill(route.path, NOBODYS[0]!)
    const [own, alias] = await Promise.all([
      ask(alice, route, path, '{broken'),
      ask(alice, route, `/api${path}`, '{broken'),
    ])
    return own.status === alias.status && own.body.detail === alias.body.detail ? '' : alias.status
  })
  expect(faults).toEqual([])
})

describe('a limit', () => {
  test('is named by every route but the probes, and each is used', () => {
    const unlimited = routes.filter(({ says }) => says.limit === 'none').map(({ path }) => path)
    expect(unlimited.sort()).toEqual(['/health', '/metrics', '/ready'])
    // What counts sign-ins and links knows the account, and uploads come with what takes files.
    const elsewhere = ['login', 'login_address', 'login_account', 'password_resets', 'uploads']
    const used = new Set([...routes.map(({ says }) => says.limit), ...elsewhere])
    expect(LIMIT_NAMES.filter(name => !used.has(name))).toEqual([])
  })

  test('counts, whatever is answered', async () => {
    const config = { ...trove.context.config, RATE_LIMIT_ENABLED: true }
    const { app, close } = createApp({ ...trove.context, config })
    const user = await trove.register()
    const token = signToken(config.JWT_SECRET_KEY!, user)
    const limited = routes.filter(({ says }) => says.limit !== 'none')
    const faults = await faultsOf(limited, async ({ method, path, says }) => {
      // Also after a route that ends what was signed in.
      await trove.database.sql`update users set tokens_from = null where id = ${user.id}`
      const authorization = says.may === 'operate' ? ADMIN : `Bearer ${token}`
      const url = `http://localhost${fill(path, crypto.randomUUID())}`
      const request = new Request(url, { method, headers: { authorization } })
      notePeer(request, '198.51.100.1')
      const { body, headers, status } = await app.handle(request)
      await body?.cancel()
      const policy = headers.get('ratelimit-policy')
      return policy?.startsWith(`"${says.limit}";`) ? '' : `${status} ${policy}`
    })
    await close()
    expect(faults).toEqual([])
  })
})

describe('a list', () => {
  const lists = () => guarded().filter(({ says }) => says.paged)
  const PAGING = ['total', 'limit', 'offset', 'has_more', 'next_cursor']
  const mostOf = ({ says }: Route): number =>
    (v.getMetadata(says.query.entries.limit.wrapped)[READ_AS] as { maximum: number }).maximum
  const wanting = ({ path }: Route) => (path.endsWith('/search') ? 'q=word&' : '')

  test('tells what page it is, and refuses one that there is not', async () => {
    const faults = await faultsOf(lists(), async route => {
      const path = `${bobs.pathOf(route)}?${wanting(route)}`
      const who = isForEverybody(route.says.may) ? bob : root
      const { status, body } = await who.get(path)
      const missing = PAGING.filter(field => !(field in body))
      const refused = await Promise.all(
        ['limit=0', `limit=${mostOf(route) + 1}`, 'limit=1.5', 'offset=-1', 'offset=x', 'cursor=x'].map(
          async query => {
            const answer = await who.get(path + query)
            const code = query === 'cursor=x' ? 'INVALID_CURSOR' : 'VALIDATION_ERROR'
            return answer.body.error_code === code ? '' : `${query} ${answer.status}`
          },
        ),
      )
      return [status === 200 ? '' : status, ...missing, ...refused].filter(Boolean).join()
    })
    expect(faults).toEqual([])
  })

  test('is gone through to its end by its cursors, each row once', async () => {
    const made = lists().filter(route => bobs.creatorOf(route))
    const faults = await faultsOf(made, async route => {
      const owner = await trove.register()
      const own = await createResources(trove, routes, owner)
      for (const i of [1, 2, 3, 4]) await own.create(bobs.creatorOf(route)!, i)
      const everything = own.everythingOf(route)
      const seen: string[] = []
      let cursor = ''
      for (;;) {
        const { body } = await owner.get(`${own.pathOf(route)}?limit=2${everything}${cursor}`)
        const rows = Object.values(body).find(Array.isArray) as object[]
        seen.push(...rows.map(row => JSON.stringify(row)))
        if (!body.next_cursor) {
          const isWhole = new Set(seen).size === seen.length && seen.length === body.total && body.total > 3
          return isWhole ? '' : `${seen.length} rows, ${new Set(seen).size} different, total ${body.total}`
        }
        const foreign = await bob.get(`${bobs.pathOf(route)}?limit=2&cursor=${body.next_cursor}`)
        if (foreign.body.error_code !== 'INVALID_CURSOR') return `another’s cursor: ${foreign.status}`
        cursor = `&cursor=${body.next_cursor}`
      }
    })
    expect(faults).toEqual([])
  })
})

test('what a library’s tag is right for is 304 to who has it, and new after a change', async () => {
  const cached = guarded().filter(({ says }) => says.cached && says.cached !== 'own')
  const owner = await trove.register()
  const own = await createResources(trove, routes, owner)
  const faults = await faultsOf(cached, async route => {
    const path = own.pathOf(route) + (route.path.endsWith('/search') ? '?q=word' : '')
    const first = await owner.get(path)
    const tag = first.headers.get('etag')!
    const again = await owner.get(path, { 'if-none-match': tag })
    await trove.database.sql`update libraries set version = version + 1 where user_id = ${owner.id}`
    const changed = await owner.get(path, { 'if-none-match': tag })
    const statuses = [first.status, again.status, again.body, changed.status].join()
    return statuses === '200,304,,200' ? '' : statuses
  })
  expect(faults).toEqual([])
})

describe('a route that is done once for a key', () => {
  const once = () => guarded().filter(({ says }) => says.once)

  test('gives the first answer again, and refuses the key for another body', async () => {
    const owner = await trove.register()
    const own = await createResources(trove, routes, owner)
    const faults = await faultsOf(once(), async route => {
      const path = own.pathOf(route)
      const key = { 'idempotency-key': crypto.randomUUID() }
      const body = route.says.example === undefined ? undefined : own.vary(route.says.example, 7)
      const first = await ask(owner, route, path, body, key)
      const again = await ask(owner, route, path, body, key)
      const isSame =
        first.status < 300 &&
        again.status === first.status &&
        Bun.deepEquals(again.body, first.body) &&
        again.headers.get('location') === first.headers.get('location') &&
        !first.headers.has('idempotency-replayed') &&
        again.headers.get('idempotency-replayed') === 'true'
      const other = own.vary(route.says.example, 8)
      const isTold = JSON.stringify(other) !== JSON.stringify(body)
      const reused = isTold ? await ask(owner, route, path, other, key) : undefined
      const isRefused = !reused || reused.body.error_code === 'IDEMPOTENCY_KEY_REUSED'
      return isSame && isRefused ? '' : [first.status, again.status, again.body.detail, reused?.status].join()
    })
    expect(faults).toEqual([])
  })

  test('takes no key that is none', async () => {
    const owner = await trove.register()
    const own = await createResources(trove, routes, owner)
    const faults = await faultsOf(once(), async route => {
      const answers = await Promise.all(
        ['', 'ä', 'x'.repeat(256), 'two words'].map(key =>
          ask(owner, route, own.pathOf(route), route.says.example, { 'idempotency-key': key }),
        ),
      )
      const wrong = answers.filter(({ body }) => body.field_errors?.[0].loc[1] !== 'idempotency-key')
      return wrong.map(({ status }) => status).join()
    })
    expect(faults).toEqual([])
  })
})

test('every declared refusal has one sentence for its code and status, unless its room says it better', () => {
  for (const { address, says } of routes) {
    const codes = (says.problems ?? []).map(
      ({ status, error_code, detail }) => `${status} ${error_code} ${detail}`,
    )
    expect([address, new Set(codes).size]).toEqual([address, codes.length])
    expect(impliedProblems({ says } as Route).length).toBeGreaterThan(3)
  }
})
