// A deployment that nobody notices: two API processes behind a balancer are restarted in turn, under load.
// RESTARTS=50 makes fifty of them. Its clients come back within less time than a process is open after its signal: an
// idle connection that is closed in the very moment of a question is for the client to open anew (RFC 9112, 9.3.1).
import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { clientOf } from '../support/app.ts'
import { startBalancer } from '../support/balancer.ts'
import { openTestDatabase, usesRealPostgres } from '../support/database.ts'
import { keepConnection } from '../support/keep-alive.ts'
import { startProcess } from '../support/process.ts'

const RESTARTS = Number(process.env.RESTARTS ?? 6)
const READERS = 4
const SAVERS = 2
const PAUSE_MS = 10
const LOGIN = { email: `${crypto.randomUUID()}@example.com`, password: 'correct horse' }

test.if(usesRealPostgres)(
  'API processes that are restarted in turn reset no connection and answer nothing of the 500s',
  async () => {
    const database = await openTestDatabase()
    const folder = mkdtempSync(join(tmpdir(), 'trove-rolling-'))
    const env = {
      ...database.settings,
      DATA_DIR: folder,
      ROLE: 'api',
      LOG_LEVEL: 'warn',
      RATE_LIMIT_ENABLED: 'false',
    }
    const balancer = await startBalancer()
    const start = async () => {
      const server = startProcess(env)
      const base = await server.address()
      balancer.add(base)
      await balancer.untilReady(base)
      return { server, base }
    }
    const running = [await start(), await start()]
    const { body } = await clientOf(request => fetch(request), {}, running[0]!.base).post(
      '/v1/auth/register',
      LOGIN,
    )
    const authorization = `Bearer ${body.access_token}`
    const json = { authorization, 'content-type': 'application/json' }

    const statuses: Record<string, number> = {}
    const faults: string[] = []
    let lastStop = 0
    let [slowest, isOver, saves] = [0, false, 0]
    const keepAsking = async (
      ask: (connection: ReturnType<typeof keepConnection>) => Promise<{ status: number }>,
      pause: number,
    ) => {
      const connection = keepConnection(balancer.port)
      while (!isOver) {
        const at = performance.now()
        await ask(connection).then(
          ({ status }) => {
            statuses[status] = (statuses[status] ?? 0) + 1
            if (status >= 500) faults.push(`answered ${status}`)
          },
          (error: Error) =>
            faults.push(
              `${Math.round(at - lastStop)}+${Math.round(performance.now() - at)} ms, ${pause}: ${error.message}`,
            ),
        )
        slowest = Math.max(slowest, performance.now() - at)
        await delay(pause)
      }
      connection.close()
      return connection.opened()
    }
    const read = () =>
      keepAsking(connection => connection.ask('GET', '/v1/items?limit=5', { authorization }), PAUSE_MS)
    const save = () =>
      keepAsking(connection => {
        const url = `https://youtu.be/r${String(saves++).padStart(10, '0')}`
        return connection.ask('POST', '/v1/items', json, JSON.stringify({ url }))
      }, PAUSE_MS)
    const signIn = () =>
      keepAsking(
        connection => connection.ask('POST', '/v1/auth/login', json, JSON.stringify(LOGIN)),
        10 * PAUSE_MS,
      )
    const clients = [
      ...Array.from({ length: READERS }, read),
      ...Array.from({ length: SAVERS }, save),
      signIn(),
    ]

    const codes: (number | null)[] = []
    const stops: number[] = []
    const begun = performance.now()
    for (let i = 0; i < RESTARTS; i++) {
      const { server, base } = running[i % 2]!
      const stopped = performance.now()
      lastStop = stopped
      server.child.kill('SIGTERM')
      codes.push(await server.exit)
      stops.push(performance.now() - stopped)
      balancer.remove(base)
      running[i % 2] = await start()
    }
    const seconds = (performance.now() - begun) / 1000
    isOver = true
    const connections = (await Promise.all(clients)).reduce((sum, opened) => sum + opened, 0)
    const rows = await database.sql`select id from user_content_saves`
    balancer.close()
    for (const { server } of running) server.child.kill('SIGINT')
    await Promise.all(running.map(({ server }) => server.exit))
    await database.close()
    rmSync(folder, { recursive: true, force: true })

    stops.sort((a, b) => a - b)
    const told = {
      ...{
        restarts: RESTARTS,
        seconds: Math.round(seconds),
        faults: faults.length,
        connections,
        ...statuses,
      },
      stop_ms: [stops[0]!, stops[stops.length >> 1]!, stops.at(-1)!].map(Math.round),
      slowest_ms: Math.round(slowest),
    }
    console.log(`rolling-restarts: ${JSON.stringify(told)}`)
    expect(faults).toEqual([])
    expect(codes).toEqual(Array(RESTARTS).fill(0))
    expect(rows).toHaveLength(statuses[201]!)
  },
  60_000 + RESTARTS * 15_000,
)
