// What a route does not know is refused by name: a typo must not list everything, or change what it did not mean.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Document, readDocument } from '../../openapi/document.ts'
import { startTrove, type Trove, type User } from '../../support/app.ts'

let trove: Trove
let user: User
let document: Document
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'false' })
  user = await trove.register()
  // Who may ask everything.
  await trove.database.sql`update users set role = 'admin' where id = ${user.id}`
  document = await readDocument(trove)
})
afterAll(() => trove.stop())

const faultsOf = async (path: string) => {
  const { status, body } = await user.get(path)
  return [status, body.field_errors]
}

describe('a parameter that is not known', () => {
  test('is 422 on every route of the description, and named', async () => {
    for (const { method, path, requestBody, parameters = [] } of document.operations) {
      // A provider adds to its answer what it likes.
      if (path.endsWith('/auth/oidc/callback')) continue
      const kind = (name: string) =>
        parameters.find(it => it.name === name)?.schema.enum?.[0] as string | undefined
      const target = `${path.replace(/\{(\w+)\}/g, (_, name) => kind(name) ?? crypto.randomUUID())}?unheard_of=7`
      const body = requestBody ? { body: '{}', headers: { 'content-type': 'application/json' } } : {}
      const answer = await user.send(method, target, body)
      const { loc, type } = answer.body.field_errors?.[0] ?? {}
      expect([method, path, answer.status, loc, type]).toEqual([
        ...[method, path, 422],
        ...[['query', 'unheard_of'], 'unknown'],
      ])
    }
  })

  test.each([
    ['categry', 'did you mean category?'],
    ['sortBy', 'did you mean sort_by?'],
    ['favorited', 'did you mean is_favorited?'],
    ['limit[]', 'did you mean limit?'],
    ['STATUS', 'did you mean status?'],
  ])('%s: the nearest one that is known is told', async (name, hint) => {
    expect(await faultsOf(`/v1/items?${name}=7`)).toEqual([
      422,
      [{ loc: ['query', name], msg: `is no parameter that is known here; ${hint}`, type: 'unknown' }],
    ])
  })

  test('and that is near to none is told all of them', async () => {
    expect(await faultsOf('/v1/items/grouped?zzz=7')).toEqual([
      422,
      [
        {
          loc: ['query', 'zzz'],
          msg: 'is no parameter that is known here; known are: status, limit_per_category',
          type: 'unknown',
        },
      ],
    ])
    expect((await faultsOf('/v1/auth/me?zzz=7'))[1][0].msg).toEndWith('; none are')
  })

  test('is repeated only where it is a plain name', async () => {
    for (const name of ['<script>', 'a b', '%00', 'x'.repeat(65), '', '\u202e']) {
      expect(await faultsOf(`/v1/items/grouped?${encodeURIComponent(name)}=7`)).toEqual([
        422,
        [
          {
            loc: ['query'],
            msg: 'holds a parameter that is not known here; known are: status, limit_per_category',
            type: 'unknown',
          },
        ],
      ])
    }
  })

  test('is not looked at before the token is', async () => {
    expect((await trove.get('/v1/items?unheard_of=7')).status).toBe(401)
  })

  test('may lead to a page for people', async () => {
    for (const path of ['/library', '/docs']) {
      expect([path, (await trove.get(`${path}?utm_source=x`)).status]).toEqual([path, 200])
    }
  })
})

describe('a field that is not known', () => {
  const send = async (method: string, path: string, body: unknown) => {
    const answer = await user.send(method, path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
    return [answer.status, answer.body.field_errors]
  }

  test('is 422 on every route that takes a body, and named', async () => {
    for (const { method, path, requestBody, parameters = [] } of document.operations) {
      // Preferences are whatever a client keeps in them.
      if (!requestBody || path.endsWith('/preferences')) continue
      const example = requestBody.content['application/json']!.example as object
      const target = path.replace(/\{\w+\}/g, crypto.randomUUID())
      expect([path, ...(await send(method, target, { ...example, unheard_of: 7 }))]).toMatchObject([
        path,
        422,
        [{ loc: ['body', 'unheard_of'], type: 'unknown' }],
      ])
    }
  })

  test('is found inside of a list, and told first', async () => {
    const items = [{ url: 'https://youtu.be/aaaaaaaaaaa' }, { url: 7, raw_sharetext: 'x' }]
    expect(await send('POST', '/v1/items/batch', { items })).toEqual([
      422,
      [
        {
          loc: ['body', 'items', '1', 'raw_sharetext'],
          msg: 'is no field that is known here; did you mean raw_share_text?',
          type: 'unknown',
        },
        { loc: ['body', 'items', '1', 'url'], msg: 'expected string', type: 'string' },
      ],
    ])
    expect((await user.get('/v1/items?status=all')).body.total).toBe(0)
  })

  test('of a prototype is none of ours', async () => {
    const [status, faults] = await send('PATCH', `/v1/items/${crypto.randomUUID()}`, {
      constructor: 1,
      is_archived: true,
    })
    expect([status, faults[0].loc]).toEqual([422, ['body', 'constructor']])
  })
})

test('a parameter that is given twice says so', async () => {
  expect(await faultsOf('/v1/items?limit=1&limit=2&status=all&status=all&status=all')).toEqual([
    422,
    [
      { loc: ['query', 'status'], msg: 'is given 3 times; give it once', type: 'repeated' },
      { loc: ['query', 'limit'], msg: 'is given twice; give it once', type: 'repeated' },
    ],
  ])
})
