// The only reader of the environment. Each variable is declared where it is used: by the ground, the models or a room.
import * as v from 'valibot'
import type { accountsVariables } from '../accounts/variables.ts'
import type { clusteringVariables } from '../clustering/variables.ts'
import { isSecret, type Variables } from '../ground/variable.ts'
import { groundVariables } from '../ground/variables.ts'
import type { ingestionVariables } from '../ingestion/variables.ts'
import type { libraryVariables } from '../library/variables.ts'
import { priceProblems } from '../models/prices.ts'
import { modelsVariables } from '../models/variables.ts'
import type { operationsVariables } from '../operations/variables.ts'
import { ROOMS } from '../rooms.ts'
import { weakSecrets } from './weak-secrets.ts'

/** All variables by who declares them, in the order in which `.env.example` and the documents list them. */
export const SECTIONS: Record<string, Variables> = {
  server: groundVariables,
  models: modelsVariables,
  ...Object.fromEntries(ROOMS.flatMap(({ name, variables }) => (variables ? [[name, variables]] : []))),
}

/** Those that more than their own room reads. A room reads its own by `settingsOf`. */
type Shared = typeof groundVariables &
  typeof modelsVariables &
  typeof accountsVariables &
  typeof libraryVariables &
  typeof ingestionVariables &
  typeof clusteringVariables &
  typeof operationsVariables

const variables = v.object(Object.assign({}, ...Object.values(SECTIONS)) as Shared)

export type Config = Omit<v.InferOutput<typeof variables>, 'PORT' | 'HOST' | 'MODELS'> & {
  PORT: number | undefined
  HOST: string
  MODELS: 'openai' | 'local'
  /** Names of the variables that the environment gives. */
  GIVEN: ReadonlySet<string>
}

/** Names of all variables, in the order of `.env.example`. */
export const VARIABLE_NAMES = Object.keys(variables.entries)

/** Names of those whose values are secrets, or addresses that a password may stand in. */
export const SECRET_NAMES: ReadonlySet<string> = new Set(
  Object.entries<v.GenericSchema>(variables.entries).flatMap(([name, rule]) =>
    isSecret(rule) ? [name] : [],
  ),
)

/** Everything that is wrong with the environment, a line each. Never contains a value, since it may be a secret. */
export class ConfigError extends Error {
  readonly problems: string[]
  constructor(problems: string[]) {
    super(`The configuration has ${problems.length} problem(s):\n${problems.map(p => `  ${p}`).join('\n')}`)
    this.problems = problems
  }
}

/** What `env` says of each variable, as it is written. An empty value counts as not set. */
export const readGiven = (
  env: Record<string, string | undefined> = process.env,
): Record<string, string | undefined> =>
  Object.fromEntries(VARIABLE_NAMES.map(name => [name, env[name]?.trim() === '' ? undefined : env[name]]))

/**
 * Reads the configuration from `env`.
 * @throws {ConfigError} naming every variable that is wrong, and what would be right.
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = readGiven(env)
  const read = v.safeParse(variables, given)
  const problems = read.success ? [] : read.issues.map(issue => `${v.getDotPath(issue)} ${issue.message}`)
  if (given.ENVIRONMENT === 'production') problems.push(...productionProblems(given))
  if (given.MODELS === 'openai' && !given.OPENAI_API_KEY && !given.OPENAI_BASE_URL) {
    problems.push('MODELS=openai needs OPENAI_API_KEY or OPENAI_BASE_URL')
  }
  if (given.DATABASE_DIRECT_URL && !given.DATABASE_URL) {
    problems.push('DATABASE_DIRECT_URL needs DATABASE_URL')
  }
  for (const name of ['MAIL_URL', 'OIDC_ISSUER']) {
    if (given[name] && !given.PUBLIC_URL) problems.push(`${name} needs PUBLIC_URL`)
  }
  if (given.OIDC_ISSUER && !(given.OIDC_CLIENT_ID && given.OIDC_CLIENT_SECRET)) {
    problems.push('OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET')
  }
  if (read.success) problems.push(...priceProblems(read.output))
  if (!read.success || problems.length > 0) throw new ConfigError(problems)

  const { PORT, HOST: givenHost, MODELS, ...rest } = read.output
  const HOST = givenHost ?? (rest.ENVIRONMENT === 'production' ? '0.0.0.0' : '127.0.0.1')
  const isOpen = rest.ENVIRONMENT !== 'development' || rest.ALLOWED_HOSTS.length > 0
  const remote = Boolean(rest.OPENAI_API_KEY ?? rest.OPENAI_BASE_URL)
  return {
    ...rest,
    PORT: rest.ROLE === 'worker' && given.PORT === undefined ? undefined : PORT,
    HOST,
    ALLOWED_HOSTS: isOpen ? rest.ALLOWED_HOSTS : developmentHosts(HOST),
    MODELS: MODELS === 'auto' ? (remote ? 'openai' : 'local') : MODELS,
    GIVEN: new Set(VARIABLE_NAMES.filter(name => given[name] !== undefined)),
  }
}

function productionProblems(given: Record<string, string | undefined>): string[] {
  const problems: string[] = []
  for (const name of ['DATABASE_URL', 'JWT_SECRET_KEY', 'ADMIN_PASSWORD']) {
    if (!given[name]) problems.push(`${name} is required when ENVIRONMENT=production`)
  }
  return [...problems, ...weakSecrets(given)]
}

/** Who tries Trove out asks by these. A page of another name, which leads here by its own DNS, asks by that name. */
const developmentHosts = (host: string): string[] => [
  ...new Set([
    ...['localhost', '*.localhost', '127.0.0.1', '[::1]'],
    host.includes(':') ? `[${host}]` : host,
  ]),
]
