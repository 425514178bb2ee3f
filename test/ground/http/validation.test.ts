// What is checked of a request, by every route, and what the answer says of it.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { AnyElysia } from 'elysia'
import * as v from 'valibot'
import { createApp, serveRoutes } from '../../../src/app.ts'
import type { Context } from '../../../src/context.ts'
import { problem } from '../../../src/ground/http/problem.ts'
import { atLeast, atMost, list } from '../../../src/ground/http/schemas.ts'
import { schemaBehind } from '../../../src/ground/http/validation.ts'
import { route } from '../../../src/route.ts'
import { clientOf, startTrove, type Trove, type User } from '../../support/app.ts'

let trove: Trove
let user: User
let routes: AnyElysia['routes']
beforeAll(async () => {
  trove = await startTrove()
  user = await trove.register()
  routes = createApp(trove.context).app.routes
})
afterAll(() => trove.stop())

const PLACES = ['body', 'query', 'params', 'headers', 'cookie'] as const
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
const repeat = (text: string, times: number) => Array(times).fill(text).join()
const json = { 'content-type': 'application/json' }

type Node = v.GenericSchema & Record<string, unknown>

/** A schema and all that it is made of. */
function* partsOf(schema: Node): Generator<Node> {
  yield schema
  const {
    entries = {},
    wrapped,
    item,
    items = [],
    options = [],
    pipe = [],
  } = schema as never as {
    entries?: Record<string, Node>
    wrapped?: Node
    item?: Node
    items?: Node[]
    options?: unknown[]
    pipe?: Node[]
  }
  const isSchema = (it: unknown): it is Node => (it as Node | undefined)?.kind === 'schema'
  // The first of a pipe is the schema itself.
  const parts = [...Object.values(entries), wrapped, item, ...items, ...options, ...pipe.slice(1)]
  for (const part of parts.filter(isSchema)) yield* partsOf(part)
}

/** What has no end of its own: an array whose elements are looked at before its length, an object of any keys. */
function endless(schema: v.GenericSchema): string[] {
  const found: string[] = []
  for (const part of partsOf(schema as Node)) {
    if (['record', 'map', 'set', 'loose_object', 'object_with_rest'].includes(part.type))
      found.push(part.type)
    if (part.type !== 'array') continue
    const long = new Proxy(Array(100_000).fill(0), {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) found.push(`array of ${(part.item as Node).type}`)
        return Reflect.get(target, key)
      },
    })
    v.safeParse(part, long, { abortEarly: true })
  }
  return found
}

describe('every route', () => {
  test('checks what it is sent by our own rules', () => {
    const unchecked = routes.flatMap(route =>
      PLACES.map(place => route.hooks[place])
        .filter(schema => schema && !schemaBehind(schema))
        .map(() => nameOf(route)),
    )
    expect(unchecked).toEqual([])
    expect(routes.filter(({ hooks }) => hooks.body).length).toBeGreaterThan(8)
  })

  test('that takes a body reads it by a parser of ours, which counts', () => {
    const takes = routes.filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method))
    expect(takes.filter(({ hooks }) => !hooks.parse?.length).map(nameOf)).toEqual([])
  })

  test('looks at the length of an array before its elements, and takes no object of any keys', () => {
    // A provider adds to its answer what it likes.
    const own = routes.filter(({ path }) => !path.endsWith('/auth/oidc/callback'))
    const faults = own.flatMap(route =>
      PLACES.filter(place => route.hooks[place]).flatMap(place =>
        endless(schemaBehind(route.hooks[place])).map(fault => `${nameOf(route)}: ${fault}`),
      ),
    )
    expect(faults).toEqual([])
  })

  test.each<[string, v.GenericSchema]>([
    ['v.array', v.array(v.string())],
    ['v.array with a length', v.object({ a: v.optional(v.pipe(v.array(v.string()), v.maxLength(3))) })],
    ['an array inside of a list', v.object({ a: list(v.object({ b: v.array(v.string()) }), 0, 2) })],
    ['an array in a union', v.union([v.string(), v.array(v.string())])],
    ['a record', v.object({ a: v.record(v.string(), v.string()) })],
  ])('would be found with %s', (_name, schema) => expect(endless(schema).length).toBeGreaterThan(0))

  test('would be found to be in order with lists of lists', () => {
    expect(endless(v.object({ a: v.nullish(list(list(v.string(), 0, 3), 1, 3)) }))).toEqual([])
  })
})

describe('what is wrong with a request', () => {
  const fieldErrors = async (path: string, body: string) => {
    const answer = await user.send('POST', path, { body, headers: json })
    expect(answer.status).toBe(422)
    return answer.body.field_errors
  }

  test('with a list that is too long is its length alone', async () => {
    const body = `{"url": "https://a.example/", "events": [${repeat('7', 30_000)}]}`
    expect(await fieldErrors('/v1/webhooks/register', body)).toEqual([
      { loc: ['body', 'events'], msg: 'must hold at most 20 items', type: 'max_length' },
    ])
    expect(await fieldErrors('/v1/items/batch', `{"items": [${repeat('7', 500_000)}]}`)).toEqual([
      { loc: ['body', 'items'], msg: 'must hold at most 100 items', type: 'max_length' },
    ])
  })

  test('is told twenty times at most', async () => {
    const found = await fieldErrors('/v1/items/batch', `{"items": [${repeat('{"url": 7}', 100)}]}`)
    expect(found).toHaveLength(20)
    expect(found[19].loc).toEqual(['body', 'items', '19', 'url'])
  })

  test('is the first broken rule of each field', async () => {
    const body = JSON.stringify({ email: `${'a'.repeat(300)}`, password: '\0' })
    const { body: problem } = await trove.send('POST', '/v1/auth/register', { body, headers: json })
    expect(problem.field_errors).toEqual([
      { loc: ['body', 'email'], msg: 'must be at most 254 characters', type: 'max_length' },
      { loc: ['body', 'password'], msg: 'must be well-formed text without NUL', type: 'check' },
    ])
  })

  test('repeats no value of it, however wide or deep it is', async () => {
    const wide = `{${Array.from({ length: 3000 }, (_, i) => `"odd${i}": "secret"`)}}`
    const deep = `{"url": ${'["secret", '.repeat(60)}1${']'.repeat(60)}}`
    for (const body of [wide, deep, '{"url": {"secret": ["secret"]}}', '"secret"', '["secret"]']) {
      expect(JSON.stringify(await fieldErrors('/v1/items', body))).not.toContain('secret')
    }
  })
})

test('a length is counted in characters, and no further than it matters', () => {
  const holds = (schema: v.GenericSchema, text: unknown) => v.safeParse(schema, text).success
  const three = v.pipe(v.string(), atLeast(3), atMost(3))
  expect(['😀😀', '😀😀😀', 'abc', '😀😀😀😀', 'ab', 3].map(text => holds(three, text))).toEqual([
    ...[false, true, true],
    ...[false, false, false],
  ])
  const steps = { taken: 0 }
  const text = Object.assign(new String('x'.repeat(1000)), {
    *[Symbol.iterator]() {
      for (;;) yield String(++steps.taken)
    },
  })
  const rule = atMost(500)['~run']({ typed: true, value: text as never }, {})
  expect([rule.issues?.length, steps.taken]).toEqual([1, 501])
})

describe('a query', () => {
  test.each(['tacos, mexico city', '[1]', '{"a": 1}', 'a+b', '50%', '"quoted"'])(
    'may ask for %p',
    async text => {
      const { status, body } = await user.get(`/v1/items?search=${encodeURIComponent(text)}`)
      expect([status, body.total]).toEqual([200, 0])
    },
  )

  test('with the same parameter twice is 422, and with thousands of them is answered', async () => {
    const twice = await user.get('/v1/items?limit=1&limit=2')
    expect([twice.status, twice.body.field_errors[0].loc]).toEqual([422, ['query', 'limit']])
    const many = Array.from({ length: 5000 }, (_, i) => `__proto__=${i}&limit=${i}`).join('&')
    const { status, body } = await user.get(`/v1/items?${many}`)
    expect([status, body.field_errors.map(({ loc }: { loc: string[] }) => loc[1])]).toEqual([
      422,
      ['__proto__', 'limit'],
    ])
  })
})

/** A route of a test, which gives whatever it is told to. */
const odd = (give: () => never) =>
  route(
    'GET /odd',
    {
      id: 'odd',
      tag: 'Odd',
      summary: 'Odd',
      may: 'anybody',
      limit: 'none',
      gives: { body: v.object({ things: v.array(v.object({ n: v.number() })) }), text: 'Odd.' },
    },
    () => give(),
  )
const unheardOf = problem(418, 'UNHEARD_OF', 'A secret')

test.each<[what: string, () => unknown, fault: string]>([
  ['a value of another type', () => ({ things: [{ n: 1 }, { n: 'secret' }] }), 'things.1.n: number'],
  ['a field that it does not declare', () => ({ things: [{ n: 1, m: 'secret' }] }), 'things.0.m: unknown'],
  [
    'a refusal that it does not declare',
    () => {
      throw unheardOf()
    },
    'GET /odd: 418 UNHEARD_OF',
  ],
])('%s is 500, logged by its place and told to nobody', async (_what, give, fault) => {
  const ask = (context: Context) => {
    const app = serveRoutes(context, [odd(give as () => never)])
    return clientOf(request => app.handle(request)).get('/odd')
  }
  const { status, body } = await ask(trove.context)
  expect([status, body.error_code, body.detail]).toEqual([
    500,
    'INTERNAL_ERROR',
    'An internal error occurred',
  ])
  const line = trove.logs.find(line => line.includes(fault))
  expect(line).toContain('A request failed')
  expect(line).not.toContain('secret')
  // In production nobody checks twice what the database has typed.
  const config = { ...trove.context.config, ENVIRONMENT: 'production' as const }
  expect((await ask({ ...trove.context, config })).status).not.toBe(500)
})
