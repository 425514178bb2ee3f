// What Firefox' reader view would show of a page: the article without menus, advertisements and comments.
import { Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import { tidyMarkup } from './tidy-markup.ts'

/** A page with more than that is no article, and would take minutes. */
const LIMITS = { elements: 50_000, depth: 300, attributes: 250_000, pieces: 100_000 }
/** Characters of HTML; what follows in a longer page is not looked at. */
const LONGEST_PAGE = 2_000_000
/** Of the text that is found. */
const LONGEST_TEXT = 200_000
/** The reader view's patterns take hours over an attribute without end. */
const LONGEST_ATTRIBUTE = 500
const BLOCKS = 'p, div, section, h1, h2, h3, h4, h5, h6, li, tr, blockquote, pre, figcaption, dt, dd'

/**
 * The main text of a page, its paragraphs separated by line breaks; null when there is none. Synchronous and slow,
 * up to a second a megabyte: it belongs in a thread.
 */
export function findMainText(page: string): string | null {
  const html = tidyMarkup(page.slice(0, LONGEST_PAGE), LIMITS, LONGEST_ATTRIBUTE)
  if (html === null) return null
  try {
    const { document } = parseHTML(html)
    // Without styles and layout, text content alone would run the last word of a paragraph into the next one.
    for (const line of document.querySelectorAll('br')) line.replaceWith(document.createTextNode('\n'))
    const article = new Readability(document, { serializer: textOf }).parse()
    return article?.content?.trim().slice(0, LONGEST_TEXT) || null
  } catch {
    // The reader view gives up on some broken pages by an error.
    return null
  }
}

function textOf(node: unknown): string {
  const article = node as ReturnType<typeof parseHTML>['document']['documentElement']
  for (const block of article.querySelectorAll(BLOCKS)) block.append('\n')
  return article.textContent ?? ''
}
