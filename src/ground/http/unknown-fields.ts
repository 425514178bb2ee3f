// Names in a request that its schema does not know: a typo must not be taken for something that was left out.
import { closestMatch } from 'leven'
import type { GenericSchema } from 'valibot'
import type { FieldError } from './problem.ts'

/** What may be repeated to the client: no more than a name, and nothing that a log or a page could stumble over. */
const PLAIN_NAME = /^[\w.[\]-]{1,64}$/

/** What this module looks at in a schema of valibot. */
interface Shape {
  type: string
  /** Of an object. */
  entries?: Record<string, GenericSchema>
  /** Of what may be null or left out. */
  wrapped?: GenericSchema
  /** Of an array; and how many of them there may be. */
  item?: GenericSchema
  most?: number
}

interface Unknown {
  path: string[]
  known: string[]
}

/** Each name in `value` that `schema` does not know, wherever it stands. An array that is too long is not looked into. */
function* unknownNames(schema: GenericSchema, value: unknown, path: string[] = []): Generator<Unknown> {
  const { type, entries = {}, wrapped, item, most = Number.POSITIVE_INFINITY } = schema as unknown as Shape
  if (typeof value !== 'object' || value === null) return
  if (wrapped) yield* unknownNames(wrapped, value, path)
  else if (Array.isArray(value)) {
    if (!item || value.length > most) return
    for (const [i, each] of value.entries()) yield* unknownNames(item, each, [...path, String(i)])
  } else if (type === 'object') {
    for (const [name, inside] of Object.entries(value)) {
      if (Object.hasOwn(entries, name)) yield* unknownNames(entries[name]!, inside, [...path, name])
      else yield { path: [...path, name], known: Object.keys(entries) }
    }
  }
}

/**
 * The faults of a request's names.
 * @param place `query` or `body`
 * @param most so many at most
 */
export function findUnknownFields(
  schema: GenericSchema,
  place: string,
  value: unknown,
  most: number,
): FieldError[] {
  const kind = place === 'query' ? 'parameter' : 'field'
  return unknownNames(schema, value)
    .take(most)
    .map(({ path, known }) => {
      const name = path.at(-1)!
      const isPlain = PLAIN_NAME.test(name)
      const what = isPlain ? `is no ${kind} that is known here` : `holds a ${kind} that is not known here`
      return {
        loc: [place, ...(isPlain ? path : path.slice(0, -1))],
        msg: `${what}; ${hint(name, known)}`,
        type: 'unknown',
      }
    })
    .toArray()
}

/** The nearest known name, or all of them where none is near. */
function hint(name: string, known: string[]): string {
  const nearest = nearestTo(name, known)
  if (nearest) return `did you mean ${nearest}?`
  return known.length > 0 ? `known are: ${known.join(', ')}` : 'none are'
}

/** Spelling apart: `sortBy` is `sort_by`, and half a name stands for the whole. */
function nearestTo(name: string, known: string[]): string | undefined {
  if (name.length > 64) return undefined
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const asked = plain(name)
  if (asked.length < 2) return undefined
  const plains = known.map(plain)
  const maxDistance = Math.max(1, Math.floor(asked.length / 3))
  const match =
    closestMatch(asked, plains, { maxDistance }) ??
    plains.find(it => it.length > 2 && (it.includes(asked) || asked.includes(it)))
  return match === undefined ? undefined : known[plains.indexOf(match)]
}
