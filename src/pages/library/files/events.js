// What happens in the library, as it happens: Server-Sent Events read by fetch, since EventSource cannot send a token.
import { session } from './api.js'

/** The server says something at least every 15 seconds. */
const LONGEST_SILENCE_MS = 40_000
const LONGEST_PAUSE_MS = 30_000

/**
 * Follows the stream until `stop` is called. It comes back by itself, ever later, and goes on after the last event.
 * @param onEvent called with the type and data of each
 * @param onState called with true when it is open, false when it is not
 */
export function follow(onEvent, onState) {
  let last
  let failures = 0
  let isOver = false
  let current = new AbortController()

  async function read() {
    current = new AbortController()
    let silence
    const watch = () => {
      clearTimeout(silence)
      silence = setTimeout(() => current.abort(), LONGEST_SILENCE_MS)
    }
    try {
      watch()
      const headers = { authorization: `Bearer ${session().token}`, accept: 'text/event-stream' }
      if (last !== undefined) headers['last-event-id'] = last
      const response = await fetch('/v1/events', { headers, cache: 'no-store', signal: current.signal })
      if (!response.ok) throw new Error(`The stream answered ${response.status}`)
      failures = 0
      onState(true)
      let rest = ''
      for await (const text of texts(response.body)) {
        watch()
        const blocks = (rest + text).split('\n\n')
        rest = blocks.pop()
        for (const block of blocks) hear(block)
      }
    } finally {
      clearTimeout(silence)
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
      await read().catch(() => failures++)
      if (isOver) return
      onState(false)
      const pause = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures)
      await new Promise(resolve => setTimeout(resolve, pause * (0.5 + Math.random() / 2)))
    }
  }

  keepReading()
  return () => {
    isOver = true
    current.abort()
  }
}

async function* texts(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
