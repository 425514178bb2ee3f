// One operation of the document: what its schemas do not say. A route's answers tell what it can do, so that
// nothing is said twice: 304 means a conditional GET, 409 of a POST an idempotency key, 412 a guarded change.
// Which limit counts it stands in its detail.
import type { JsonSchema } from '@valibot/to-json-schema'
import { describeFields } from './describe-fields.ts'
import type { HeaderName, HeaderParameter } from './headers.ts'
import {
  type OperationText,
  PARAMETER_EXAMPLES,
  PARAMETER_TEXTS,
  PROBLEM_TEXTS,
  STATUS_TEXTS,
} from './text.ts'

type Schema = JsonSchema
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

export interface Operation {
  operationId: string
  summary?: string
  description?: string
  security?: object[]
  parameters?: Parameter[]
  requestBody?: { required: boolean; content: Content }
  responses: Record<string, Answer>
  'x-rate-limit'?: string
}

interface Traits {
  isConditional: boolean
  isIdempotent: boolean
  isGuarded: boolean
  isLimited: boolean
  isPaged: boolean
  hasLocation: boolean
}

/**
 * @param operation as the generator made it from the route
 * @param body the schema of its body, if it has one
 */
export function describeOperation(
  method: string,
  operation: Operation,
  body: Schema | undefined,
  text: OperationText | undefined,
): Operation {
  const { requestBody: _, parameters = [], responses, ...rest } = operation
  const traits: Traits = {
    isConditional: '304' in responses,
    isIdempotent: method === 'post' && '409' in responses,
    isGuarded: '412' in responses,
    isLimited: rest['x-rate-limit'] !== undefined,
    isPaged: parameters.some(({ name }) => name === 'cursor'),
    hasLocation: text?.hasLocation ?? false,
  }
  const statuses = new Set(Object.keys(responses).map(Number))
  if (!rest.security) statuses.add(401)
  // A parameter that is not known, if nothing else.
  statuses.add(422)
  if (body) for (const status of [400, 413, 415, 422]) statuses.add(status)
  if (traits.isPaged) statuses.add(400)
  if (traits.isLimited) statuses.add(429)
  const answers = [...statuses]
    .sort((a, b) => a - b)
    .map(status => {
      const headers = headersOf(status, traits).map(name => [name, point('headers', name)])
      const content =
        status >= 400
          ? problemContent(status, text)
          : successContent(status, rest.operationId, responses[status], text)
      const description = status < 300 ? (text?.answer ?? '') : (STATUS_TEXTS[status]?.[1] ?? '')
      return [status, { description, headers: Object.fromEntries(headers), ...content }]
    })

  return {
    ...rest,
    description: text?.description ?? rest.description ?? '',
    parameters: [
      ...parameters.map(describeParameter),
      ...headerParameters(traits).map(name => point('parameters', name)),
    ],
    ...(body
      ? {
          requestBody: {
            required: true,
            content: media('application/json', describeFields(body, rest.operationId), text?.body),
          },
        }
      : {}),
    responses: Object.fromEntries(answers),
  }
}

/**
 * A page that tries the API out fills in what stands as the parameter's own example: right for what must be sent
 * anyway, but not for a filter or a cursor, whose example is therefore one of its schema's.
 */
function describeParameter(it: Parameter): Parameter {
  const { name = '', schema = {} } = it
  const example = PARAMETER_EXAMPLES[name] ?? schema.default ?? schema.enum?.[0]
  const described = { ...it, description: PARAMETER_TEXTS[name] ?? '' }
  return it.required
    ? { ...described, example }
    : { ...described, schema: { ...schema, examples: [example as never] } }
}

const point = (group: string, name: string) => ({ $ref: `#/components/${group}/${name}` })

const media = (type: string, schema: Schema | undefined, example: unknown): Content => ({
  [type]: { ...(schema ? { schema } : {}), ...(example === undefined ? {} : { example }) },
})

/** 204 and 304 have no body. */
function successContent(
  status: number,
  operationId: string,
  answer: Answer | undefined,
  text: OperationText | undefined,
) {
  if (status === 204 || status === 304) return {}
  const made = Object.values(answer?.content ?? {})[0]?.schema
  const schema = made && describeFields(made, operationId)
  return { content: media(text?.mediaType ?? 'application/json', schema, text?.example) }
}

/** Errors travel as application/problem+json. */
function problemContent(status: number, text: OperationText | undefined) {
  const [title = 'Error'] = STATUS_TEXTS[status] ?? []
  const [error_code, detail, more = {}] = text?.problems?.[status] ??
    PROBLEM_TEXTS[status] ?? ['INTERNAL_ERROR', 'An internal error occurred']
  const request_id = '7b0c8a52-6f1e-4c7d-9d3a-2f4b5e6c7d80'
  const example = { type: 'about:blank', title, status, detail, error_code, request_id, ...more }
  return { content: media('application/problem+json', point('schemas', 'Problem'), example) }
}

const headerParameters = (traits: Traits): HeaderParameter[] => [
  'RequestId',
  ...(traits.isIdempotent ? (['IdempotencyKey'] as const) : []),
  ...(traits.isConditional ? (['IfNoneMatch'] as const) : []),
  ...(traits.isGuarded ? (['IfMatch'] as const) : []),
]

function headersOf(status: number, traits: Traits): HeaderName[] {
  const isGood = status < 300
  return [
    'X-Request-ID',
    ...(traits.isConditional && (isGood || status === 304) ? (['ETag'] as const) : []),
    ...(status === 201 && traits.hasLocation ? (['Location'] as const) : []),
    ...(traits.isPaged && isGood ? (['Link'] as const) : []),
    ...(traits.isIdempotent && isGood ? (['Idempotency-Replayed'] as const) : []),
    ...(status === 401 ? (['WWW-Authenticate'] as const) : []),
    ...(status === 429 || status === 503 ? (['Retry-After'] as const) : []),
    ...(traits.isLimited && (isGood || status === 304 || status === 429) ? LIMIT_HEADERS : []),
  ]
}

const LIMIT_HEADERS = [
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'RateLimit-Policy',
  'RateLimit',
] as const
