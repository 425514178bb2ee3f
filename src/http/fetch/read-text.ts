/** How far a page may be searched for its charset (HTML, 13.2.3.2). */
const PRESCAN_BYTES = 1024

const BYTE_ORDER_MARKS: [number[], string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0xff, 0xfe], 'utf-16le'],
]

/**
 * The body's text: in the charset of its byte order mark, else of its content type, else, for HTML and XML, the one
 * that its beginning declares (the order of the Encoding and HTML standards). An unknown charset is read as UTF-8: a few
 * wrong letters are better than no page.
 */
export function readText(bytes: Uint8Array, contentType: string | null): string {
  const marked = BYTE_ORDER_MARKS.find(([mark]) => mark.every((byte, at) => bytes[at] === byte))?.[1]
  const named = /charset\s*=\s*["']?([^\s;"']+)/i.exec(contentType ?? '')?.[1]
  return decoderFor(marked ?? named ?? declaredCharset(bytes, contentType)).decode(bytes)
}

function declaredCharset(bytes: Uint8Array, contentType: string | null): string | undefined {
  if (contentType !== null && !/html|xml/i.test(contentType)) return undefined
  const beginning = new TextDecoder('latin1')
    .decode(bytes.subarray(0, PRESCAN_BYTES))
    .replace(/<!--[\s\S]*?(-->|$)/g, '')
  const meta = /<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(beginning)
  const xml = /^<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)/i.exec(beginning)
  const found = (meta ?? xml)?.[1]
  // It could be read as ASCII, so it is not UTF-16 whatever it says.
  return found && /^utf-?16/i.test(found) ? 'utf-8' : found
}

function decoderFor(charset = 'utf-8'): TextDecoder {
  try {
    return new TextDecoder(charset as ConstructorParameters<typeof TextDecoder>[0])
  } catch {
    return new TextDecoder('utf-8')
  }
}
