// PGlite is one Postgres session; postgres.js and pg-boss open many. This server speaks the wire protocol
// (PostgreSQL documentation, "Message Flow") to all of them and lends them the one session in turns.
// A connection keeps its turn from its first message until Postgres says "ready, outside a transaction".
// Why not @electric-sql/pglite-socket: docs/decisions/0001-embedded-server.md.
import { createServer, type Socket } from 'node:net'
import type { PGlite } from '@electric-sql/pglite'

const SSL_REQUEST = 80877103
const GSS_REQUEST = 80877104
const CANCEL_REQUEST = 80877102
const SYNC_AND_ROLLBACK = Uint8Array.of(0x53, 0, 0, 0, 4, 0x51, 0, 0, 0, 13, ...Buffer.from('rollback\0'))

const code = (letter: string) => letter.charCodeAt(0)
const READY = code('Z')
const NOTIFICATION = code('A')
const TERMINATE = code('X')
/** After these the client waits for ReadyForQuery; after any other it goes on. */
const ENDS_A_ROUND = new Set([code('S'), code('Q')])

class Session {
  readonly socket: Socket
  started = false
  waiting: Buffer[] = []
  endsRound = true
  #partial: Buffer = Buffer.alloc(0)

  constructor(socket: Socket) {
    this.socket = socket
  }

  /** Cuts what came into whole messages. */
  receive(data: Buffer): void {
    let rest = this.#partial.length > 0 ? Buffer.concat([this.#partial, data]) : data
    for (;;) {
      const header = this.started ? 1 : 0
      if (rest.length < header + 4) break
      const end = header + rest.readInt32BE(header)
      if (end < header + 4 || rest.length < end) break
      this.#take(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
    this.#partial = Buffer.from(rest)
  }

  #take(message: Buffer): void {
    if (this.started) {
      if (message[0] === TERMINATE) this.socket.end()
      else this.waiting.push(message)
      return
    }
    const request = message.length >= 8 ? message.readInt32BE(4) : 0
    // No encryption on a socket that only its owner can open; no cancelling, since nothing runs beside a statement.
    if (request === SSL_REQUEST || request === GSS_REQUEST) this.socket.write('N')
    else if (request === CANCEL_REQUEST) this.socket.end()
    else {
      this.started = true
      this.waiting.push(message)
    }
  }

  takeWaiting(): Buffer {
    // A startup message has no letter: its first byte is the high byte of its length, always 0. It is answered alone.
    const messages = this.waiting.splice(0, this.waiting[0]![0] === 0 ? 1 : this.waiting.length)
    const last = messages.at(-1)!
    this.endsRound = last[0] === 0 || ENDS_A_ROUND.has(last[0]!)
    return messages.length === 1 ? last : Buffer.concat(messages)
  }

  send(data: Uint8Array): void {
    if (data.length > 0 && this.socket.writable) this.socket.write(data)
  }
}

/**
 * Serves `db` on the Unix socket `path` to any number of connections.
 * A notification goes to every connection, since LISTEN is a property of the one session; clients ignore
 * channels that they did not ask for.
 */
export async function serveEmbedded(db: PGlite, path: string): Promise<{ close(): Promise<void> }> {
  const sessions = new Set<Session>()
  const line: Session[] = []
  let holder: Session | undefined
  let running = false

  async function run(session: Session, input: Uint8Array): Promise<void> {
    const output = await db.execProtocolRaw(input).catch((error: Error) => {
      process.stderr.write(`The embedded database failed: ${error.message}\n`)
    })
    if (!output) {
      // Not an SQL error, which is an answer: the backend itself broke off, and the client must begin again.
      holder = undefined
      session.socket.destroy()
      return
    }
    const { own, notifications, isIdle } = sortMessages(output)
    session.send(own)
    for (const notification of notifications) for (const each of sessions) each.send(notification)
    holder = session.endsRound && isIdle ? undefined : session
  }

  async function serveLine(): Promise<void> {
    if (running) return
    running = true
    for (;;) {
      const session = holder ?? line.shift()
      if (!session || (session === holder && session.waiting.length === 0 && sessions.has(session))) break
      if (!sessions.has(session)) {
        // The client went away in the middle of its turn: what it began is undone.
        if (session === holder) {
          session.endsRound = true
          await run(session, SYNC_AND_ROLLBACK)
        }
      } else if (session.waiting.length > 0) {
        await run(session, session.takeWaiting())
        if (session.waiting.length > 0 && session !== holder) line.push(session)
      }
    }
    running = false
  }

  const server = createServer(socket => {
    const session = new Session(socket)
    sessions.add(session)
    socket.on('data', (data: Buffer) => {
      session.receive(data)
      if (session.waiting.length > 0 && session !== holder) line.push(session)
      void serveLine()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sessions.delete(session)
      void serveLine()
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  return {
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const { socket } of sessions) socket.destroy()
      }),
  }
}

/** Splits what the backend answered into notifications and the rest, and tells whether it ended idle. */
function sortMessages(output: Uint8Array): { own: Uint8Array; notifications: Uint8Array[]; isIdle: boolean } {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength)
  const notifications: Uint8Array[] = []
  const kept: Uint8Array[] = []
  let isIdle = false
  for (let start = 0; start + 5 <= output.length; ) {
    const end = start + 1 + view.getInt32(start + 1)
    const message = output.subarray(start, end)
    if (output[start] === NOTIFICATION) notifications.push(message.slice())
    else {
      kept.push(message)
      isIdle = output[start] === READY && output[start + 5] === code('I')
    }
    start = end
  }
  return { own: notifications.length > 0 ? Buffer.concat(kept) : output, notifications, isIdle }
}
