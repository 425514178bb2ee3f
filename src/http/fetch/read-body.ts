import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { FetchError } from './fetch-error.ts'
import type { Incoming } from './send.ts'

/** What {@link readBody} can undo, for the `accept-encoding` header. */
export const ENCODINGS = 'gzip, deflate, br'

class TooLarge extends Error {}
class CutOff extends Error {}
class UnknownEncoding extends Error {}

/**
 * The decompressed body. It is decompressed as it arrives, so that a bomb ends at the limit; `maxBytes` bounds what
 * arrives as well as what comes out.
 * @throws {FetchError} `too_large`, `unreadable` for an unknown or broken encoding, `network` when it is cut.
 */
export async function readBody(incoming: Incoming, url: URL, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  try {
    await readInto(parts, incoming, { arriving: maxBytes, decoded: maxBytes })
  } catch (error) {
    if (error instanceof TooLarge) {
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
  const first = await read()
  if (first.done) return

  async function* arriving() {
    let size = 0
    for (let next: IteratorResult<Buffer> = first; !next.done; next = await read()) {
      size += next.value.length
      if (size > most.arriving) end(new TooLarge())
      yield next.value
    }
  }
  const decoder = decoderFor(incoming.headers.get('content-encoding'), first.value)
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

function decoderFor(encoding: string | null, first: Buffer): Transform | undefined {
  switch (encoding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return undefined
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      // Meant is zlib's format, but some servers send it bare (RFC 9110, 8.4.1.2). The method in its first byte is 8.
      return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw()
    case 'br':
      return createBrotliDecompress()
    default:
      throw new UnknownEncoding()
  }
}
