// One way to stream markup, in one pass. The parser looks through all open elements for each tag that closes, so what
// nests without end would take hours; what has more of anything than people read is not read to its end.
import { type Handler, Parser } from 'htmlparser2'

export interface MarkupLimits {
  elements: number
  depth: number
  attributes: number
  /** Runs of text, entities and comments. */
  pieces: number
}

const TAGS: MarkupLimits = { elements: 200_000, depth: 1_000, attributes: 500_000, pieces: 2_000_000 }

export interface MarkupOptions {
  limits?: MarkupLimits
  xmlMode?: boolean
}

/**
 * Tells `handler` what stands in `markup`. Never throws of itself, and takes time in proportion to the length.
 * @returns whether it came to the end; false when there was more than the limits allow, and the rest was left
 */
export function parseMarkup(
  markup: string,
  handler: Partial<Handler>,
  { limits = TAGS, xmlMode = false }: MarkupOptions = {},
): boolean {
  let [elements, depth, attributes, pieces, isWhole] = [0, 0, 0, 0, true]
  const mind = (within: boolean) => {
    if (within) return
    isWhole = false
    parser.pause()
  }
  const parser = new Parser(
    {
      ...handler,
      onopentagname(name) {
        mind(++elements <= limits.elements && ++depth <= limits.depth)
        handler.onopentagname?.(name)
      },
      onclosetag(name, isImplied) {
        depth--
        handler.onclosetag?.(name, isImplied)
      },
      onattribute(name, value, quote) {
        mind(++attributes <= limits.attributes)
        handler.onattribute?.(name, value, quote)
      },
      ontext(text) {
        mind(++pieces <= limits.pieces)
        handler.ontext?.(text)
      },
      oncomment(text) {
        mind(++pieces <= limits.pieces)
        handler.oncomment?.(text)
      },
    },
    { xmlMode },
  )
  parser.end(markup)
  return isWhole
}
