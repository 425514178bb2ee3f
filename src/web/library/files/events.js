// What happens in the library, as it happens: Server-Sent Events read by fetch, since EventSource cannot send a token.
import { endSession, session } from './api.js'

/** The server says something at least every 15 seconds. */
const LONGEST_SILENCE_MS = 40_000
const LONGEST_PAUSE_MS = 30_000
/** A stream that ends sooner counts as a failure, or one that ends at once would be asked for without a pause. */
const SHORTEST_MS = 5000

/**
 * Follows the stream until `stop` is called, or the token is no longer good. It comes back by itself, ever later,
 * and goes on after the last event.
 * @param onEvent called with the type and data of each
 * @param onState called with true when it is open, false when it is not
 */
export function follow(onEvent, onState) {
  let last
  let failures = 0
  let isOver = false
  let current = new AbortController()
  let hurry = () => {}

  /** @returns for how many seconds the server asks to be left alone */
  async function read() {
    current = new AbortController()
    let silence
    const watch = () => {
      clearTimeout(silence)
      silence = setTimeout(() => current.abort(), LONGEST_SILENCE_MS)
    }
    try {
      watch()
      const { token } = session()
      const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' }
      if (last !== undefined) headers['last-event-id'] = last
      const response = await fetch('/v1/events', { headers, cache: 'no-store', signal: current.signal })
      if (response.status === 401) {
        if (!(await endSession(token))) stop()
        return
      }
      if (!response.ok) {
        failures++
        return Number(response.headers.get('retry-after')) || 0
      }
      const opened = performance.now()
      onState(true)
      try {
        await hearAll(response.body, watch)
      } finally {
        failures = performance.now() - opened > SHORTEST_MS ? 0 : failures + 1
      }
    } finally {
      clearTimeout(silence)
    }
  }

  async function hearAll(body, watch) {
    let rest = ''
    for await (const text of texts(body)) {
      watch()
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop()
      for (const block of blocks) hear(block)
    }
  }

  function hear(block) {
    const fields = {}
    for (const line of block.split('\n')) {
      const at = line.indexOf(': ')
      if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2)
    }
    if (fields.id !== undefined) last = fields.id
    if (fields.event) onEvent(fields.event, JSON.parse(fields.data ?? '{}'))
  }

  async function keepReading() {
    while (!isOver) {
      const before = failures
      const seconds = await read().catch(() => {
        if (failures === before) failures++
      })
      if (isOver) return
      onState(false)
      const pause = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures) * (0.5 + Math.random() / 2)
      await new Promise(resolve => {
        hurry = resolve
        setTimeout(resolve, Math.max(pause, (seconds ?? 0) * 1000))
      })
    }
  }

  const again = () => hurry()
  addEventListener('online', again)
  const stop = () => {
    isOver = true
    removeEventListener('online', again)
    current.abort()
  }
  keepReading()
  return stop
}

async function* texts(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
