/**
 * Reads JSON as search engines do: line breaks and tabs in strings, escapes that JSON does not have, comments, commas
 * before a bracket, several values one after the other, and what pages wrap scripts in. Takes time in proportion to the
 * length.
 * @returns undefined when it is not even that; a list when there are several values
 */
export function almostJson(text: string): unknown {
  return parsed(text) ?? parsed(mended(text))
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** A string, closed or not; a comment; a mark of HTML or XML around it all; white space; or any other character. */
const PIECE =
  /"([^"\\]*(?:\\.[^"\\]*)*)"?|\/\/[^\n]*|\/\*.*?(?:\*\/|$)|<!--|-->|<!\[CDATA\[|\]\]>|[\s\p{Cc}\ufeff]+|./gsu
const LEFT_OUT = /^(\/[/*]|<!|-->|\]\]>|[\s\p{Cc}\ufeff])/u
const UNESCAPED = /\p{Cc}/gu
const ESCAPE = /\\(u[0-9a-f]{4}|.)/gis
const ESCAPES = /^(u[0-9a-f]{4}|["\\/bfnrt])$/i

function mended(text: string): string {
  const parts: string[] = []
  let depth = 0
  let values = 0
  for (const [piece, content] of text.matchAll(PIECE)) {
    if (content !== undefined) parts.push(`"${mendedString(content)}"`)
    else if (LEFT_OUT.test(piece)) continue
    else if (piece === '}' || piece === ']') {
      if (parts.at(-1) === ',') parts.pop()
      parts.push(piece)
      depth--
    } else if (piece === '{' || piece === '[') {
      if (depth === 0 && values++ > 0) parts.push(',')
      parts.push(piece)
      depth++
    } else if (depth > 0) parts.push(piece)
  }
  const json = parts.join('')
  return values > 1 ? `[${json}]` : json
}

const mendedString = (content: string): string =>
  content
    .replace(ESCAPE, (whole, letter: string) =>
      ESCAPES.test(letter) ? whole : JSON.stringify(letter).slice(1, -1),
    )
    .replace(UNESCAPED, letter => JSON.stringify(letter).slice(1, -1))
