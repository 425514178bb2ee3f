// Reads what a page says about itself in its own tags, in one streaming pass and without a DOM. A page may say
// anything, as often and as long as it likes: what is more than a page has to say is left where it stands.
import type { PageImage } from '../web/best-image.ts'
import {
  type Linked,
  LONGEST_LINKED_DATA,
  linkedObjects,
  pixels,
  typesOf,
  withReferences,
} from '../web/linked-data.ts'
import { parseMarkup } from './parse-markup.ts'

export interface PageTags {
  /** The text of `<title>`. */
  title: string | null
  /** The `lang` of `<html>`. */
  lang: string | null
  /** The address that others are relative to: that of the first `<base>`. */
  base: string | null
  /** All contents of the `<meta>` tags whose property, name or itemprop is `name`; entities are decoded. */
  all(name: string): string[]
  /** The first non-empty content of the first of `names` that has one. */
  first(...names: string[]): string | null
  /** The `og:image`s in the page's order, each with the size that follows it. */
  images: PageImage[]
  /** The JSON-LD objects whose `@type` is, or has, `type`, with what they name by "@id". */
  linkedData(type: string): Linked[]
  /** The `@type`s of all JSON-LD objects, each once. */
  types: string[]
  /** Characters that the page shows, but for titles, forms, links and what stands around a text. */
  text_length: number
  /** Ids of its elements and addresses of its scripts, by which challenges are known. */
  marks: string[]
  /** Its `<meta http-equiv=refresh>`s; those for browsers without scripts are hidden. */
  refreshes: { content: string; is_hidden: boolean }[]
  /** The first addresses that it links to, each once. */
  links: string[]
}

/** Characters. Longer texts are cut; a longer name is none. */
const LONGEST = { name: 100, content: 20_000, title: 20_000, lang: 100 }
const MOST = {
  contents: 2_000,
  images: 50,
  marks: 1_000,
  refreshes: 10,
  links: 10,
  scripts: 100,
  objects: 1_000,
  linked_data: 2_000_000,
}
/** What stands in them is no text of the page's own. */
const AROUND = new Set([
  ...['script', 'style', 'noscript', 'template', 'title', 'svg', 'nav', 'header', 'footer', 'form'],
  ...['button', 'a', 'label', 'select', 'option', 'textarea', 'iframe'],
])
const LINKED_DATA = /^\s*application\/ld\+json\s*(;|$)/i
const IMAGE = /^og:image(:url|:secure_url)?$/

/** Never throws: broken HTML and broken JSON-LD give what could be read. `<link itemprop=x content>` is `link:x`. */
export function readPageTags(html: string): PageTags {
  const contents = new Map<string, string[]>()
  const linked: Linked[] = []
  const images: PageImage[] = []
  let title: string | null = null
  let lang: string | null = null
  let base: string | null = null
  let reading: 'title' | 'json' | undefined
  let text = ''
  let [kept, scripts, jsonRead, around, textLength] = [0, 0, 0, 0, 0]
  const marks: string[] = []
  const refreshes: PageTags['refreshes'] = []
  const links = new Set<string>()
  let noscripts = 0

  const keep = (name: string | undefined, whole: string | undefined) => {
    if (!name || whole === undefined || name.length > LONGEST.name || kept === MOST.contents) return
    kept++
    const content = whole.slice(0, LONGEST.content)
    const key = name.toLowerCase()
    const list = contents.get(key)
    if (list) list.push(content)
    else contents.set(key, [content])
    if (IMAGE.test(key) && content.trim() !== '' && images.length < MOST.images) {
      images.push({ url: content.trim() })
    }
    const image = images.at(-1)
    if (image && key === 'og:image:width') image.width = pixels(content)
    if (image && key === 'og:image:height') image.height = pixels(content)
    if (image && key === 'og:image:type') image.type = content
  }

  const keepLinked = (json: string) => {
    jsonRead += json.length
    // Cut short it would not be JSON.
    if (json.length > LONGEST_LINKED_DATA || jsonRead > MOST.linked_data || ++scripts > MOST.scripts) return
    for (const object of linkedObjects(json)) {
      if (linked.length === MOST.objects) return
      linked.push(object)
    }
  }

  parseMarkup(html, {
    onopentag(tag, attributes) {
      if (AROUND.has(tag)) around++
      const mark = tag === 'script' ? (attributes.src ?? attributes.id) : attributes.id
      if (mark && marks.length < MOST.marks) marks.push(mark.slice(0, LONGEST.name))
      if (tag === 'noscript') noscripts++
      if (tag === 'a' && attributes.href && links.size < MOST.links)
        links.add(attributes.href.slice(0, LONGEST.content))
      if (tag === 'meta') {
        const isRefresh = attributes['http-equiv']?.trim().toLowerCase() === 'refresh'
        if (isRefresh && refreshes.length < MOST.refreshes) {
          const content = (attributes.content ?? '').slice(0, LONGEST.content)
          refreshes.push({ content, is_hidden: noscripts > 0 })
        }
        const { property, name, itemprop, content } = attributes
        for (const key of new Set([property, name, itemprop])) keep(key, content)
      } else if (tag === 'html') {
        lang ??= attributes.lang?.slice(0, LONGEST.lang).trim() || null
      } else if (tag === 'base' && attributes.href) {
        base ??= attributes.href.slice(0, LONGEST.content)
      } else if (tag === 'link' && attributes.itemprop) {
        keep(`link:${attributes.itemprop}`, attributes.content)
      } else if (tag === 'title' && title === null) {
        reading = 'title'
        text = ''
      } else if (tag === 'script' && LINKED_DATA.test(attributes.type ?? '')) {
        reading = 'json'
        text = ''
      }
    },
    ontext(piece) {
      if (around === 0) textLength += piece.trim().length
      const longest = reading === 'title' ? LONGEST.title : LONGEST_LINKED_DATA
      if (reading && text.length <= longest) text += piece.slice(0, longest + 1)
    },
    onclosetag(tag) {
      if (AROUND.has(tag)) around--
      if (tag === 'noscript') noscripts--
      if (reading === 'title' && tag === 'title') title = text.trim().slice(0, LONGEST.title)
      else if (reading === 'json' && tag === 'script') keepLinked(text)
      else return
      reading = undefined
    },
  })

  const all = (name: string) => contents.get(name) ?? []
  const byType = Map.groupBy(
    withReferences(linked).flatMap(object => typesOf(object).map(type => ({ type, object }))),
    ({ type }) => type,
  )
  return {
    title,
    lang,
    base,
    all,
    first: (...names) => names.flatMap(all).find(content => content.trim() !== '') ?? null,
    images,
    linkedData: type => (byType.get(type) ?? []).map(({ object }) => object),
    types: [...byType.keys()],
    text_length: textLength,
    marks,
    refreshes,
    links: [...links],
  }
}
