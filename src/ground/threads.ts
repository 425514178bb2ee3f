// One way to talk to a worker thread. What would block the event loop for more than a few milliseconds runs
// in a thread: a blocked loop stops heartbeats, and a job whose heartbeat stops is given to another worker.
import { setPriority } from 'node:os'
import process from 'node:process'
import { MessageChannel, type MessagePort, parentPort, Worker } from 'node:worker_threads'

interface Call {
  id: number
  request: unknown
}

/** A port that closes when the thread ends. */
interface Lifeline {
  lifeline: MessagePort
}

interface Reply {
  id: number
  response?: unknown
  error?: string
}

/** A running thread. `call` rejects when the handler throws, or when the thread dies before it answers. */
export interface Thread<Request, Response> {
  call(request: Request, transfer?: ArrayBuffer[]): Promise<Response>
  close(): Promise<void>
}

/** A thread whose end can be watched. */
export interface WorkerThread<Request, Response> extends Thread<Request, Response> {
  /** Resolves when the thread has ended in truth: `close` may say so before, of one that is still at work. */
  ended: Promise<void>
  /** Whether it takes no more calls. */
  isDead(): boolean
}

/**
 * Starts the module at `url` in a thread of its own; it must call `serveThread`.
 * Calls are queued by the thread in the order in which they were made.
 * @param data handed to the module as `workerData`
 * @param memoryMb what its heap may grow to; Deno stops it there without a word, Bun knows no such limit
 */
export function startThread<Request, Response>(
  url: URL,
  data?: unknown,
  memoryMb?: number,
): WorkerThread<Request, Response> {
  const resourceLimits = memoryMb === undefined ? {} : { maxOldGenerationSizeMb: memoryMb }
  const worker = new Worker(url, { workerData: data, resourceLimits })
  // Deno's `exit` comes at once, though a thread that is at work goes on with it; the port closes with its thread.
  const { port1: near, port2: far } = new MessageChannel()
  const ended = new Promise<void>(resolve => near.on('close', resolve))
  // Deno tells it to those alone who listen for messages.
  near.on('message', () => {})
  near.unref()
  worker.postMessage({ lifeline: far } satisfies Lifeline, [far])
  const waiting = new Map<number, { resolve: (value: Response) => void; reject: (error: Error) => void }>()
  let nextId = 0
  let dead: Error | undefined

  const die = (error: Error) => {
    dead ??= error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', (reply: Reply) => {
    const call = waiting.get(reply.id)
    if (!call) return
    waiting.delete(reply.id)
    if (reply.error === undefined) call.resolve(reply.response as Response)
    else call.reject(new Error(reply.error))
  })
  worker.on('error', die)
  worker.on('exit', code =>
    die(new Error(`The thread ${url.pathname.split('/').pop()} ended with code ${code}`)),
  )

  return {
    call: (request, transfer = []) =>
      new Promise((resolve, reject) => {
        if (dead) return reject(dead)
        const id = nextId++
        waiting.set(id, { resolve, reject })
        worker.postMessage({ id, request } satisfies Call, transfer)
      }),
    close: async () => {
      die(new Error('The thread was closed'))
      await worker.terminate()
    },
    ended,
    isDead: () => dead !== undefined,
  }
}

// Nobody reads it: what is not held may be collected, and would close.
const held: MessagePort[] = []

/** Called once by a thread's module: answers every call with `handle`, one after the other. */
export function serveThread<Request, Response>(
  handle: (request: Request) => Promise<Response> | Response,
): void {
  const port = parentPort
  if (!port) throw new Error('serveThread runs inside a worker thread only')
  let queue = Promise.resolve()
  port.on('message', (message: Call | Lifeline) => {
    if ('lifeline' in message) {
      held.push(message.lifeline)
      return
    }
    const { id, request } = message
    queue = queue.then(async () => {
      try {
        const response = await handle(request as Request)
        port.postMessage({ id, response } satisfies Reply)
      } catch (error) {
        port.postMessage({
          id,
          error: error instanceof Error ? error.message : String(error),
        } satisfies Reply)
      }
    })
  })
}

/** Called by a thread whose work nobody waits for: requests go first. Only Linux gives a thread a priority of its own. */
export function giveWay(): void {
  if (process.platform === 'linux') setPriority(10)
}
