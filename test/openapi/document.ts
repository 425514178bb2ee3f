// The API's own description, read as a client would read it.
import type { Client } from '../support/app.ts'

export interface Parameter {
  name: string
  in: 'query' | 'path' | 'header'
  required: boolean
  description: string
  schema: Schema
  example?: unknown
}
export interface Schema {
  $ref?: string
  type?: string | string[]
  [keyword: string]: unknown
}
export interface Media {
  schema?: Schema
  example?: unknown
}
export interface Answer {
  description: string
  headers?: Record<string, unknown>
  content?: Record<string, Media>
}
export interface Operation {
  method: string
  path: string
  operationId: string
  summary: string
  description: string
  tags: string[]
  security?: object[]
  parameters: Parameter[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, Answer>
}
export interface Document {
  json: Record<string, unknown>
  operations: Operation[]
}

export async function readDocument(client: Client): Promise<Document> {
  const { body } = await client.get('/openapi.json')
  return { json: body, operations: operationsOf(body) }
}

/** Every operation, its parameters with the components that they point to put in their place. */
export function operationsOf(json: Record<string, unknown>): Operation[] {
  const paths = json.paths as Record<string, Record<string, Omit<Operation, 'method' | 'path'>>>
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
      parameters: operation.parameters.map(it => resolve<Parameter>(json, it)),
    })),
  )
}

/** What a `$ref` points to, or the thing itself. */
export function resolve<T>(json: Record<string, unknown>, thing: unknown): T {
  const { $ref } = thing as { $ref?: string }
  if (!$ref) return thing as T
  const found = $ref
    .slice(2)
    .split('/')
    .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], json)
  return resolve(json, found)
}
