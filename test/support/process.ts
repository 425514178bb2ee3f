// The server as a process of its own, as an operator runs it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export type Runtime = 'bun' | 'deno'
const OWN: Runtime = 'Deno' in globalThis ? 'deno' : 'bun'
const ARGUMENTS: Record<Runtime, string[]> = {
  bun: [],
  deno: ['run', '--allow-all', '--no-lock', '--unstable-no-legacy-abort'],
}

export interface Started {
  child: ChildProcess
  /** All that it has printed until now. */
  printed: () => string
  /** Resolves when it has printed this, rejects when it ends before. */
  until(pattern: RegExp): Promise<RegExpMatchArray>
  /** Where it answers, as it printed that when it was ready: http://host:port */
  address(): Promise<string>
  exit: Promise<number | null>
}

/**
 * Starts src/main.ts on a free port with `env` and nothing else of the caller's environment.
 * @param runtime that of the caller, unless another is named; scripts/run.sh puts both on the path
 * @param words what follows the program
 */
export function startProcess(
  env: Record<string, string>,
  runtime: Runtime = OWN,
  words: string[] = [],
): Started {
  const program = runtime === OWN ? process.execPath : runtime
  const child = spawn(program, [...ARGUMENTS[runtime], 'src/main.ts', ...words], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', PORT: '0', ...env },
  })
  let output = ''
  const heard = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream!.on('data', data => {
      output += data
      for (const look of heard) look()
    })
  }
  const exit = once(child, 'close').then(([code]) => code as number | null)
  const until: Started['until'] = pattern => {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpMatchArray>()
    const look = () => {
      const found = output.match(pattern)
      if (found) resolve(found)
    }
    heard.add(look)
    look()
    exit.then(() => reject(new Error(`It ended before it printed ${pattern}:\n${output}`)))
    return promise.finally(() => heard.delete(look))
  }
  return {
    child,
    exit,
    until,
    address: async () => (await until(/API +(http:\S+)\/v1/))[1]!,
    printed: () => output,
  }
}
