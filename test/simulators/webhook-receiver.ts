// A receiver of webhooks that answers as it is told, and remembers what it got.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  path: string
  headers: Record<string, string>
  body: string
}

/** A status; `hang` leaves the request without an answer until `close`; a redirect goes to `/elsewhere`. */
export type Behaviour = number | 'hang'

export interface Receiver {
  /** `127.0.0.1:port`, for FETCH_ALLOW_HOSTS. */
  host: string
  url: string
  received: Received[]
  /** What is answered from now on. */
  answer: Behaviour
  /** What it says besides. */
  headers: Record<string, string>
  /** Resolves when so many requests have come in all. */
  until(count: number): Promise<void>
  close(): Promise<void>
}

export async function startReceiver(answer: Behaviour = 204): Promise<Receiver> {
  const waiting: { count: number; resolve: () => void }[] = []
  const hanging: ServerResponse[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const headers = request.headers as Record<string, string>
    receiver.received.push({ path: request.url ?? '', headers, body })
    if (receiver.answer === 'hang') hanging.push(response)
    else {
      response.writeHead(receiver.answer, { location: '/elsewhere', ...receiver.headers })
      response.end()
    }
    for (const { count, resolve } of waiting) if (receiver.received.length >= count) resolve()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const receiver: Receiver = {
    host,
    url: `http://${host}/hook`,
    received: [],
    answer,
    headers: {},
    until: count => {
      const { promise, resolve } = Promise.withResolvers<void>()
      if (receiver.received.length >= count) resolve()
      else waiting.push({ count, resolve })
      return promise
    },
    close: async () => {
      for (const response of hanging) response.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return receiver
}
