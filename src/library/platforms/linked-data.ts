// JSON-LD as pages write it (https://schema.org): one object or many, a graph, names as text or as objects.
import type { PageImage } from './best-image.ts'

export type Linked = Record<string, unknown>

/** Characters of one script. What is longer is data for something else than us. */
export const LONGEST_LINKED_DATA = 500_000
/** Characters of one text, and of an object's type. */
const LONGEST_TEXT = 20_000
const LONGEST_TYPE = 100
/** Values that are looked at where a page may give a list, and objects of one script. */
const MOST_VALUES = 100
const MOST_OBJECTS = 1_000

/** The objects of one JSON-LD script, those of its graph included. Broken JSON has none. */
export function linkedObjects(json: string): Linked[] {
  let read: unknown
  try {
    read = JSON.parse(json)
  } catch {
    return []
  }
  return listOf(read, MOST_OBJECTS)
    .flatMap(entry => (isObject(entry) && Array.isArray(entry['@graph']) ? entry['@graph'] : [entry]))
    .slice(0, MOST_OBJECTS)
    .filter(isObject)
}

/** What an object says it is, each type once. */
export function typesOf(object: Linked): string[] {
  const types = listOf(object['@type']).filter(type => typeof type === 'string')
  return [...new Set(types.filter(({ length }) => length <= LONGEST_TYPE))]
}

/** A text, or the first of several. */
export function linkedText(value: unknown): string | undefined {
  return listOf(value)
    .filter(part => typeof part === 'string')
    .map(part => part.slice(0, LONGEST_TEXT))
    .find(part => part.trim() !== '')
}

/** The names of persons, organisations or languages, whether written as text or as objects. */
export function linkedNames(value: unknown): string[] {
  return listOf(value)
    .map(part =>
      isObject(part) ? (linkedText(part.name) ?? linkedText(part.alternateName)) : linkedText(part),
    )
    .filter(name => name !== undefined)
}

/** Keywords, as a list or with commas between them. */
export function linkedWords(value: unknown): string[] {
  return linkedNames(value).flatMap(words => words.split(',', MOST_VALUES))
}

/** Pictures as addresses or as ImageObjects, with their sizes where those are told. */
export function linkedImages(value: unknown): PageImage[] {
  return listOf(value).flatMap(image => {
    const url = isObject(image) ? (linkedText(image.url) ?? linkedText(image.contentUrl)) : linkedText(image)
    return url === undefined ? [] : [{ url, ...(isObject(image) && sizeOf(image)) }]
  })
}

const sizeOf = ({ width, height }: Linked) => ({ width: pixels(width), height: pixels(height) })

/** `1200`, `"1200"`, `"1200px"` or a QuantitativeValue. */
function pixels(value: unknown): number | undefined {
  const told = isObject(value) ? value.value : value
  const number = typeof told === 'string' ? Number.parseFloat(told.slice(0, LONGEST_TYPE)) : told
  return typeof number === 'number' && number > 0 ? number : undefined
}

export function isObject(value: unknown): value is Linked {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const listOf = (value: unknown, most = MOST_VALUES): unknown[] =>
  Array.isArray(value) ? value.slice(0, most) : [value]
