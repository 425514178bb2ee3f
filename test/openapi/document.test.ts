import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Validator } from '@seriousme/openapi-schema-validator'
import { createApp } from '../../src/app.ts'
import { COMMON_WORDS, joinWords } from '../../src/ground/http/openapi/words.ts'
import { ROOMS } from '../../src/rooms.ts'
import { startTrove, type Trove } from '../support/app.ts'
import { type Document, type Operation, readDocument } from './document.ts'
import { type Check, schemaCheck } from './schema-check.ts'

const SNAPSHOT = fileURLToPath(new URL('./openapi.json', import.meta.url))
const UPDATE = 'UPDATE_SNAPSHOT=1 sh scripts/run.sh bun test test/openapi/document.test.ts'

let trove: Trove
let document: Document
let check: Check
beforeAll(async () => {
  trove = await startTrove()
  document = await readDocument(trove)
  check = schemaCheck(document.json)
})
afterAll(() => trove.stop())

/** A line for every operation that a rule finds fault with. */
const faults = (rule: (operation: Operation) => string[]) =>
  document.operations.flatMap(operation =>
    rule(operation).map(fault => `${operation.method} ${operation.path}: ${fault}`),
  )

describe('the API’s description', () => {
  test('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document.json))
    expect(errors ?? []).toEqual([])
    expect(valid).toBe(true)
    expect(document.json.openapi).toStartWith('3.1')
  })

  test('is as it was when it was last looked at', () => {
    if (process.env.UPDATE_SNAPSHOT) {
      writeFileSync(SNAPSHOT, JSON.stringify(document.json))
      spawnSync('biome', ['format', '--write', SNAPSHOT])
    }
    // The order counts, the white space is the formatter's affair.
    const [now, before] = [document.json, JSON.parse(readFileSync(SNAPSHOT, 'utf8'))].map(it =>
      JSON.stringify(it, null, 2),
    )
    if (now !== before) {
      console.error(
        `The description has changed. If that is meant, store it and look at the diff:\n  ${UPDATE}`,
      )
    }
    expect(now).toBe(before)
  })

  test('names every route under /v1 and no other', () => {
    const routes = createApp(trove.context)
      .app.routes.filter(({ path }) => path.startsWith('/v1'))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    const described = document.operations.map(({ method, path }) => `${method} ${path}`)
    expect(described.filter(name => name.includes(' /v1')).sort()).toEqual(routes.sort())
    expect(described).toEqual(expect.arrayContaining(['GET /health', 'GET /ready']))
  })

  test('names every operation once, under a tag that it explains', () => {
    const ids = document.operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    const tags = (document.json.tags as { name: string }[]).map(({ name }) => name)
    expect(faults(({ tags: own = [] }) => own.filter(tag => !tags.includes(tag)))).toEqual([])
    expect(faults(({ tags: own = [] }) => (own.length === 1 ? [] : ['has not one tag']))).toEqual([])
  })

  test('says in words what every operation, parameter and answer is', () => {
    expect(
      faults(({ summary, description, parameters, responses }) => [
        ...(summary ? [] : ['has no summary']),
        ...(description ? [] : ['has no description']),
        ...parameters.filter(it => !it.description).map(({ name }) => `${name} has no description`),
        ...Object.entries(responses)
          .filter(([, answer]) => !answer.description)
          .map(([status]) => `${status} has no description`),
      ]),
    ).toEqual([])
  })

  test('says in words what every field holds, wherever its schema stands', () => {
    const missing: string[] = []
    const walk = (part: unknown, path: string): void => {
      if (!part || typeof part !== 'object') return
      const { properties } = part as { properties?: Record<string, { description?: string }> }
      // A thing that is called `properties` would be a field itself.
      if (properties && !path.endsWith('/properties')) {
        for (const [name, field] of Object.entries(properties)) {
          if (!field.description) missing.push(`${path}/${name}`)
        }
      }
      for (const [name, inside] of Object.entries(part)) walk(inside, `${path}/${name}`)
    }
    walk(document.json, '')
    expect(missing).toEqual([])
  })

  test('has words for no field or parameter that there is not, and explains none twice', () => {
    const text = JSON.stringify(document.json)
    const { fields, parameters } = joinWords([COMMON_WORDS, ...ROOMS.flatMap(({ words = {} }) => words)])
    const all = [...Object.values(fields), ...Object.values(parameters).map(it => it.text)]
    expect(all.filter(words => !text.includes(JSON.stringify(words)))).toEqual([])
    expect(() => joinWords([{ fields: { a: 'One.' } }, { fields: { a: 'Another.' } }])).toThrow(
      'a is explained twice',
    )
  })

  test('shows a value of every parameter, which fits its schema', () => {
    expect(
      faults(({ parameters }) =>
        parameters
          .filter(it => it.in !== 'header')
          .flatMap(({ name, schema, example, ...it }) => {
            const values = it.required ? [example] : ((schema.examples ?? []) as unknown[])
            const wrong = values.length === 0 ? 'none' : values.map(value => check(schema, value)).join('')
            return wrong ? [`${name}: ${wrong}`] : []
          }),
      ),
    ).toEqual([])
  })

  // Swagger UI and Postman send such a value with each request, unless somebody takes it out.
  // Swagger UI sends these with each request, unless somebody takes them out.
  test('shows no value where a page would send what may be left out', () => {
    const fills = ({ schema, ...it }: Operation['parameters'][number]) =>
      'example' in it || 'examples' in it || 'example' in schema
    expect(
      faults(({ parameters }) => parameters.filter(it => !it.required && fills(it)).map(({ name }) => name)),
    ).toEqual([])
  })

  test('names the server as whoever asks knows it, and who runs it', async () => {
    const { info } = document.json as { info: { contact: object } }
    const servers = ['http://localhost', 'http://localhost/api']
    expect(document.json.servers).toMatchObject(servers.map(url => ({ url })))
    expect(info.contact).toMatchObject({ url: 'http://localhost/docs' })
    const proxied = await trove.handle(
      new Request('http://trove.localhost:8080/openapi.json', { headers: { 'x-forwarded-proto': 'https' } }),
    )
    expect(((await proxied.json()) as { servers: object }).servers).toMatchObject([
      { url: 'https://trove.localhost:8080' },
      { url: 'https://trove.localhost:8080/api' },
    ])
  })

  test('shows an example of every body and answer, and each fits its schema', () => {
    expect(
      faults(({ requestBody, responses }) => {
        const answers = Object.entries(responses).flatMap(([status, { content = {} }]) =>
          Object.values(content).map(media => [status, media] as const),
        )
        const bodies = Object.values(requestBody?.content ?? {}).map(media => ['body', media] as const)
        return [...bodies, ...answers].flatMap(([where, { schema, example }]) => {
          if (!schema || example === undefined) return [`${where} has no schema or no example`]
          const wrong = check(schema, example)
          return wrong ? [`${where}: ${wrong}`] : []
        })
      }),
    ).toEqual([])
  })

  test('gives numbers and booleans of a query as such, with their bounds', () => {
    const items = document.operations.find(({ operationId }) => operationId === 'listItems')!
    const schemas = Object.fromEntries(items.parameters.map(({ name, schema }) => [name, schema]))
    expect(schemas.limit).toMatchObject({ type: 'integer', minimum: 1, maximum: 100, default: 20 })
    expect(schemas.is_favorited).toMatchObject({ type: 'boolean' })
    expect(
      faults(({ parameters }) =>
        parameters
          .filter(({ in: where, schema }) => where === 'query' && 'pattern' in schema)
          .map(it => it.name),
      ),
    ).toEqual([])
  })

  test('gives every refusal the one shape, and every answer the request’s id', () => {
    expect(
      faults(({ responses, security }) => {
        const statuses = Object.keys(responses).map(Number)
        const isPublic = security?.length === 0
        return [
          ...(isPublic || statuses.includes(401) ? [] : ['has no 401']),
          ...statuses
            .filter(status => status >= 400)
            .filter(
              status =>
                responses[status]!.content?.['application/problem+json']?.schema?.$ref !==
                '#/components/schemas/Problem',
            )
            .map(status => `${status} is not a problem`),
          ...statuses
            .filter(status => !responses[status]!.headers?.['X-Request-ID'])
            .map(it => `${it} has no id`),
        ]
      }),
    ).toEqual([])
  })
})
