import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createBrotliDecompress, createInflate, createInflateRaw } from 'node:zlib'
import { FetchError } from '../fetch-error.ts'
import type { Incoming } from '../send.ts'

/** What {@link readBody} can undo, for the `accept-encoding` header. */
export const ENCODINGS = 'gzip, deflate, br'

/** Bytes that are looked at first, for gzip's header, and for text that is not packed at all. */
const LOOKED_AT = 1_024
/** So many bytes of ASCII are text, whatever the headers say; fewer than five could be anything. */
const ASCII = 32
const FEWEST = 5
/** A page that was packed twice is unpacked twice. A body can be made that unpacks to itself for ever. */
const MOST_LAYERS = 2
const TEXT = /^text\/|html|xml|json/i

class TooLarge extends Error {}
class CutOff extends Error {}
class UnknownEncoding extends Error {}

/**
 * The decompressed body. It is decompressed as it arrives, so that a bomb ends at the limit; `maxBytes` bounds what
 * arrives as well as what comes out. As in browsers, a body may lack the end of its compression, be plain though its
 * headers say otherwise, or be a page that was packed twice.
 * @param mayBeCut whether the beginning of a body that is larger is an answer
 * @throws {FetchError} `too_large`, `unreadable` for an unknown or broken encoding, `network` when it is cut.
 */
export async function readBody(
  incoming: Incoming,
  url: URL,
  maxBytes: number,
  mayBeCut = false,
): Promise<Buffer> {
  const isText = TEXT.test(incoming.headers.get('content-type') ?? 'text/html')
  let body = await readLayer(incoming, url, maxBytes, mayBeCut)
  for (let layer = 1; layer < MOST_LAYERS && isText && isGzip(body); layer++) {
    const headers = new Headers({ 'content-encoding': 'gzip' })
    const packed = { status: incoming.status, headers, body: Readable.from([body]), close() {} }
    body = await readLayer(packed, url, maxBytes, mayBeCut)
  }
  return body
}

async function readLayer(incoming: Incoming, url: URL, maxBytes: number, mayBeCut: boolean): Promise<Buffer> {
  const parts: Buffer[] = []
  try {
    await readInto(parts, incoming, { arriving: maxBytes, decoded: maxBytes })
  } catch (error) {
    if (error instanceof TooLarge) {
      if (mayBeCut) return Buffer.concat(parts).subarray(0, maxBytes)
      throw new FetchError('too_large', url, `is larger than ${maxBytes / 1e6} MB`)
    }
    if (error instanceof CutOff) throw new FetchError('network', url, 'broke off its answer')
    // What is left are the decoders' own errors, which the runtimes name differently.
    throw new FetchError('unreadable', url, 'gave an answer that is not readable')
  }
  return Buffer.concat(parts)
}

/** As much of the decompressed body as comes, up to `bytes`; what ends it early is no error. */
export async function readBeginning(incoming: Incoming, bytes: number, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  await readInto(parts, incoming, { arriving: maxBytes, decoded: bytes }).catch(() => {})
  return Buffer.concat(parts).subarray(0, bytes)
}

async function readInto(
  parts: Buffer[],
  incoming: Incoming,
  most: { arriving: number; decoded: number },
): Promise<void> {
  // The first reason counts: Deno's pipeline rejects with that of whichever stage ended last.
  let reason: Error | undefined
  const end = (why: Error): never => {
    reason ??= why
    // Ends a read that still waits for the other side.
    incoming.close()
    throw reason
  }
  const chunks: AsyncIterator<Buffer> = incoming.body[Symbol.asyncIterator]()
  const read = () => chunks.next().catch(() => end(new CutOff()))
  let first = Buffer.alloc(0)
  const packed = lastEncoding(incoming.headers)
  while (first.length < (packed === '' ? 1 : LOOKED_AT)) {
    const next = await read()
    if (next.done) break
    first = Buffer.concat([first, next.value])
  }
  if (first.length === 0) return
  const encoding = isPlain(first) ? '' : packed
  // What stands behind gzip's own header is bare. So nobody minds a trailer that is wrong, missing or not the end.
  if (/^(x-)?gzip$/.test(encoding)) first = first.subarray(gzipHeader(first))

  async function* arriving() {
    let size = 0
    let next: IteratorResult<Buffer> = { done: false, value: first }
    for (; !next.done; next = await read()) {
      size += next.value.length
      if (size > most.arriving) end(new TooLarge())
      yield next.value
    }
  }
  const decoder = decoderFor(encoding, first)
  let size = 0
  try {
    await pipeline(
      Readable.from(arriving(), { objectMode: false }),
      ...((decoder ? [decoder] : []) as [Transform]),
      async (decoded: AsyncIterable<Buffer>) => {
        for await (const part of decoded) {
          size += part.length
          parts.push(part)
          if (size > most.decoded) end(new TooLarge())
        }
      },
    )
  } catch (error) {
    throw reason ?? error
  }
}

/** Pages lack the end of their compression, so what came before it is given all the same. */
const ZLIB = { finishFlush: constants.Z_SYNC_FLUSH }
const BROTLI = { finishFlush: constants.BROTLI_OPERATION_FLUSH }

/** The one that was applied last, which is undone first (RFC 9110, 8.4). */
const lastEncoding = (headers: Headers): string =>
  headers.get('content-encoding')?.split(',').at(-1)?.trim().toLowerCase() ?? ''

function decoderFor(encoding: string, first: Buffer): Transform | undefined {
  switch (encoding) {
    case '':
    case 'identity':
      return undefined
    case 'gzip':
    case 'x-gzip':
      return createInflateRaw(ZLIB)
    case 'deflate':
      // Meant is zlib's format, but some servers send it bare (RFC 9110, 8.4.1.2). The method in its first byte is 8.
      return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate(ZLIB) : createInflateRaw(ZLIB)
    case 'br':
      return createBrotliDecompress(BROTLI)
    default:
      throw new UnknownEncoding()
  }
}

/** What was packed does not begin with as much text in ASCII. */
function isPlain(bytes: Buffer): boolean {
  const beginning = bytes.subarray(0, ASCII)
  return (
    beginning.length >= FEWEST &&
    beginning.every(byte => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d)
  )
}

const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08

const FLAGS = { checksum: 2, extra: 4, name: 8, comment: 16 }

/** Length of the header of gzip (RFC 1952, 2.3). @throws when there is none, or it is longer than any that is sent */
function gzipHeader(bytes: Buffer): number {
  const flags = bytes[3] ?? 0
  let length = 10
  if (flags & FLAGS.extra) length += 2 + (bytes[length] ?? 0) + 256 * (bytes[length + 1] ?? 0)
  for (const flag of [FLAGS.name, FLAGS.comment])
    if (flags & flag) length = bytes.indexOf(0, length) + 1 || Infinity
  if (flags & FLAGS.checksum) length += 2
  if (!isGzip(bytes) || length > bytes.length) throw new UnknownEncoding()
  return length
}
