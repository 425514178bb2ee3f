import type { GenericSchema } from 'valibot'

const named: Record<string, GenericSchema> = {}

/** Makes schemas components of the API's description: wherever one of them stands, it is pointed to by its name. */
export function nameSchemas(schemas: Record<string, GenericSchema>): void {
  Object.assign(named, schemas)
}

/** In the order of their names, so that the document does not depend on who is imported first. */
export const namedSchemas = (): Record<string, GenericSchema> =>
  Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)))
