// Stands between clients and their database, and cuts connections as a network does: with a reset, which is an error for
// whoever still reads or writes, or with an orderly end.
import { connect, createServer, type Socket } from 'node:net'

export type Cut = 'reset' | 'end'

/** What a connection is about to carry. */
export interface Passing {
  from: 'client' | 'server'
  chunk: Buffer
  /** How much came from there on this connection, this chunk included. */
  bytes: number
  /** Which chunk of this connection it is, from either side, counted from one. */
  nth: number
}

export interface CuttingProxy {
  /** The same database, through it. */
  url: string
  /** Is asked about all that passes; an answer cuts that connection, and the chunk does not arrive. */
  judge: (passing: Passing) => Cut | undefined
  /** While true, whatever clients send is swallowed. */
  isSilent: boolean
  /** Cuts every connection. @returns how many those were */
  cut(how: Cut): number
  close(): Promise<void>
}

/** @param url the address of a database, over TCP */
export async function startCuttingProxy(url: string): Promise<CuttingProxy> {
  const target = new URL(url)
  const cuts = new Set<(how: Cut) => void>()

  const server = createServer(client => {
    const database = connect(Number(target.port), target.hostname)
    let nth = 0
    const cut = (how: Cut) => {
      cuts.delete(cut)
      if (how === 'reset') client.resetAndDestroy()
      else client.end()
      database.destroy()
    }
    cuts.add(cut)
    const carry = (from: Passing['from'], source: Socket, sink: Socket) => {
      let bytes = 0
      source.on('data', (chunk: Buffer) => {
        if (proxy.isSilent || !cuts.has(cut)) return
        bytes += chunk.length
        const how = proxy.judge({ from, chunk, bytes, nth: ++nth })
        if (how) cut(how)
        else sink.write(chunk)
      })
      source.on('error', () => sink.destroy())
      source.on('close', () => {
        cuts.delete(cut)
        sink.end()
      })
    }
    carry('client', client, database)
    carry('server', database, client)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const own = new URL(url)
  own.hostname = '127.0.0.1'
  own.port = String((server.address() as { port: number }).port)

  const proxy: CuttingProxy = {
    url: own.href,
    judge: () => undefined,
    isSilent: false,
    cut: how => {
      const all = [...cuts]
      for (const cut of all) cut(how)
      return all.length
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        proxy.cut('reset')
      }),
  }
  return proxy
}
