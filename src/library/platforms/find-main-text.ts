// What Firefox' reader view would show of a page: the article without menus, advertisements and comments.
import { Readability } from '@mozilla/readability'
import { Parser } from 'htmlparser2'
import { parseHTML } from 'linkedom'

/** A page with more elements, or deeper ones, is no article, and would take minutes. */
const MOST_ELEMENTS = 50_000
const DEEPEST = 300
const BLOCKS = 'p, div, section, h1, h2, h3, h4, h5, h6, li, tr, blockquote, pre, figcaption, dt, dd'

/**
 * The main text of a page, its paragraphs separated by line breaks; null when there is none. Synchronous and slow,
 * up to a second a megabyte: it belongs in a thread.
 */
export function findMainText(html: string): string | null {
  if (isTooMuch(html)) return null
  try {
    const { document } = parseHTML(html)
    // Without styles and layout, text content alone would run the last word of a paragraph into the next one.
    for (const line of document.querySelectorAll('br')) line.replaceWith(document.createTextNode('\n'))
    const article = new Readability(document, { serializer: textOf }).parse()
    return article?.content?.trim() || null
  } catch {
    // The reader view gives up on some broken pages by an error.
    return null
  }
}

function isTooMuch(html: string): boolean {
  let [elements, depth, deepest] = [0, 0, 0]
  const parser = new Parser({
    onopentag() {
      elements++
      deepest = Math.max(deepest, ++depth)
    },
    onclosetag() {
      depth--
    },
  })
  parser.end(html)
  return elements > MOST_ELEMENTS || deepest > DEEPEST
}

function textOf(node: unknown): string {
  const article = node as ReturnType<typeof parseHTML>['document']['documentElement']
  for (const block of article.querySelectorAll(BLOCKS)) block.append('\n')
  return article.textContent ?? ''
}
