// Valibot's schemas as JSON Schema 2020-12.
import {
  type ConversionConfig,
  type JsonSchema,
  toJsonSchema,
  toJsonSchemaDefs,
} from '@valibot/to-json-schema'
import { type GenericSchema, getMetadata } from 'valibot'
import { READ_AS } from '../schemas.ts'
import { describeFields } from './describe-fields.ts'
import { namedSchemas } from './named-schemas.ts'

const CONFIG: ConversionConfig = {
  target: 'draft-2020-12',
  // What a client sends: a transform or a trim is the server's own affair.
  typeMode: 'input',
  errorMode: 'ignore',
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  // What rooms declare is known now.
  overrideAction: ({ valibotAction, jsonSchema }) => {
    const { metadata } = valibotAction as { metadata?: Record<string, unknown> }
    const names = metadata?.[READ_AS]
    return typeof names === 'function' ? { ...jsonSchema, ...names() } : undefined
  },
  overrideSchema: ({ valibotSchema, jsonSchema }) => readAs(valibotSchema as GenericSchema, jsonSchema),
}

/** A schema, pointing to components where it holds one. */
export function jsonSchema(schema: GenericSchema): JsonSchema {
  const {
    $schema: _,
    $defs: __,
    ...rest
  } = toJsonSchema(schema as never, { ...CONFIG, definitions: namedSchemas() as never })
  return rest
}

/** The named schemas, each field with its description. */
export function componentSchemas(fieldTexts: Record<string, string>): Record<string, JsonSchema> {
  const made = Object.entries<JsonSchema>(toJsonSchemaDefs(namedSchemas() as never, CONFIG))
  return Object.fromEntries(made.map(([name, schema]) => [name, describeFields(schema, name, fieldTexts)]))
}

/** A number or boolean in a query: what a client means, not the text that carries it. */
function readAs(schema: GenericSchema, text: JsonSchema): JsonSchema | undefined {
  const { type, wrapped, options } = schema as { type: string; wrapped?: GenericSchema; options?: unknown[] }
  if (type === 'optional' && wrapped) {
    const meant = getMetadata(wrapped)[READ_AS]
    if (meant && typeof meant !== 'function') return { ...meant }
    if (text.type === 'boolean' && text.default !== undefined)
      return { ...text, default: text.default === 'true' }
  }
  if (type === 'picklist' && options?.join() === 'true,false') return { type: 'boolean' }
  return undefined
}
