// A log line is a sentence plus the same facts as fields: JSON in production, readable on a terminal.
import { pino } from 'pino'
import type { GroundConfig } from '../variables.ts'
import { createRedact } from './redact.ts'

type Level = 'debug' | 'info' | 'warn' | 'error'
type Facts = Record<string, unknown>

export type Log = Record<Level, (sentence: string, facts?: Facts) => void>

/**
 * Lines below `LOG_LEVEL` are dropped; errors among the facts become their message and stack. Secrets are taken out of
 * the finished line, so that none is kept because somebody did not think of it.
 */
export function createLog(
  config: Pick<GroundConfig, 'LOG_LEVEL' | 'ENVIRONMENT'> & Partial<GroundConfig>,
  write: (line: string) => void = line => process.stdout.write(`${line}\n`),
): Log {
  const format = config.ENVIRONMENT === 'production' ? (line: string) => line : asText
  const logger = pino(
    {
      level: config.LOG_LEVEL,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: level => ({ level }) },
      hooks: { streamWrite: createRedact(config) },
    },
    { write: line => write(format(line.trimEnd())) },
  )
  const at =
    (level: Level) =>
    (sentence: string, facts: Facts = {}) =>
      logger[level](plain(facts), sentence)
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function asText(json: string): string {
  const { timestamp, level, message, stack, ...facts } = JSON.parse(json)
  const fields = Object.entries(facts).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const line = [timestamp.slice(11, 23), level.toUpperCase().padEnd(5), message, ...fields].join(' ')
  return stack ? `${line}\n${stack}` : line
}

function plain({ error, ...facts }: Facts): Facts {
  if (error === undefined) return facts
  if (!(error instanceof Error)) return { ...facts, error: String(error) }
  return { ...facts, error: error.message, stack: error.stack }
}
