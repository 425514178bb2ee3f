// JSON-LD as pages write it (https://schema.org): one object or many, a graph, names as text or as objects.
import type { PageImage } from './best-image.ts'

export type Linked = Record<string, unknown>

/** The objects of one JSON-LD script, those of its graph included. Broken JSON has none. */
export function linkedObjects(json: string): Linked[] {
  let read: unknown
  try {
    read = JSON.parse(json)
  } catch {
    return []
  }
  return [read]
    .flat()
    .flatMap(entry => (isObject(entry) && Array.isArray(entry['@graph']) ? entry['@graph'] : [entry]))
    .filter(isObject)
}

export const isLinked = (object: Linked, type: string): boolean => [object['@type']].flat().includes(type)

/** A text, or the first of several. */
export function linkedText(value: unknown): string | undefined {
  return [value].flat().find(part => typeof part === 'string' && part.trim() !== '') as string | undefined
}

/** The names of persons, organisations or languages, whether written as text or as objects. */
export function linkedNames(value: unknown): string[] {
  return [value]
    .flat()
    .map(part =>
      isObject(part) ? (linkedText(part.name) ?? linkedText(part.alternateName)) : linkedText(part),
    )
    .filter(name => name !== undefined)
}

/** Keywords, as a list or with commas between them. */
export function linkedWords(value: unknown): string[] {
  return linkedNames(value).flatMap(words => words.split(','))
}

/** Pictures as addresses or as ImageObjects, with their sizes where those are told. */
export function linkedImages(value: unknown): PageImage[] {
  const images: unknown[] = [value].flat()
  return images.flatMap(image => {
    if (typeof image === 'string') return [{ url: image }]
    const url = isObject(image) ? (linkedText(image.url) ?? linkedText(image.contentUrl)) : undefined
    return url === undefined ? [] : [{ url, ...sizeOf(image as Linked) }]
  })
}

const sizeOf = ({ width, height }: Linked) => ({ width: pixels(width), height: pixels(height) })

/** `1200`, `"1200"`, `"1200px"` or a QuantitativeValue. */
function pixels(value: unknown): number | undefined {
  const number = Number.parseFloat(String(isObject(value) ? value.value : value))
  return number > 0 ? number : undefined
}

export function isObject(value: unknown): value is Linked {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
