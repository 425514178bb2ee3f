// The body of a request: who may send one, and how large it may be.
import { Problem } from '../problem.ts'
import { bodyNotAllowed, bodyTooLarge, malformedBody } from '../problems.ts'

/** In bytes, where a route says nothing else. */
export const LARGEST_BODY = 64 * 1024
const MIB = 1024 * 1024
/** RFC 9110 gives a body of these no meaning, and a stranger's bytes no reader. */
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS'])

const sizeText = (bytes: number) => (bytes < MIB ? `${bytes / 1024} KiB` : `${bytes / MIB} MiB`)

const tooLarge = (largest: number) => bodyTooLarge({ detail: `The body is larger than ${sizeText(largest)}` })

/**
 * Refuses the body of a method that has none: nobody would read it, and a runtime may keep it for as long as the
 * answer takes.
 * @throws {Problem} 400
 */
export function refuseBody({ method, headers, body }: Request): void {
  if (!WITHOUT_BODY.has(method)) return
  // A runtime may show a body where none was sent, so what counts is what was announced (RFC 9112, section 6.3).
  const isSent = Number(headers.get('content-length') ?? 0) > 0 || headers.has('transfer-encoding')
  // Over HTTP/2 nothing needs to be announced.
  body?.cancel().catch(() => {})
  if (isSent) throw bodyNotAllowed({ detail: `A ${method} request must not have a body` })
}

/** Bodies that were read before their route asks for them. */
const held = new WeakMap<Request, Uint8Array>()

/**
 * Reads the body before its route does, which is then given these bytes: for who must see them to know who asks.
 * @param largest in bytes
 * @throws {Problem} as `readBytes` does
 */
export async function holdBody(request: Request, largest: number): Promise<Uint8Array> {
  const bytes = WITHOUT_BODY.has(request.method) ? new Uint8Array() : await readBytes(request, largest)
  held.set(request, bytes)
  return bytes
}

/**
 * All bytes of the body, and none where there is no body.
 * @param largest in bytes
 * @throws {Problem} 413 as soon as it is larger, by what it announces or by what has come; 400 when it ends early.
 */
export async function readBytes(request: Request, largest: number): Promise<Uint8Array> {
  const known = held.get(request)
  if (known) return known
  const { body, headers } = request
  if (Number(headers.get('content-length') ?? 0) > largest) throw tooLarge(largest)
  if (body === null) return new Uint8Array()
  // The server holds a client to the length that it announced.
  const reading = headers.has('content-length') ? request.bytes() : readBounded(body, largest)
  return reading.catch(error => {
    // The client went away in the middle, which is nobody's fault here.
    throw error instanceof Problem ? error : malformedBody({ detail: 'The body ended early' })
  })
}

async function readBounded(body: ReadableStream<Uint8Array>, largest: number): Promise<Uint8Array> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks)
    length += value.length
    if (length > largest) {
      await reader.cancel()
      throw tooLarge(largest)
    }
    chunks.push(value)
  }
}

/** Whether nothing comes; reads no further than to know it. */
export async function isEmpty(request: Request): Promise<boolean> {
  const known = held.get(request)
  if (known || request.body === null) return !known?.length
  const reader = request.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return true
    if (value.length === 0) continue
    await reader.cancel()
    return false
  }
}
