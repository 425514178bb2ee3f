// Reads what a page says about itself in its own tags, in one streaming pass and without a DOM.
import { Parser } from 'htmlparser2'
import type { PageImage } from './best-image.ts'
import { isLinked, type Linked, linkedObjects } from './linked-data.ts'

export interface PageTags {
  /** The text of `<title>`. */
  title: string | null
  /** The `lang` of `<html>`. */
  lang: string | null
  /** All contents of the `<meta>` tags whose property, name or itemprop is `name`; entities are decoded. */
  all(name: string): string[]
  /** The first non-empty content of the first of `names` that has one. */
  first(...names: string[]): string | null
  /** The `og:image`s in the page's order, each with the size that follows it. */
  images: PageImage[]
  /** The JSON-LD objects whose `@type` is one of `types`. */
  linkedData(...types: string[]): Linked[]
  /** The `@type`s of all JSON-LD objects. */
  types: string[]
}

const IMAGE = /^og:image(:url|:secure_url)?$/

/** Never throws: broken HTML and broken JSON-LD give what could be read. `<link itemprop=x content>` is `link:x`. */
export function readPageTags(html: string): PageTags {
  const contents = new Map<string, string[]>()
  const linked: Linked[] = []
  const images: PageImage[] = []
  let title: string | null = null
  let lang: string | null = null
  let reading: 'title' | 'json' | undefined
  let text = ''

  const keep = (name: string | undefined, content: string | undefined) => {
    if (!name || content === undefined) return
    const key = name.toLowerCase()
    const list = contents.get(key)
    if (list) list.push(content)
    else contents.set(key, [content])
    if (IMAGE.test(key) && content.trim() !== '') images.push({ url: content.trim() })
    const image = images.at(-1)
    if (image && key === 'og:image:width') image.width = Number(content)
    if (image && key === 'og:image:height') image.height = Number(content)
  }

  const parser = new Parser({
    onopentag(tag, attributes) {
      if (tag === 'meta') {
        const { property, name, itemprop, content } = attributes
        for (const key of new Set([property, name, itemprop])) keep(key, content)
      } else if (tag === 'html') {
        lang ??= attributes.lang?.trim() || null
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
    lang,
    all,
    first: (...names) => names.flatMap(all).find(content => content.trim() !== '') ?? null,
    images,
    linkedData: (...types) => linked.filter(object => types.some(type => isLinked(object, type))),
    types: linked.flatMap(object => [object['@type']].flat()).filter(type => typeof type === 'string'),
  }
}
