// The example that teaches how to follow a save is run to its end, on both runtimes, against Trove as a process.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Simulator, startPlatformSimulator } from '../simulators/platforms.ts'
import { type Started, startProcess } from '../support/process.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const EXAMPLE = 'docs/examples/follow-a-save.ts'
const DENO = join(ROOT, 'node_modules/deno/deno')
const LONGEST_RUN_MS = 90_000

const RUNTIMES: [string, string[]][] = [
  ['Bun', [process.execPath, EXAMPLE]],
  ['Deno', [DENO, 'run', '--allow-net', '--allow-env', '--no-lock', EXAMPLE]],
]

/** A port that nobody has: the example's receiver must be allowed before it starts. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

let folder: string
let simulator: Simulator
let trove: Started
let base: string
let port: number
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trove-example-'))
  simulator = await startPlatformSimulator()
  port = await freePort()
  const allowed = [simulator.env.FETCH_ALLOW_HOSTS, `127.0.0.1:${port}`].filter(Boolean).join()
  const settings = { DATA_DIR: folder, FETCH_ALLOW_HOSTS: allowed, RATE_LIMIT_ENABLED: 'false' }
  trove = startProcess({ ...simulator.env, ...settings })
  base = await trove.address()
  await trove.until(/The database is embedded/)
})
afterAll(async () => {
  trove.child.kill('SIGTERM')
  await trove.exit
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
})

async function run([program, ...args]: string[], env: Record<string, string>) {
  const child = spawn(program!, args, {
    cwd: ROOT,
    timeout: LONGEST_RUN_MS,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, BASE_URL: base, ...env },
  })
  let printed = ''
  let errors = ''
  child.stdout.on('data', data => {
    printed += data
  })
  child.stderr.on('data', data => {
    errors += data
  })
  const [code] = await once(child, 'close')
  return { code, errors, lines: printed.trim().split('\n') }
}

describe.each(RUNTIMES)('a save can be followed on %s', (runtime, command) => {
  // Contents are shared, so each run saves a link of its own.
  const video = () => simulator.videos[runtime === 'Bun' ? 0 : 1]!
  const env = () => ({ RECEIVER_PORT: String(port), LINK: `https://youtu.be/${video().video_id}` })
  let lines: string[]
  const of = (way: string) => lines.filter(line => line.startsWith(way))
  test(
    'from POST to its end, with nothing on the error output',
    async () => {
      const { code, errors, lines: printed } = await run(command, env())
      lines = printed
      expect({ code, errors }).toEqual({ code: 0, errors: '' })
      expect(of('saved')).toHaveLength(1)
    },
    LONGEST_RUN_MS,
  )

  test('by asking for its job until it is done', () => {
    const progress = of('job').map(line => Number(/(\d+) %$/.exec(line)![1]))
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect(of('job').at(-1)).toBe('job      done 100 %')
  })

  test('by the stream, which goes on after a lost connection without a gap', () => {
    expect(of('events')).toEqual([
      'events   1 job.progress understanding',
      'events   connection closed, going on after 1',
      'events   2 job.progress embedding',
      'events   3 content.ready READY',
    ])
  })

  test('by a webhook whose signature is right', () => {
    expect(of('webhook')).toEqual([`webhook  content.ready READY "${video().title}", signature verified`])
  })

  test('unless somebody had saved the link before: then there is nothing to follow', async () => {
    const { code, errors, lines: printed } = await run(command, env())
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(printed).toHaveLength(2)
    expect(printed[1]).toStartWith('saved    it is READY already')
  })
})

test('the example fails with the reason when Trove may not call the receiver', async () => {
  const forbidden = await freePort()
  const { code, errors } = await run(RUNTIMES[0]![1], { RECEIVER_PORT: String(forbidden) })
  expect(code).toBe(1)
  expect(errors).toContain('The address must be one that the public internet reaches')
})
