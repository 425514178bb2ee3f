import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Validator } from '@seriousme/openapi-schema-validator'
import { createApp } from '../../src/app.ts'
import { TEXTS } from '../../src/http/openapi.ts'
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
    const ids = new Set(document.operations.map(({ operationId }) => operationId))
    expect(Object.keys(TEXTS).filter(id => !ids.has(id))).toEqual([])
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
    expect(schemas.limit).toEqual({ type: 'integer', minimum: 1, maximum: 100, default: 20 })
    expect(schemas.is_favorited).toEqual({ type: 'boolean' })
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
