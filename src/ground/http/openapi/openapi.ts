// The OpenAPI 3.1 document, made from the same valibot schemas that check requests and answers.
import { toOpenAPISchema } from '@elysiajs/openapi'
import type { AnyElysia } from 'elysia'
import { type Address, ALIAS_PREFIX, type Declaration, type Route } from '../route.ts'
import { schemaBehind } from '../validation.ts'
import { describeOperation, type Operation } from './describe-operation.ts'
import { DOCS_PATH } from './docs.ts'
import { HEADER_PARAMETERS, HEADERS } from './headers.ts'
import { componentSchemas, jsonSchema } from './json-schema.ts'
import { COMMON_WORDS, joinWords, type Words } from './words.ts'

const DESCRIPTION = `Save a link; Trove reads it, understands it, groups it, and finds more like it.

Every error is \`application/problem+json\` of one shape. Times are ISO 8601 in UTC, ids are UUIDs.
Parameters and fields that a route does not know are refused (422), not passed over.
Get a token from \`POST /v1/auth/register\` or \`/login\` and send it as \`Authorization: Bearer …\`. Programs have tokens
and keys of their own: \`POST /v1/auth/tokens\`, \`POST /v1/integrations/clients\`.`

export interface Texts {
  tags: { name: string; description: string }[]
  /** Of the rooms. */
  words: Words[]
  version: string
  /** The ways to say who asks, and those that a route takes. */
  security: { schemes: object; of(says: Declaration): Record<string, string[]>[] }
}

/**
 * The document of `routes`, which `app` is made of.
 * @returns it for whoever asks at `origin`, such as `https://trove.example.com`: tools take the server's address from it.
 */
export function openapiDocument(
  app: AnyElysia,
  routes: Route[],
  { tags, words, version, security }: Texts,
): (origin: string) => object {
  const known = joinWords([COMMON_WORDS, ...words])
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
    tags,
    paths: describeAll(paths as Paths, routes, known, security.of),
    components: {
      schemas: componentSchemas(known.fields),
      parameters: HEADER_PARAMETERS,
      headers: HEADERS,
      securitySchemes: security.schemes,
    },
  }
  return origin => ({
    openapi: '3.1.1',
    info: { ...info, contact: { name: 'Whoever runs this server', url: `${origin}${DOCS_PATH}` } },
    servers: [
      { url: origin, description: 'This server' },
      {
        url: `${origin}${ALIAS_PREFIX}`,
        description: 'The same, for clients that expect it there. Deprecated',
      },
    ],
    ...rest,
  })
}

type Paths = Record<string, Record<string, Operation>>

/** The generator gives each operation its place, names and parameters; all else comes from its route. */
function describeAll(
  paths: Paths,
  routes: Route[],
  words: Required<Words>,
  securityOf: Texts['security']['of'],
): Paths {
  for (const route of routes) {
    const operations = paths[openapiPath(route.path)]
    const method = route.method.toLowerCase()
    const operation = operations?.[method]
    if (!operation) continue
    operations[method] = describeOperation(route, operation, words, securityOf(route.says))
    for (const address of route.says.aliases ?? []) describeAlias(paths, route, address)
  }
  return { ...paths }
}

/** What a route does at another address, with a link to where it belongs. */
function describeAlias(paths: Paths, { says, method, path }: Route, address: Address): void {
  const [alias, at] = address.split(' ') as [string, string]
  const place = openapiPath(at)
  paths[place] ??= {}
  const own = paths[openapiPath(path)]![method.toLowerCase()]!
  paths[place][alias.toLowerCase()] = {
    ...own,
    operationId: `${says.id}At${place.replace(/\W+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    deprecated: true,
    description: `The same as [${method} ${path}](#/${says.tag}/${says.id}), which is its address.`,
  }
}

const openapiPath = (path: string): string => path.replace(/:(\w+)/g, '{$1}')
