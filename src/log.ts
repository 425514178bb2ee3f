// A log line is a sentence plus the same facts as fields: JSON in production, readable on a terminal.
import type { Config } from './config.ts'

const LEVELS = ['debug', 'info', 'warn', 'error'] as const
type Level = (typeof LEVELS)[number]
type Facts = Record<string, unknown>

export type Log = Record<Level, (sentence: string, facts?: Facts) => void>

/** Lines below `LOG_LEVEL` are dropped; errors among the facts become their message and stack. */
export function createLog(
  config: Pick<Config, 'LOG_LEVEL' | 'ENVIRONMENT'>,
  write: (line: string) => void = line => process.stdout.write(`${line}\n`),
): Log {
  const least = LEVELS.indexOf(config.LOG_LEVEL)
  const format = config.ENVIRONMENT === 'production' ? asJson : asText
  const logger =
    (level: Level) =>
    (sentence: string, facts: Facts = {}) => {
      if (LEVELS.indexOf(level) >= least) write(format(level, sentence, plain(facts)))
    }
  return { debug: logger('debug'), info: logger('info'), warn: logger('warn'), error: logger('error') }
}

const asJson = (level: Level, message: string, facts: Facts) =>
  JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...facts })

function asText(level: Level, message: string, { stack, ...facts }: Facts): string {
  const fields = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const time = new Date().toISOString().slice(11, 23)
  const line = [time, level.toUpperCase().padEnd(5), message, ...fields].join(' ')
  return stack ? `${line}\n${stack}` : line
}

function plain({ error, ...facts }: Facts): Facts {
  if (error === undefined) return facts
  if (!(error instanceof Error)) return { ...facts, error: String(error) }
  return { ...facts, error: error.message, stack: error.stack }
}
