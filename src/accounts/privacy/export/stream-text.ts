import { inTime } from '../../../ground/in-time.ts'
import type { Send } from './write-export.ts'

/** The client has gone, or reads too slowly for what is held open for it. */
export class Unread extends Error {}

export interface Patience {
  /** How long nothing of what was sent may be taken. */
  stallMs: number
  /** How long all of it may take. */
  mostMs: number
}

/**
 * A body of what `write` sends, as fast as the client takes it.
 * @returns when the first of it is there; `ended` is called once, when `write` is over
 * @throws what `write` throws before that
 */
export async function streamText(
  write: (send: Send) => Promise<void>,
  { stallMs, mostMs }: Patience,
  ended: (error?: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder()
  const ends = performance.now() + mostMs
  const begun = Promise.withResolvers<void>()
  let pulled = Promise.withResolvers<void>()
  let isGone = false
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send: Send = async text => {
        begun.resolve()
        // Not before it is asked for, so that one piece waits at most.
        await inTime(
          pulled.promise,
          Math.min(stallMs, ends - performance.now()),
          () => new Unread('Too slow'),
        )
        if (isGone) throw new Unread('The client has gone')
        pulled = Promise.withResolvers()
        controller.enqueue(encoder.encode(text))
      }
      const written = write(send).then(
        () => controller.close(),
        error => {
          begun.reject(error)
          if (!isGone) controller.error(error)
          throw error
        },
      )
      written.then(() => ended(), ended)
    },
    pull() {
      pulled.resolve()
    },
    cancel() {
      isGone = true
      pulled.resolve()
    },
  })
  await begun.promise
  return body
}
