// The OpenAPI 3.1 document, made from the same valibot schemas that check requests and answers.
import { toOpenAPISchema } from '@elysiajs/openapi'
import { toJsonSchema } from '@valibot/to-json-schema'
import type { AnyElysia } from 'elysia'
import type { GenericSchema } from 'valibot'
import { ProblemAnswer } from './schemas.ts'

type Answers = Record<number, GenericSchema>
/** Statuses that any request may meet. */
const ALWAYS = [500, 503, 504] as const
type Always = (typeof ALWAYS)[number]

/** A route's answers: its own, and the problems with which it may refuse. */
export function answers<const Success extends Answers, const Refusals extends number[]>(
  success: Success,
  refusals: Refusals,
): Success & Record<Refusals[number] | Always, typeof ProblemAnswer> {
  const problems = Object.fromEntries([...refusals, ...ALWAYS].map(status => [status, ProblemAnswer]))
  return { ...problems, ...success } as Success & Record<Refusals[number] | Always, typeof ProblemAnswer>
}

/** The document of every route under /v1 and the operations' own, of `app`. */
export function openapiDocument(app: AnyElysia, version: string): object {
  const { paths, components } = toOpenAPISchema(
    app,
    { paths: ['/docs', '/openapi.json', /^\/admin/, /^\/docs\//] },
    undefined,
    { valibot: jsonSchema },
    '3.1.1',
  )
  return {
    openapi: '3.1.1',
    info: {
      title: 'Trove',
      version,
      description: 'Save a link; Trove reads it, understands it, groups it, and finds more like it.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [
      { name: 'Accounts', description: 'Who you are.' },
      { name: 'Items', description: 'What you saved.' },
      { name: 'Clusters', description: 'Groups that Trove found in what you saved.' },
      { name: 'Jobs', description: 'What the server is doing for you.' },
      { name: 'Operations', description: 'How the server is.' },
    ],
    paths: withProblemMedia(withBodies(paths as Paths, app)),
    components: {
      ...components,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}

/** What a client sends (`input`): a transform or a trim is the server's own affair. */
const jsonSchema = (schema: GenericSchema) => {
  const { $schema: _, ...rest } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    typeMode: 'input',
    errorMode: 'ignore',
  })
  return rest
}

interface Operation {
  requestBody?: object
  responses?: Record<string, { content?: Record<string, unknown> }>
}
type Paths = Record<string, Record<string, Operation>>

/** A route whose body is parsed by a hook of ours has no media type of its own as far as the generator sees. */
function withBodies(paths: Paths, app: AnyElysia): Paths {
  for (const { method, path, hooks } of app.routes) {
    const operation = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
    if (!operation || !hooks.body) continue
    const schema = jsonSchema(hooks.body as GenericSchema)
    operation.requestBody = { required: true, content: { 'application/json': { schema } } }
  }
  return paths
}

/** Errors travel as application/problem+json. */
function withProblemMedia(paths: Paths): Paths {
  for (const operations of Object.values(paths)) {
    for (const { responses = {} } of Object.values(operations)) {
      for (const [status, response] of Object.entries(responses)) {
        const schema = response.content?.['application/json']
        if (Number(status) >= 400 && schema) response.content = { 'application/problem+json': schema }
      }
    }
  }
  return paths
}
