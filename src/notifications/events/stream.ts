// A stream of Server-Sent Events (WHATWG HTML, section 9.2) that reads from the database as fast as its client
// reads from it: a slow client costs one chunk of memory, and catches up later.
import type { LibraryEvent } from '../../library/events.ts'

/** Proxies and clients drop a connection that is silent for long. */
const HEARTBEAT_MS = 15_000
/** A client comes back with a token that is checked again, and with the number of the last event it saw. */
const LONGEST_MS = 3_600_000
const EVENTS_A_CHUNK = 100
const RETRY_MS = 2000

export interface StreamSource {
  /** Whether its client would be let in now. */
  mayGoOn(): Promise<boolean>
  /** What happened after a number, in order, at most so many. */
  read(after: number, most: number): Promise<LibraryEvent[]>
  /** Calls back when there may be more, until the returned function is called. */
  hear(wake: () => void): Promise<() => void>
}

export interface OpenStream {
  body: ReadableStream<Uint8Array>
  /** Ends it after what the client has asked for so far. */
  end(): void
}

/**
 * @param after the number of the last event that the client has seen
 * @param preface what is sent first
 * @param closed is called once, when the client has gone or the stream has ended
 */
export function openStream(
  source: StreamSource,
  { after, preface = '', closed }: { after: number; preface?: string; closed: () => void },
  { heartbeatMs = HEARTBEAT_MS, longestMs = LONGEST_MS } = {},
): OpenStream {
  const encoder = new TextEncoder()
  const ends = performance.now() + longestMs
  let seen = after
  let stopHearing: (() => void) | undefined
  let isOver = false
  /** Set when something may have happened since the last look. */
  let isStale = true
  let wakeUp = () => {}

  const finish = () => {
    if (isOver) return
    isOver = true
    stopHearing?.()
    wakeUp()
    closed()
  }
  const wake = () => {
    isStale = true
    wakeUp()
  }
  /** Resolves at the next wake, or when it is time for a heartbeat. */
  const pause = () =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, heartbeatMs)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
      if (isStale || isOver) wakeUp()
    })

  const next = async (): Promise<string | undefined> => {
    for (let waited = false; ; waited = true) {
      if (isOver || performance.now() > ends) return undefined
      if (isStale || waited) {
        isStale = false
        if (!(await source.mayGoOn())) return undefined
        const events = await source.read(seen, EVENTS_A_CHUNK)
        if (events.length === EVENTS_A_CHUNK) isStale = true
        if (events.length > 0) {
          seen = events.at(-1)!.seq
          return events.map(toText).join('')
        }
        if (waited && !isStale) return ': still here\n\n'
      }
      await pause()
    }
  }

  const body = new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n${preface}`))
        try {
          stopHearing = await source.hear(wake)
          // The client was faster.
          if (isOver) stopHearing()
        } catch {
          // Deaf, it would only ever send heartbeats. A client that comes back may find somebody who hears.
          finish()
        }
      },
      async pull(controller) {
        const text = await next().catch(() => undefined)
        if (text !== undefined) return controller.enqueue(encoder.encode(text))
        finish()
        controller.close()
      },
      cancel: finish,
    },
    { highWaterMark: 1 },
  )
  return { body, end: finish }
}

const toText = ({ seq, type, data }: LibraryEvent) =>
  `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
