// Makes a page fit for a program that builds a tree of it: what one parser takes for text another takes for thousands
// of elements, so it is given markup of which there is only one reading.
import { type MarkupLimits, parseMarkup } from '../pages/parse-markup.ts'

/** Their content is no text for people. */
const LEFT_OUT = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'textarea',
  'iframe',
  'noembed',
  'noframes',
])
const NAME = /^[a-z][a-z0-9:-]{0,50}$/i
/** What a parser would not take for text; at the end of a piece the next one decides. */
const MARKUP = /&(?=[#a-z]|$)|<(?=[a-z/!?]|$)/gi
/** A browser asks for one of these pictures; nobody reads them. */
const UNREAD = new Set(['srcset', 'imagesrcset', 'data-srcset'])

/**
 * `markup` written again: every element closed, no comments and scripts, attributes and titles cut to `longest`
 * characters, text and attributes escaped. Null when there is more of it than `limits` allow.
 */
export function tidyMarkup(markup: string, limits: MarkupLimits, longest: number): string | null {
  const parts: string[] = []
  /** How many elements that are left out are open. */
  let hidden = 0
  /** Characters that a title may still have. */
  let title: number | undefined
  /** A tree has a piece of text for each. */
  let escapes = 0
  const isWhole = parseMarkup(
    markup,
    {
      onopentag(name, attributes) {
        if (name === 'title') title = longest
        if (LEFT_OUT.has(name)) hidden++
        if (hidden === 0 && NAME.test(name)) parts.push(`<${name}${written(attributes, longest)}>`)
      },
      ontext(whole) {
        if (hidden > 0) return
        const text = title === undefined ? whole : whole.slice(0, title)
        if (title !== undefined) title -= text.length
        parts.push(
          text.replace(MARKUP, letter => {
            escapes++
            return letter === '&' ? '&amp;' : '&lt;'
          }),
        )
      },
      onclosetag(name) {
        // A line break has no end, and is read as two when it is given one.
        if (hidden === 0 && NAME.test(name) && name !== 'br') parts.push(`</${name}>`)
        if (LEFT_OUT.has(name)) hidden--
        if (name === 'title') title = undefined
      },
    },
    { limits },
  )
  return isWhole && escapes <= limits.pieces ? parts.join('') : null
}

function written(attributes: Record<string, string>, longest: number): string {
  let text = ''
  for (const [name, value] of Object.entries(attributes)) {
    if (NAME.test(name) && !UNREAD.has(name))
      text += ` ${name}="${value.slice(0, longest).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`
  }
  return text
}
