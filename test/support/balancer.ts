// A load balancer as simple as they come: a new connection goes to a process whose /ready was 200 at the last look, and
// stays there. It retries nothing, so a connection that is cut short is seen by the client.
import { connect, createServer, type Socket } from 'node:net'

const LOOK_MS = 250

export interface Balancer {
  port: number
  /** Takes this address in, or out for good. */
  add(base: string): void
  remove(base: string): void
  /** Resolves when this one gets connections. */
  untilReady(base: string): Promise<void>
  close(): void
}

export async function startBalancer(): Promise<Balancer> {
  const ready = new Map<string, boolean>()
  const sockets = new Set<Socket>()
  const waiting = new Map<string, () => void>()
  let turn = 0

  const look = async (base: string) => {
    const isReady = await fetch(`${base}/ready`, { headers: { connection: 'close' } }).then(
      ({ status }) => status === 200,
      () => false,
    )
    if (!ready.has(base)) return
    ready.set(base, isReady)
    if (isReady) waiting.get(base)?.()
  }
  const timer = setInterval(() => {
    for (const base of ready.keys()) void look(base)
  }, LOOK_MS)

  const server = createServer(client => {
    const bases = [...ready].filter(([, isReady]) => isReady).map(([base]) => base)
    const base = bases[turn++ % bases.length]
    if (!base) return client.destroy()
    const { hostname, port } = new URL(base)
    const process = connect(Number(port), hostname)
    for (const [from, to] of [
      [client, process],
      [process, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => sockets.delete(from))
      from.pipe(to)
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    add: base => void ready.set(base, false),
    remove: base => void ready.delete(base),
    untilReady: base =>
      new Promise(resolve => {
        waiting.set(base, resolve)
        if (ready.get(base)) resolve()
      }),
    close: () => {
      clearInterval(timer)
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
