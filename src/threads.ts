// One way to talk to a worker thread. What would block the event loop for more than a few milliseconds runs
// in a thread: a blocked loop stops heartbeats, and a job whose heartbeat stops is given to another worker.
import { setPriority } from 'node:os'
import process from 'node:process'
import { parentPort, Worker } from 'node:worker_threads'

interface Call {
  id: number
  request: unknown
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

/**
 * Starts the module at `url` in a thread of its own; it must call `serveThread`.
 * Calls are queued by the thread in the order in which they were made.
 * @param data handed to the module as `workerData`
 */
export function startThread<Request, Response>(url: URL, data?: unknown): Thread<Request, Response> {
  const worker = new Worker(url, { workerData: data })
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
  }
}

/** Called once by a thread's module: answers every call with `handle`, one after the other. */
export function serveThread<Request, Response>(
  handle: (request: Request) => Promise<Response> | Response,
): void {
  const port = parentPort
  if (!port) throw new Error('serveThread runs inside a worker thread only')
  let queue = Promise.resolve()
  port.on('message', ({ id, request }: Call) => {
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
