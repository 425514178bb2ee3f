// What backup, restore and move share: how they end, the programs they run, and room for a while.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Config, ConfigError, readConfig } from '../../src/config/config.ts'
import { LockedError } from '../../src/ground/database/embedded/lock-file.ts'
import { exitOnSignals } from '../command.ts'

// sysexits.h
const EX_USAGE = 64
const EX_TEMPFAIL = 75
const EX_CONFIG = 78

/** Something that is not done, and a sentence that says why and what to do. */
export class Refusal extends Error {}

/** The command line was not understood. */
export class UsageError extends Error {}

/** Runs a tool to its end, exits as the server does, and explains what it refuses without a stack. */
export async function runTool(tool: () => Promise<void>): Promise<never> {
  exitOnSignals()
  try {
    await tool()
    process.exit(0)
  } catch (error) {
    const { message, stack } = error as Error
    const isExplained = [Refusal, UsageError, ConfigError, LockedError].some(kind => error instanceof kind)
    process.stderr.write(`${isExplained ? message : stack}\n`)
    if (error instanceof UsageError) process.exit(EX_USAGE)
    if (error instanceof ConfigError) process.exit(EX_CONFIG)
    process.exit(error instanceof LockedError ? EX_TEMPFAIL : 1)
  }
}

/** The configuration, with a way to the database that no pooler stands in: a dump keeps a session for long. */
export function readToolConfig(env = process.env): Config {
  const { DATABASE_DIRECT_URL, ...config } = readConfig(env)
  return { ...config, DATABASE_URL: DATABASE_DIRECT_URL ?? config.DATABASE_URL, DATABASE_POOL_SIZE: 1 }
}

/** Reads the command line: at most one file, and the named flags. */
export function readArguments<const T extends Record<string, { type: 'string' | 'boolean' }>>(
  options: T,
  usage: string,
) {
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    if (positionals.length > 1) throw new Error('Only one file can be named')
    return { values, file: positionals[0] }
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`)
  }
}

/** A new folder beside `path` that is gone when this process is, unless it is killed. */
export function temporaryFolder(path: string): string {
  const folder = mkdtempSync(`${path}.`)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Program {
  child: ChildProcess
  /** Resolves with all it printed to standard output when it ends well. @throws with what it complained of. */
  ended: Promise<string>
}

/** Starts a program that dies with this one. Its standard output is collected, unless `stdout` is `stream`. */
export function startProgram(
  [file = '', ...args]: string[],
  options: { env?: Record<string, string>; stdout?: 'collect' | 'stream' } = {},
): Program {
  const env = { ...process.env, ...options.env }
  const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  let printed = ''
  let complaint = ''
  if (options.stdout !== 'stream') child.stdout!.on('data', data => (printed += data))
  child.stderr!.on('data', data => (complaint = `${complaint}${data}`.slice(-4000)))
  // What it does not read is its own affair: its exit tells why.
  child.stdin!.on('error', () => {})
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      process.off('exit', end)
      if (code === 0) resolve(printed)
      else reject(new Error(`${file} failed (${code}): ${complaint.trim()}`))
    })
  })
  return { child, ended }
}

/** Runs a program that reads nothing. @returns what it printed. */
export async function runProgram(command: string[], env?: Record<string, string>): Promise<string> {
  const { child, ended } = startProgram(command, env ? { env } : {})
  child.stdin!.end()
  return ended
}
