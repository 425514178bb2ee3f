import { parseMarkup } from '../pages/parse-markup.ts'
import { isObject } from '../web/linked-data.ts'

/** Lines of srv3 and of the older form. */
const LINES = new Set(['p', 'text'])
/** Characters: a transcript keeps a tenth of it. A film without end is read as far as that. */
const LONGEST = 200_000

/** The text of captions in json3, srv3 or the older XML. Null when it is none of them, or has no words. */
export function readCaptions(answer: string): string | null {
  const lines = answer.trimStart().startsWith('{') ? linesOfJson(answer) : linesOfXml(answer)
  const text = lines.map(line => line.replace(/\s+/g, ' ').trim()).filter(Boolean)
  return text.length > 0 ? text.join('\n') : null
}

function linesOfJson(answer: string): string[] {
  let read: unknown
  try {
    read = JSON.parse(answer)
  } catch {
    return []
  }
  if (!isObject(read) || !Array.isArray(read.events)) return []
  const lines: string[] = []
  let length = 0
  for (const event of read.events) {
    const line = isObject(event) && Array.isArray(event.segs) ? textOf(event.segs) : ''
    length += line.length
    if (length > LONGEST) break
    if (line !== '') lines.push(line)
  }
  return lines
}

function textOf(segments: unknown[]): string {
  let text = ''
  for (const segment of segments) {
    if (isObject(segment) && typeof segment.utf8 === 'string') text += segment.utf8
    if (text.length > LONGEST) return text.slice(0, LONGEST)
  }
  return text
}

function linesOfXml(answer: string): string[] {
  const lines: string[] = []
  let line: string | undefined
  let length = 0
  parseMarkup(
    answer,
    {
      onopentag(tag) {
        if (LINES.has(tag)) line = ''
      },
      ontext(piece) {
        length += piece.length
        if (line !== undefined && length <= LONGEST) line += piece
      },
      onclosetag(tag) {
        if (!LINES.has(tag) || line === undefined) return
        if (line !== '') lines.push(line)
        line = undefined
      },
    },
    { xmlMode: true },
  )
  return lines
}
