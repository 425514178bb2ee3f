// One operation of the document, from what its route declares.
import type { JsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'
import { type ProblemKind, STATUS_TITLES } from '../problem.ts'
import type { Route } from '../route.ts'
import { impliedProblems } from '../route-problems.ts'
import { describeFields } from './describe-fields.ts'
import type { HeaderName, HeaderParameter } from './headers.ts'
import { jsonSchema } from './json-schema.ts'
import { STATUS_TEXTS } from './status-texts.ts'
import type { Words } from './words.ts'

type Schema = JsonSchema
type FieldTexts = Required<Words>['fields']
type Content = Record<string, { schema?: Schema; example?: unknown }>

interface Answer {
  description: string
  headers?: Record<string, { $ref: string }>
  content?: Content
}

interface Parameter {
  $ref?: string
  name?: string
  required?: boolean
  description?: string
  schema?: Schema
  example?: unknown
}

/** What the generator makes of a route's address, parameters and names. */
export interface Operation {
  operationId: string
  parameters?: Parameter[]
  responses?: Record<string, Answer>
  [more: string]: unknown
}

/**
 * @param operation as the generator made it from the route
 * @param security the ways to be let in, none where anybody is
 */
export function describeOperation(
  route: Route,
  operation: Operation,
  { fields, parameters: texts }: Required<Words>,
  security: Record<string, string[]>[],
): Operation {
  const { says } = route
  const { parameters = [], requestBody: _, responses: __, ...rest } = operation
  const success = says.gives.status ?? (says.gives.body ? 200 : 204)
  const refusals = Map.groupBy([...(says.problems ?? []), ...impliedProblems(route)], ({ status }) => status)
  const { repeated } = says.gives
  const good = [success, ...(repeated ? [200] : [])]
  const statuses = [...good, ...(says.cached ? [304] : []), ...refusals.keys()].sort((a, b) => a - b)
  const answers = statuses.map(status => {
    const headers = headersOf(status, route).map(name => [name, point('headers', name)])
    const content =
      status >= 400
        ? problemContent(refusals.get(status)![0]!)
        : good.includes(status)
          ? successContent(route, fields)
          : {}
    const description =
      status === success ? says.gives.text : ((status === 200 ? repeated : STATUS_TEXTS[status]) ?? '')
    return [status, { description, headers: Object.fromEntries(headers), ...content }]
  })

  return {
    ...rest,
    security,
    ...(says.limit === 'none' ? {} : { 'x-rate-limit': says.limit }),
    description: says.description ?? '',
    parameters: [
      ...parameters.map(it => describeParameter(it, texts)),
      ...headerParameters(route).map(name => point('parameters', name)),
    ],
    ...(says.body ? { requestBody: { required: true, content: bodyContent(route, says.body, fields) } } : {}),
    responses: Object.fromEntries(answers),
  }
}

/**
 * A page that tries the API out fills in what stands as the parameter's own example: right for what must be sent
 * anyway, but not for a filter or a cursor, whose example is therefore one of its schema's.
 */
function describeParameter(it: Parameter, texts: Required<Words>['parameters']): Parameter {
  const { name = '', schema = {} } = it
  const known = texts[name]
  const { description = known?.text ?? '', ...plain } = schema
  const example = schema.examples?.[0] ?? known?.example ?? schema.default ?? schema.enum?.[0]
  return it.required
    ? { ...it, schema: plain, description, example }
    : { ...it, schema: { ...plain, examples: [example as never] }, description }
}

const point = (group: string, name: string) => ({ $ref: `#/components/${group}/${name}` })

const media = (type: string, schema: Schema | undefined, example: unknown): Content => ({
  [type]: { ...(schema ? { schema } : {}), ...(example === undefined ? {} : { example }) },
})

const bodyContent = ({ says }: Route, body: GenericSchema, texts: FieldTexts) =>
  media('application/json', describeFields(jsonSchema(body), says.id, texts), says.example)

/** 204 has no body. */
function successContent({ says }: Route, texts: FieldTexts) {
  const { body, media_type = 'application/json', example } = says.gives
  if (!body) return {}
  return { content: media(media_type, describeFields(jsonSchema(body), says.id, texts), example) }
}

/** Errors travel as application/problem+json. */
function problemContent({ status, error_code, detail, example: more }: ProblemKind) {
  const title = STATUS_TITLES[status] ?? 'Error'
  const request_id = '7b0c8a52-6f1e-4c7d-9d3a-2f4b5e6c7d80'
  const example = { type: 'about:blank', title, status, detail, error_code, request_id, ...more }
  return { content: media('application/problem+json', point('schemas', 'Problem'), example) }
}

const headerParameters = ({ says }: Route): HeaderParameter[] => [
  'RequestId',
  ...(says.once ? (['IdempotencyKey'] as const) : []),
  ...(says.cached ? (['IfNoneMatch'] as const) : []),
  ...(says.guarded ? (['IfMatch'] as const) : []),
]

function headersOf(status: number, { says }: Route): HeaderName[] {
  const isGood = status < 300
  return [
    'X-Request-ID',
    ...((says.cached || says.guarded) && (isGood || status === 304) ? (['ETag'] as const) : []),
    ...(isGood && says.gives.location && !(status === 200 && says.gives.repeated)
      ? (['Location'] as const)
      : []),
    ...(says.paged && isGood ? (['Link'] as const) : []),
    ...(says.once && isGood ? (['Idempotency-Replayed'] as const) : []),
    ...(status === 401 ? (['WWW-Authenticate'] as const) : []),
    ...(status === 429 || status === 503 ? (['Retry-After'] as const) : []),
    ...(says.limit !== 'none' && (isGood || status === 304 || status === 429) ? LIMIT_HEADERS : []),
  ]
}

const LIMIT_HEADERS = [
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'RateLimit-Policy',
  'RateLimit',
] as const
