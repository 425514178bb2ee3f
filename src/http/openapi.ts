// The OpenAPI 3.1 document, made from the same valibot schemas that check requests and answers.
import { toOpenAPISchema } from '@elysiajs/openapi'
import type { AnyElysia } from 'elysia'
import type { GenericSchema } from 'valibot'
import * as v from 'valibot'
import { DOCS_PATH } from './docs.ts'
import { describeOperation, type Operation } from './openapi/describe-operation.ts'
import { HEADER_PARAMETERS, HEADERS } from './openapi/headers.ts'
import { componentSchemas, jsonSchema } from './openapi/json-schema.ts'
import './openapi/components.ts'
import { ACCOUNT_TEXTS } from './openapi/texts/accounts.ts'
import { CLUSTER_TEXTS } from './openapi/texts/clusters.ts'
import { ITEM_TEXTS } from './openapi/texts/items.ts'
import { OPERATION_TEXTS } from './openapi/texts/operations.ts'
import { WEBHOOK_TEXTS } from './openapi/texts/webhooks.ts'
import { ProblemAnswer } from './schemas.ts'
import { schemaBehind } from './validation.ts'

type Answers = Record<number, GenericSchema>
/** Statuses that any request may meet. */
const ALWAYS = [500, 503, 504] as const
/** 304 has no body. */
const NotModified = v.undefined()
type Refusal<Status> = Status extends 304 ? typeof NotModified : typeof ProblemAnswer
type Refused<Status extends number> = { [Each in Status]: Refusal<Each> }

/** A route's answers: its own, and what it may say instead: a problem, or 304. */
export function answers<const Success extends Answers, const Refusals extends number[]>(
  success: Success,
  refusals: Refusals,
): Success & Refused<Refusals[number] | (typeof ALWAYS)[number]> {
  const refused = [...refusals, ...ALWAYS].map(status => [
    status,
    status === 304 ? NotModified : ProblemAnswer,
  ])
  return { ...Object.fromEntries(refused), ...success }
}

/** What the document says in words, by operationId. */
export const TEXTS = {
  ...ACCOUNT_TEXTS,
  ...ITEM_TEXTS,
  ...CLUSTER_TEXTS,
  ...OPERATION_TEXTS,
  ...WEBHOOK_TEXTS,
}

const DESCRIPTION = `Save a link; Trove reads it, understands it, groups it, and finds more like it.

Every error is \`application/problem+json\` of one shape. Times are ISO 8601 in UTC, ids are UUIDs.
Parameters and fields that a route does not know are refused (422), not passed over.
Get a token from \`POST /v1/auth/register\` or \`/login\` and send it as \`Authorization: Bearer …\`.`

/**
 * The document of every route under /v1 and the operations' own, of `app`.
 * @returns it for whoever asks at `origin`, such as `https://trove.example.com`: tools take the server's address from it.
 */
export function openapiDocument(app: AnyElysia, version: string): (origin: string) => object {
  const { paths } = toOpenAPISchema(
    app,
    { paths: ['/docs', '/openapi.json', /^\/admin/, /^\/docs\//] },
    undefined,
    { valibot: (check: unknown) => jsonSchema(schemaBehind(check)) },
    '3.1.1',
  )
  const info = {
    title: 'Trove',
    version,
    description: DESCRIPTION,
    license: { name: 'MIT', identifier: 'MIT' },
  }
  const rest = {
    security: [{ bearer: [] }],
    tags: [
      { name: 'Accounts', description: 'Who you are.' },
      { name: 'Items', description: 'What you saved.' },
      { name: 'Search', description: 'Finding it again.' },
      { name: 'Clusters', description: 'Groups that Trove found in what you saved.' },
      { name: 'Jobs', description: 'What the server is doing for you.' },
      { name: 'Webhooks', description: 'Telling other programs what happened.' },
      { name: 'Events', description: 'What happens in your library, as it happens.' },
      { name: 'Operations', description: 'How the server is, and what was done.' },
    ],
    paths: describeAll(paths as Paths, app),
    components: {
      schemas: componentSchemas(),
      parameters: HEADER_PARAMETERS,
      headers: HEADERS,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The `access_token` of register or login.',
        },
      },
    },
  }
  return origin => ({
    openapi: '3.1.1',
    info: { ...info, contact: { name: 'Whoever runs this server', url: `${origin}${DOCS_PATH}` } },
    servers: [{ url: origin, description: 'This server' }],
    ...rest,
  })
}

type Paths = Record<string, Record<string, Operation>>

/** The generator does not see the media type of a body that a hook of ours parses, so bodies come from the routes. */
function describeAll(paths: Paths, app: AnyElysia): Paths {
  for (const { method, path, hooks } of app.routes) {
    const operations = paths[path.replace(/:(\w+)/g, '{$1}')]
    const name = method.toLowerCase()
    const operation = operations?.[name]
    if (!operation) continue
    const body = hooks.body ? jsonSchema(schemaBehind(hooks.body)) : undefined
    const text = TEXTS[operation.operationId]
    // The generator leaves out answers without a body.
    for (const status of Object.keys(hooks.response ?? {}))
      operation.responses[status] ??= { description: '' }
    operations[name] = describeOperation(name, operation, body as never, text)
  }
  return { ...paths }
}
