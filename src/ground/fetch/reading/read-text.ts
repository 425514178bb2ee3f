import { declaredCharset } from './declared-charset.ts'

const BYTE_ORDER_MARKS: [number[], string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0xff, 0xfe], 'utf-16le'],
]
const CHARSET = /charset\s*=\s*["']?([^\s;"']+)/i
const PAGE = /html|xml/i
/** Where nothing else says so, JSON and the like are UTF-8. */
const TEXT = /^text\/|html|xml/i
const LONGEST_TYPE = 1_000

/**
 * The body's text: in the charset of its byte order mark, else of its content type, else, for HTML and XML, the one
 * that it declares (the order of the Encoding and HTML standards). Unknown charsets are passed over. What declares none is
 * UTF-8, or windows-1252 where it is not: as UTF-8 it would have fewer letters than faults.
 */
export function readText(bytes: Uint8Array, contentType: string | null): string {
  const type = (contentType ?? 'text/html').slice(0, LONGEST_TYPE)
  const marked = BYTE_ORDER_MARKS.find(([mark]) => mark.every((byte, at) => bytes[at] === byte))?.[1]
  const named = marked ?? CHARSET.exec(type)?.[1]
  if (named !== undefined && isKnown(named)) return decode(bytes, named)
  const page = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const declared = PAGE.test(type) ? declaredCharset(page, isKnown) : undefined
  // It could be read as ASCII, so it is not UTF-16 whatever it says; and the last is one that no page means.
  if (declared !== undefined && /^utf-?16/i.test(declared)) return decode(bytes, 'utf-8')
  if (declared !== undefined) return decode(bytes, /^x-user-defined$/i.test(declared) ? WESTERN : declared)
  const text = decode(bytes, 'utf-8')
  return TEXT.test(type) && isFaulty(text) ? decode(bytes, WESTERN) : text
}

const WESTERN = 'windows-1252'

function isFaulty(text: string): boolean {
  const faults = text.match(/\ufffd/g)?.length ?? 0
  return faults > 0 && faults > (text.match(/[\u0080-\ufffc\u{10000}-\u{10ffff}]/gu)?.length ?? 0)
}

function isKnown(charset: string): boolean {
  try {
    return decoderFor(charset) !== undefined
  } catch {
    return false
  }
}

const decode = (bytes: Uint8Array, charset: string) => decoderFor(charset).decode(bytes)

const decoderFor = (charset: string) =>
  new TextDecoder(charset as ConstructorParameters<typeof TextDecoder>[0])
