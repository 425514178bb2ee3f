// What each field of a schema holds, in words.
import type { JsonSchema } from '@valibot/to-json-schema'

/**
 * The schema with a description of each field that has none, also of those further inside. What is only pointed to is
 * described where it stands.
 * @param place the name of the component or operation, which may have words of its own for a field
 */
export function describeFields(
  schema: JsonSchema,
  place: string,
  fieldTexts: Record<string, string>,
): JsonSchema {
  const inside = (part: unknown): never =>
    (Array.isArray(part)
      ? part.map(inside)
      : part && typeof part === 'object'
        ? describeFields(part as JsonSchema, place, fieldTexts)
        : part) as never
  const { properties, ...rest } = schema
  const described = { ...rest } as JsonSchema
  for (const keyword of ['items', 'anyOf', 'additionalProperties'] as const) {
    if (rest[keyword] !== undefined) described[keyword] = inside(rest[keyword])
  }
  if (!properties) return described
  const fields = Object.entries(properties).map(([name, field]) => {
    const text = fieldTexts[`${place}.${name}`] ?? fieldTexts[name]
    return [
      name,
      { ...(text ? { description: text } : {}), ...describeFields(field as JsonSchema, place, fieldTexts) },
    ]
  })
  return { ...described, properties: Object.fromEntries(fields) }
}
