// A small internet of its own for the fetcher: a name server over UDP, an HTTP and an HTTPS server, and canaries, which
// are listeners that nobody may reach. The same code runs on Bun and Deno.
import { execFileSync } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Server, type Socket as TcpSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ipaddr from 'ipaddr.js'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** The addresses of a name; a function may give others each time it is asked. */
export type Zone = Record<string, string[] | (() => string[])>

const A = 1
const AAAA = 28

export interface NameServer {
  resolve(name: string): Promise<string[]>
  /** Names that were asked for, once per record type. */
  asked: string[]
  close(): void
}

/** Answers A and AAAA from `zone`, and NXDOMAIN for other names; a name whose list says `silent` gets no answer. */
export async function startNameServer(zone: Zone): Promise<NameServer> {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query)
    asked.push(name)
    const entry = zone[name]
    const addresses = typeof entry === 'function' ? entry() : entry
    if (addresses?.includes('silent')) return
    const records = (addresses ?? []).filter(address => address.includes(':') === (type === AAAA))
    const answers = records.map(address => {
      const data = Buffer.from(ipaddr.parse(address).toByteArray())
      return Buffer.concat([Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length]), data])
    })
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(addresses ? 0x8180 : 0x8183, 2)
    head.writeUInt16BE(answers.length, 6)
    head.writeUInt32BE(0, 8)
    socket.send(Buffer.concat([head, query.subarray(12, end), ...answers]), from.port, from.address)
  })
  await bound(socket)
  const resolvers = new Set<Resolver>()
  return {
    asked,
    async resolve(name) {
      // A new one each time, since it remembers answers.
      const resolver = new Resolver({ timeout: 5000, tries: 1 })
      resolver.setServers([`127.0.0.1:${socket.address().port}`])
      resolvers.add(resolver)
      const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
      const addresses = found.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []))
      if (addresses.length === 0 && found[0].status === 'rejected') throw found[0].reason
      return addresses
    },
    close() {
      for (const resolver of resolvers) resolver.cancel()
      socket.close()
    },
  }
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return {
    name: labels.join('.').toLowerCase(),
    type: query.readUInt16BE(at + 1) === A ? A : AAAA,
    end: at + 5,
  }
}

const bound = (socket: Socket) => new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))

export interface Listener {
  port: number
  close(): void
}

/** Counts whoever connects, on one port of 127.0.0.1 and, where there is one, of ::1. */
export async function startCanary(): Promise<Listener & { touched: () => number }> {
  let touched = 0
  const touch = (socket: TcpSocket) => {
    touched++
    socket.destroy()
  }
  const first = await listen(createTcp(touch))
  const second = createTcp(touch).on('error', () => {})
  second.listen(first.port, '::1')
  return {
    port: first.port,
    touched: () => touched,
    close() {
      first.close()
      second.close()
    },
  }
}

/** A bare TCP server: `talk` gets each connection once it has said something. */
export const startTcp = (talk: (socket: TcpSocket) => void): Promise<Listener> =>
  listen(
    createTcp(socket => {
      socket.on('error', () => {})
      socket.once('data', () => talk(socket))
    }),
  )

export const startHttp = (handler: Handler): Promise<Listener> => listen(createHttp(handler))

export interface Certificate {
  ca: string
  key: string
  cert: string
}

/** A certificate for `names` (as in `DNS:good.test`), by an authority made for it with the openssl command. */
export function makeCertificate(names: string): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'))
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  try {
    writeFileSync(at('names'), `subjectAltName=${names}\n`)
    openssl(
      'req',
      '-x509',
      ...fresh,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=Test CA',
      '-days',
      '2',
    )
    openssl('req', ...fresh, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', '/CN=test')
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2']
    openssl('x509', '-req', '-in', 'request.pem', '-out', 'cert.pem', ...by)
    const read = (name: string) => readFileSync(at(name), 'utf8')
    return { ca: read('ca.pem'), key: read('key.pem'), cert: read('cert.pem') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const startHttps = (certificate: Certificate, handler: Handler): Promise<Listener> =>
  listen(createHttps({ key: certificate.key, cert: certificate.cert }, handler))

async function listen(server: Server): Promise<Listener> {
  const open = new Set<TcpSocket>()
  server.on('connection', (socket: TcpSocket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
