/** Characters. The objects that pages have for their own scripts are a tenth of it. */
const LONGEST = 2_000_000

/**
 * The JSON object that follows `marker` in a script of a page, at its first place; undefined when there is none or a
 * longer one than two million characters. What follows the object is left alone, so the end is found by counting
 * braces outside of strings.
 */
export function jsonAfter(text: string, marker: RegExp): unknown {
  const found = marker.exec(text)
  if (!found) return undefined
  const start = found.index + found[0].length
  if (text[start] !== '{') return undefined
  let depth = 0
  let inString = false
  const end = Math.min(text.length, start + LONGEST)
  for (let i = start; i < end; i++) {
    const letter = text[i]
    if (inString) {
      if (letter === '\\') i++
      else if (letter === '"') inString = false
    } else if (letter === '"') inString = true
    else if (letter === '{') depth++
    else if (letter === '}' && --depth === 0) return parsed(text.slice(start, i + 1))
  }
  return undefined
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
