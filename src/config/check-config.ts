// `--check-config`: what a start would find, without a start. For an operator before a deployment.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, ConfigError, readConfig, readGiven, VARIABLE_NAMES } from './config.ts'

/** Never shown, not even a part. By their names, so that one which is added later is hidden, too. */
const SECRET = /KEY|TOKEN|PASSWORD|SECRET/
const SECRET_PARAMETER = /key|token|password|secret/i
const HIDDEN = '(hidden)'
const MASK = '***'

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

/** Where the value comes from, and the value as it is shown. */
function describe(
  name: string,
  config: Config,
  given: Record<string, string | undefined>,
  kept: Record<string, unknown> | undefined,
): [string, string] {
  const value = config[name as keyof Config]
  if (given[name] !== undefined) return ['environment', SECRET.test(name) ? HIDDEN : show(name, value)]
  if (name === 'JWT_SECRET_KEY' || name === 'ADMIN_PASSWORD') {
    return kept?.[name] ? ['secrets.json', HIDDEN] : ['default', 'made at the first start, in secrets.json']
  }
  return ['default', show(name, value)]
}

function show(name: string, value: unknown): string {
  if (value === undefined) return 'not set'
  if (name === 'RATE_LIMITS') {
    const limits = Object.entries(value as Config['RATE_LIMITS'])
    return limits.map(([limit, { quota, seconds }]) => `${limit}=${quota}/${seconds}s`).join(',')
  }
  if (name === 'MODEL_PRICES') {
    const prices = Object.entries(value as Config['MODEL_PRICES'])
    return prices.map(([model, { input, output }]) => `${model}=${input}/${output}`).join(',')
  }
  const text = Array.isArray(value) ? value.join(',') : String(value)
  return text === '' ? 'empty' : maskAddress(text)
}

/** An address without what may be secret in it: who signs in, and parameters that sound like it. */
function maskAddress(text: string): string {
  if (!/^[a-z]+:\/\//i.test(text) || !URL.canParse(text)) return text
  const url = new URL(text)
  if (url.password) url.password = MASK
  // A token may stand for the name.
  else if (url.username && url.protocol.startsWith('http')) url.username = MASK
  for (const name of [...url.searchParams.keys()]) {
    if (SECRET_PARAMETER.test(name)) url.searchParams.set(name, MASK)
  }
  return url.password || url.username || url.search ? url.href : text
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
