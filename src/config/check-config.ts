// `--check-config`: what a start would find, without a start. For an operator before a deployment.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, ConfigError, readConfig, readGiven, SECRET_NAMES, VARIABLE_NAMES } from './config.ts'
import { showValue } from './show-value.ts'

const HIDDEN = '(hidden)'

/**
 * Reads the configuration as the start does, and tells what each variable is and where that comes from, a line each,
 * with secrets hidden. Opens no database and writes nothing.
 * @throws {ConfigError} with everything that is wrong
 */
export function checkConfig(env?: Record<string, string | undefined>): string {
  const config = readConfig(env)
  const given = readGiven(env)
  const kept = readKeptSecrets(config)
  const rows = VARIABLE_NAMES.map(name => [name, ...describe(name, config, given, kept)])
  const [nameWidth, sourceWidth] = [0, 1].map(column => Math.max(...rows.map(row => row[column]!.length)))
  const lines = rows.map(
    ([name, source, value]) => `${name!.padEnd(nameWidth!)}  ${source!.padEnd(sourceWidth!)}  ${value}`,
  )
  return `${lines.join('\n')}\n\nThe configuration is fine. Nothing was started, and no database was opened.\n`
}

const show = (name: string, value: unknown): string => (showValue(name, value) ?? 'not set') || 'empty'

/** Of an address only what is secret in it: the operator looks for a wrong host there. */
const isHidden = (name: string): boolean => SECRET_NAMES.has(name) && !name.endsWith('_URL')

/** Where the value comes from, and the value as it is shown. */
function describe(
  name: string,
  config: Config,
  given: Record<string, string | undefined>,
  kept: Record<string, unknown> | undefined,
): [string, string] {
  const value = config[name as keyof Config]
  if (given[name] !== undefined) return ['environment', isHidden(name) ? HIDDEN : show(name, value)]
  if (name === 'JWT_SECRET_KEY' || name === 'ADMIN_PASSWORD') {
    return kept?.[name] ? ['secrets.json', HIDDEN] : ['default', 'made at the first start, in secrets.json']
  }
  return ['default', show(name, value)]
}

function readKeptSecrets({ DATA_DIR, JWT_SECRET_KEY, ADMIN_PASSWORD }: Config) {
  const path = join(DATA_DIR, 'secrets.json')
  if ((JWT_SECRET_KEY && ADMIN_PASSWORD) || !existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  } catch {
    throw new ConfigError([`DATA_DIR has a secrets.json that cannot be read: ${path}`])
  }
}
