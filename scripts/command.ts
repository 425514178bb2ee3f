// Running a program under this one: its output is this terminal's, and a signal ends it first.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'

const GRACE_MS = 5_000
const PARENT_CHECK_MS = 500

interface Running {
  child: ChildProcess
  ended: Promise<number>
  /** A negative id names the process and all that it started in its group. */
  target: number
}

const running = new Set<Running>()

/**
 * Runs `command` to its end and resolves with its exit code (128 + number when a signal ended it, 127 when it
 * could not be started).
 * @param options.group give it a process group of its own, so that a signal reaches what it started too; it
 * then has no terminal to ask questions on.
 * @param options.output a file that takes what it prints, instead of this terminal.
 */
export async function runCommand(
  command: string[],
  options: { env?: Record<string, string | undefined>; group?: boolean; output?: string } = {},
): Promise<number> {
  const [file = '', ...args] = command
  const group = options.group ?? false
  const printed = options.output === undefined ? 'inherit' : openSync(options.output, 'w')
  const child = spawn(file, args, {
    stdio: ['inherit', printed, printed],
    env: options.env ?? process.env,
    detached: group,
  })
  if (typeof printed === 'number') closeSync(printed)
  const ended = new Promise<number>(resolve => {
    child.once('error', error => {
      console.error(`Could not start ${file}: ${error.message}`)
      resolve(127)
    })
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
  if (child.pid === undefined) return ended
  const entry: Running = { child, ended, target: group ? -child.pid : child.pid }
  running.add(entry)
  try {
    return await ended
  } finally {
    running.delete(entry)
    // What a group leaves behind when its leader has ended is nobody's any more.
    if (group) send(entry, 'SIGKILL')
  }
}

/** On SIGINT, SIGTERM or SIGHUP: ends what runs, then this process, whose `exit` listeners clean up. */
export function exitOnSignals(): void {
  onFirstSignal(async signal => {
    await Promise.all([...running].map(entry => end(entry, signal)))
    process.exit(128 + constants.signals[signal])
  })
}

/**
 * Calls `act` once: on the first SIGINT, SIGTERM or SIGHUP, which then end nothing by themselves.
 * Under npm also when npm is gone, since it keeps a SIGTERM to itself.
 */
export function onFirstSignal(act: (signal: NodeJS.Signals) => void): void {
  let isOver = false
  const once = (signal: NodeJS.Signals) => {
    if (isOver) return
    isOver = true
    act(signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => once(signal))
  if (process.env.npm_lifecycle_event === undefined) return
  const npm = process.ppid
  setInterval(() => process.ppid !== npm && once('SIGTERM'), PARENT_CHECK_MS).unref()
}

async function end(entry: Running, signal: NodeJS.Signals): Promise<void> {
  send(entry, signal)
  const timer = setTimeout(() => send(entry, 'SIGKILL'), GRACE_MS)
  await entry.ended
  clearTimeout(timer)
}

function send({ target }: Running, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal)
  } catch {
    // It has ended already.
  }
}
