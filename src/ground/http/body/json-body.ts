// Reads a body as JSON in UTF-8, bounded in length and depth, each key once.

import { malformedBody, unsupportedMediaType } from '../problems.ts'
import { isEmpty, LARGEST_BODY, readBytes } from './body.ts'

const DEEPEST = 64
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

/**
 * The parsed body; null when there is none.
 * @param largest in bytes
 * @throws {Problem} 400, 413 or 415, and never with a word of the body.
 */
export async function readJson(request: Request, largest = LARGEST_BODY): Promise<unknown> {
  const { body, headers } = request
  if (body === null) return null
  if (!JSON_TYPE.test(headers.get('content-type') ?? '')) {
    // A runtime may show a body where none was sent.
    if (await isEmpty(request)) return null
    throw unsupportedMediaType()
  }
  const bytes = await readBytes(request, largest)
  return bytes.length === 0 ? null : parseJson(bytes)
}

function parseJson(bytes: Uint8Array): unknown {
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    value = JSON.parse(text)
  } catch {
    throw malformedBody()
  }
  checkKeys(text)
  return value
}

/**
 * What JSON.parse lets pass and two readers may understand differently: a key that stands twice, a key that
 * names an object's prototype, and depth without end.
 * @param text valid JSON.
 */
function checkKeys(text: string): void {
  // A set of keys for each open object, nothing for an array.
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '{' || sign === '[') {
      open.push(sign === '{' ? new Set() : undefined)
      if (open.length > DEEPEST)
        throw malformedBody({ detail: `The body is nested deeper than ${DEEPEST} levels` })
    } else if (sign === '}' || sign === ']') open.pop()
    else if (sign === '"') {
      const start = at
      at = endOfString(text, start)
      if (!isKey(text, at)) continue
      const key = JSON.parse(text.slice(start, at + 1)) as string
      const keys = open.at(-1)!
      if (keys.has(key)) throw malformedBody({ detail: 'The body has the same key twice' })
      if (key === '__proto__') throw malformedBody({ detail: 'The body has a key that is not allowed' })
      keys.add(key)
    }
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

function isKey(text: string, end: number): boolean {
  let at = end + 1
  while (' \t\n\r'.includes(text[at] ?? '-')) at++
  return text[at] === ':'
}
