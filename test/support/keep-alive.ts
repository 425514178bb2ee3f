// One HTTP/1.1 connection that is kept, and opened anew only when the server has said that it ends. Unlike fetch it asks
// nothing twice: a connection that is cut short is an error.
import { connect, type Socket } from 'node:net'

export interface KeptConnection {
  /** @throws when the connection ends before the whole answer is there */
  ask(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<RawAnswer>
  /** How many connections it has opened. */
  opened(): number
  close(): void
}

export interface RawAnswer {
  status: number
  headers: Record<string, string>
  text: string
}

export function keepConnection(port: number): KeptConnection {
  let socket: Socket | undefined
  let opened = 0
  let received = ''
  let heard = () => {}
  let failed: (error: Error) => void = () => {}

  const open = (): Socket => {
    const fresh = connect(port, '127.0.0.1')
    opened++
    received = ''
    fresh.setEncoding('latin1')
    fresh.on('data', (data: string) => {
      received += data
      heard()
    })
    // What an idle connection is told is no fault: the next question opens another.
    const gone = (error: Error) => {
      if (socket !== fresh) return
      socket = undefined
      failed(error)
    }
    fresh.on('end', () => gone(new Error('The connection ended before the answer was there')))
    fresh.on('error', gone)
    return fresh
  }

  return {
    opened: () => opened,
    close: () => socket?.destroy(),
    ask: async (method, path, headers = {}, body = '') => {
      socket ??= open()
      const mine = socket
      const lines = [
        `${method} ${path} HTTP/1.1`,
        'host: 127.0.0.1',
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        `content-length: ${Buffer.byteLength(body)}`,
      ]
      const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>()
      failed = reject
      heard = () => {
        const answer = parse(received)
        if (answer) resolve(answer)
      }
      mine.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
      const answer = await promise.finally(() => {
        failed = () => {}
        heard = () => {}
        received = ''
      })
      if (answer.headers.connection?.toLowerCase() === 'close') {
        socket = undefined
        mine.end()
      }
      return answer
    },
  }
}

/** The answer, when all of it is there (RFC 9112, section 6). */
function parse(received: string): RawAnswer | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = received.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(
    lines.map(line => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
  const rest = received.slice(end + 4)
  const status = Number(first.split(' ')[1])
  if (headers['transfer-encoding'] === 'chunked') {
    if (!rest.endsWith('0\r\n\r\n')) return undefined
    let text = ''
    for (let at = 0; ; ) {
      const line = rest.indexOf('\r\n', at)
      const length = Number.parseInt(rest.slice(at, line), 16)
      if (length === 0) return { status, headers, text }
      text += rest.slice(line + 2, line + 2 + length)
      at = line + 2 + length + 2
    }
  }
  const length = Number(headers['content-length'] ?? 0)
  return rest.length < length ? undefined : { status, headers, text: rest.slice(0, length) }
}
