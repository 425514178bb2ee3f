// JSON-LD as pages write it (https://schema.org): one object or many, a graph, names as text, as objects or by "@id".
import { almostJson } from '../pages/almost-json.ts'
import { parseMarkup } from '../pages/parse-markup.ts'
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

/** The objects of one JSON-LD script, those of its graph included. What is not even almost JSON has none. */
export function linkedObjects(json: string): Linked[] {
  return listOf(almostJson(json), MOST_OBJECTS)
    .flatMap(entry => (isObject(entry) && entry['@graph'] ? listOf(entry['@graph'], MOST_OBJECTS) : [entry]))
    .slice(0, MOST_OBJECTS)
    .filter(isObject)
}

/** Where a page tells by "@id" what stands elsewhere. */
const NAMED = [
  'author',
  'creator',
  'brand',
  'image',
  'thumbnail',
  'primaryImageOfPage',
  'mainEntity',
  'hasPart',
]
const DEEPEST = 4
/** Of an object that is named: it is copied for everybody who names it. */
const MOST_KEYS = 200
const SCHEMA = /^(https?:\/\/(www\.)?schema\.org\/|schema:)/i

/**
 * A page's objects, each with what it names by "@id", and behind them what they say the page is about: their main
 * entity, or the one part that they have.
 */
export function withReferences(objects: Linked[]): Linked[] {
  const byId = new Map<string, Linked>()
  let seen = 0
  const collect = (value: unknown, depth: number): void => {
    for (const each of listOf(value)) {
      if (!isObject(each) || depth > DEEPEST || seen++ > MOST_OBJECTS) continue
      const id = each['@id']
      // An object may be told in several places, and in some by its name alone.
      const told = typeof id === 'string' ? { ...each, ...byId.get(id) } : {}
      const size = Object.keys(told).length
      if (typeof id === 'string' && size > 1 && size <= MOST_KEYS) byId.set(id, told)
      for (const inner of Object.values(each).slice(0, MOST_OBJECTS))
        if (typeof inner === 'object') collect(inner, depth + 1)
    }
  }
  for (const object of objects) collect(object, 0)

  const lookUp = (value: unknown): unknown => {
    const id = isObject(value) ? value['@id'] : value
    const found = typeof id === 'string' ? byId.get(id) : undefined
    return found ? { ...found, ...(isObject(value) && value) } : value
  }
  const resolve = (object: Linked): Linked => {
    const whole = { ...object }
    for (const name of NAMED) if (name in object) whole[name] = listOf(object[name]).map(lookUp)
    return whole
  }
  const resolved = objects.map(resolve)
  const inner = resolved.flatMap(({ mainEntity, hasPart }) => {
    const parts = listOf(hasPart)
    return [...listOf(mainEntity), ...(parts.length === 1 ? parts : [])].filter(isObject).map(resolve)
  })
  return [...resolved, ...inner].slice(0, MOST_OBJECTS)
}

/** What an object says it is, each type once, such as `Recipe`. */
export function typesOf(object: Linked): string[] {
  const types = listOf(object['@type']).filter(type => typeof type === 'string')
  const short = types.filter(({ length }) => length <= LONGEST_TYPE)
  return [...new Set(short.map(type => type.trim().replace(SCHEMA, '')))]
}

/** A text, or the first of several, its entities decoded. */
export function linkedText(value: unknown): string | undefined {
  return listOf(value)
    .filter(part => typeof part === 'string')
    .map(part => decoded(part.slice(0, LONGEST_TEXT)))
    .find(part => part.trim() !== '')
}

/** An `&` that begins no entity with its semicolon is one: addresses have parameters that are called like entities. */
const NO_ENTITY = /&(?!(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});)/gi

function decoded(text: string): string {
  if (!text.includes('&')) return text
  let plain = ''
  const html = text.replace(NO_ENTITY, '&amp;').replaceAll('<', '&lt;')
  parseMarkup(html, { ontext: piece => (plain += piece) })
  return plain
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

/** `1200`, `"1200"`, `"1200px"` or a QuantitativeValue. Undefined for what is no size. */
export function pixels(value: unknown): number | undefined {
  const told = isObject(value) ? value.value : value
  const number = typeof told === 'string' ? Number.parseFloat(told.slice(0, LONGEST_TYPE)) : told
  return typeof number === 'number' && number > 0 ? number : undefined
}

export function isObject(value: unknown): value is Linked {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const listOf = (value: unknown, most = MOST_VALUES): unknown[] =>
  Array.isArray(value) ? value.slice(0, most) : [value]
