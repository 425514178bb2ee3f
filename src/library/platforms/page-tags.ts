// Reads what a page says about itself in its own tags, in one streaming pass and without a DOM.
import { Parser } from 'htmlparser2'

export interface PageTags {
  /** The text of `<title>`. */
  title: string | null
  /** All contents of the `<meta>` tags whose property, name or itemprop is `name`; entities are decoded. */
  all(name: string): string[]
  /** The first non-empty content of the first of `names` that has one. */
  first(...names: string[]): string | null
  /** The JSON-LD objects whose `@type` is `type`. */
  linkedData(type: string): Record<string, unknown>[]
}

/** Never throws: broken HTML and broken JSON-LD give what could be read. `<link itemprop=x content>` is `link:x`. */
export function readPageTags(html: string): PageTags {
  const contents = new Map<string, string[]>()
  const linked: Record<string, unknown>[] = []
  let title: string | null = null
  let reading: 'title' | 'json' | undefined
  let text = ''

  const keep = (name: string | undefined, content: string | undefined) => {
    if (!name || content === undefined) return
    const key = name.toLowerCase()
    const list = contents.get(key)
    if (list) list.push(content)
    else contents.set(key, [content])
  }

  const parser = new Parser({
    onopentag(tag, attributes) {
      if (tag === 'meta') {
        const { property, name, itemprop, content } = attributes
        for (const key of new Set([property, name, itemprop])) keep(key, content)
      } else if (tag === 'link' && attributes.itemprop) {
        keep(`link:${attributes.itemprop}`, attributes.content)
      } else if (tag === 'title' && title === null) {
        reading = 'title'
        text = ''
      } else if (tag === 'script' && attributes.type?.trim().toLowerCase() === 'application/ld+json') {
        reading = 'json'
        text = ''
      }
    },
    ontext(piece) {
      if (reading) text += piece
    },
    onclosetag(tag) {
      if (reading === 'title' && tag === 'title') title = text.trim()
      else if (reading === 'json' && tag === 'script') linked.push(...linkedObjects(text))
      else return
      reading = undefined
    },
  })
  parser.end(html)

  const all = (name: string) => contents.get(name) ?? []
  return {
    title,
    all,
    first: (...names) => names.flatMap(all).find(content => content.trim() !== '') ?? null,
    linkedData: type => linked.filter(object => [object['@type']].flat().includes(type)),
  }
}

function linkedObjects(json: string): Record<string, unknown>[] {
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
