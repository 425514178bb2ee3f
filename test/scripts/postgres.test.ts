import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { findPostgres, type RunningPostgres, startPostgres } from '../../scripts/postgres.ts'

const SCRIPT = 'scripts/postgres.ts'

function connect(url: string) {
  return postgres(url, { max: 1, onnotice: () => {} })
}

function script(command: string[]): ChildProcess {
  return spawn(process.execPath, [SCRIPT, ...command], { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The process of the server under `dataDir`, which the first line of its pid file names. */
function serverOf(dataDir: string): number {
  return Number.parseInt(readFileSync(`${dataDir}/postmaster.pid`, 'utf8'), 10)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(20)
}

describe.skipIf(!findPostgres())('a throw-away PostgreSQL', () => {
  let server: RunningPostgres
  let pid: number

  beforeAll(async () => {
    server = await startPostgres()
    pid = serverOf(server.dataDir)
  })
  afterAll(() => server?.stop())

  test('keeps what it commits, listens on this machine alone and has pgvector', async () => {
    const sql = connect(server.url)
    try {
      const [settings] = await sql`
        select current_setting('fsync') as fsync, current_setting('listen_addresses') as addresses,
          current_setting('port')::int as port, current_setting('server_encoding') as encoding`
      expect(settings).toEqual({
        fsync: 'on',
        addresses: '127.0.0.1',
        port: Number(new URL(server.url).port),
        encoding: 'UTF8',
      })
      await sql`create extension vector`
      const [distance] = await sql`select '[1,0]'::vector <=> '[0,1]'::vector as cosine`
      expect(distance?.cosine).toBe(1)
    } finally {
      await sql.end()
    }
  })

  test('lets nobody in without the password', async () => {
    const wrong = new URL(server.url)
    wrong.password = 'wrong'
    const sql = connect(wrong.href)
    expect(await sql`select 1`.catch(error => error.code)).toBe('28P01')
    await sql.end()
  })

  test('writes the SQLSTATE of what fails into its log', async () => {
    const sql = connect(server.url)
    expect(await sql`select 1 / 0`.catch(error => error.code)).toBe('22012')
    await sql.end()
    expect(readFileSync(server.logFile, 'utf8')).toMatch(/\[\d+\] 22012 ERROR: {2}division by zero/)
  })

  test('is gone with its folder when stopped, and can be stopped twice', async () => {
    expect(isAlive(pid)).toBe(true)
    await server.stop()
    await untilGone(pid)
    expect(existsSync(dirname(server.dataDir))).toBe(false)
    await server.stop()
  })
})

describe.skipIf(!findPostgres())('the command scripts/postgres.ts', () => {
  const runTheirs = ['-e', 'console.log(process.env.TEST_DATABASE_URL); process.exit(7)']

  test('runs a command beside a server and passes its exit code on', async () => {
    const child = script([process.execPath, ...runTheirs])
    let printed = ''
    child.stdout?.on('data', chunk => {
      printed += chunk
    })
    const [code] = await once(child, 'close')
    expect(code).toBe(7)
    expect(printed).toMatch(/^postgres:\/\/trove:\w+@127\.0\.0\.1:\d+\/postgres\n$/)
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('leaves no server behind after %s', async signal => {
    const child = script([])
    const ended = once(child, 'exit')
    const lines = createInterface({ input: child.stderr! })
    const [line] = (await once(lines, 'line')) as [string]
    const folder = dirname(/The log is (\S+)\. /.exec(line)?.[1] ?? '')
    const pid = serverOf(`${folder}/data`)
    expect(isAlive(pid)).toBe(true)

    child.kill(signal)
    await ended
    await untilGone(pid)
    // Nobody is left to tidy up after SIGKILL, but the kernel still ends the server.
    expect(existsSync(folder)).toBe(signal === 'SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
})
