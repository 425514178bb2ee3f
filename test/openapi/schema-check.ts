// Checks values against schemas of the document, with nothing in them that the document does not name.
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Schema } from './document.ts'

export type Check = (schema: Schema, value: unknown) => string | undefined

/** @returns what is wrong with a value, or undefined. */
export function schemaCheck(json: Record<string, unknown>): Check {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ $id: 'api:', components: closed(json.components) as object })
  const compiled = new Map<Schema, ReturnType<typeof ajv.compile>>()
  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(closed(schema) as object)
    compiled.set(schema, validate)
    return validate(value) ? undefined : ajv.errorsText(validate.errors)
  }
}

/** The same schema, refusing what it does not name; a reference leads to the document. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]) => [
    key,
    key === '$ref' ? `api:${value}` : closed(value),
  ])
  const copy = Object.fromEntries(entries)
  const isOpen = copy.type === 'object' && copy.properties && copy.additionalProperties === undefined
  return isOpen ? { ...copy, additionalProperties: false } : copy
}
