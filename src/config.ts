// The only reader of the environment. Each variable: its name, its sentence, its rule and its default.
// `.env.example` lists the same names; test/config.test.ts keeps the two together.
import * as v from 'valibot'
import { hasNextTime } from './cron-pattern.ts'
import { readRange } from './http/client-address.ts'
import { LIMIT_NAMES, readLimits } from './http/limits/limits.ts'
import { priceProblems, readPrices } from './models/prices.ts'
import { PLATFORMS, type PlatformName } from './vocabulary.ts'
import { weakSecrets } from './weak-secrets.ts'

const DAY_LIMIT = 3650

const text = v.pipe(v.string(), v.trim())
const optionalText = v.optional(text)

const wholeNumber = (fallback: number, least: number, most: number) =>
  v.optional(
    v.pipe(
      text,
      v.regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`),
      v.transform(Number),
      v.minValue(least, `must be a whole number from ${least} to ${most}`),
      v.maxValue(most, `must be a whole number from ${least} to ${most}`),
    ),
    String(fallback),
  )

const oneOf = <const T extends readonly string[]>(choices: T, fallback: T[number]) =>
  v.optional(v.pipe(text, v.picklist(choices, `must be one of: ${choices.join(', ')}`)), fallback)

const webAddress = v.pipe(
  text,
  v.check(
    value => /^https?:\/\//.test(value) && URL.canParse(value),
    'must be an http:// or https:// address',
  ),
  v.transform(value => value.replace(/\/+$/, '')),
)

const postgresAddress = v.pipe(
  text,
  v.check(
    value => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value),
    'must be postgres://user:password@host:port/database',
  ),
)

const list = v.optional(
  v.pipe(
    text,
    v.transform(value =>
      value
        .split(',')
        .map(part => part.trim())
        .filter(Boolean),
    ),
  ),
  '',
)

const yesNo = (fallback: 'true' | 'false') =>
  v.optional(
    v.pipe(
      text,
      v.picklist(['true', 'false'], 'must be true or false'),
      v.transform(value => value === 'true'),
    ),
    fallback,
  )

const variables = v.object({
  /** Where the API listens. A worker answers `/health`, `/ready` and `/metrics` there, and only when it is set. */
  PORT: wholeNumber(3000, 0, 65535),
  HOST: optionalText,
  /** `api` answers requests, `worker` does jobs, `all` does both. */
  ROLE: oneOf(['all', 'api', 'worker'], 'all'),
  ENVIRONMENT: oneOf(['development', 'test', 'production'], 'development'),
  LOG_LEVEL: v.optional(
    v.pipe(
      text,
      v.toLowerCase(),
      v.picklist(['debug', 'info', 'warn', 'error'], 'must be one of: debug, info, warn, error'),
    ),
    'info',
  ),
  /** Not set: an embedded database under DATA_DIR. */
  DATABASE_URL: v.optional(postgresAddress),
  /** The server itself, where DATABASE_URL is a pooler in transaction mode: for LISTEN, migrations and the queue. */
  DATABASE_DIRECT_URL: v.optional(postgresAddress),
  DATA_DIR: v.optional(text, './data'),
  DATABASE_POOL_SIZE: wholeNumber(20, 1, 500),
  STATEMENT_TIMEOUT_MS: wholeNumber(15_000, 100, 3_600_000),
  /** Not set: one is made and kept in DATA_DIR. */
  JWT_SECRET_KEY: optionalText,
  JWT_ALGORITHM: oneOf(['HS256'], 'HS256'),
  JWT_EXPIRY_DAYS: wholeNumber(7, 1, DAY_LIMIT),
  /** Seals the webhooks' secrets in the database. Not set: derived from JWT_SECRET_KEY. */
  ENCRYPTION_KEY: optionalText,
  CORS_ORIGINS: list,
  /** Not set: in development only names of this machine, and HOST; else all. */
  ALLOWED_HOSTS: list,
  TRUSTED_PROXIES: v.pipe(
    list,
    v.check(
      proxies => proxies.every(proxy => readRange(proxy)),
      'must be addresses or ranges such as 10.0.0.0/8, separated by commas',
    ),
  ),
  RATE_LIMIT_ENABLED: yesNo('true'),
  RATE_LIMITS: v.optional(
    v.pipe(
      text,
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        const limits = readLimits(dataset.value)
        if (limits) return limits
        addIssue({
          message: `must look like login=5/15m,items_write=50/1h, of these names: ${LIMIT_NAMES.join(', ')}`,
        })
        return NEVER
      }),
    ),
    '',
  ),
  /** Which platforms' links may be saved; `web` is any public page. */
  PLATFORMS: v.pipe(
    v.optional(list, 'youtube,instagram,web'),
    v.check(
      names => names.length > 0 && names.every(name => PLATFORMS.some(known => known === name)),
      `must be one or more of: ${PLATFORMS.join(', ')}, separated by commas`,
    ),
    v.transform(names => names as PlatformName[]),
  ),
  /** `auto`: openai when OPENAI_API_KEY or OPENAI_BASE_URL is set, else local. */
  MODELS: oneOf(['auto', 'openai', 'local'], 'auto'),
  OPENAI_API_KEY: optionalText,
  OPENAI_BASE_URL: v.optional(webAddress),
  OPENAI_CHAT_MODEL: v.optional(text, 'gpt-5-mini'),
  OPENAI_VISION_MODEL: v.optional(text, 'gpt-5-mini'),
  OPENAI_EMBEDDING_MODEL: v.optional(text, 'text-embedding-3-small'),
  /** What the provider's models may cost in a UTC day, in US dollars; then the local models serve. Not set: no ceiling. */
  MODEL_BUDGET_USD_DAY: v.optional(
    v.pipe(
      text,
      v.regex(/^\d{1,6}(\.\d{1,6})?$/, 'must be an amount in US dollars, such as 5 or 0.50'),
      v.transform(Number),
    ),
  ),
  /** Prices that are not known to Trove, in US dollars per million tokens, as model=input/output. */
  MODEL_PRICES: v.optional(
    v.pipe(
      text,
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        const prices = readPrices(dataset.value)
        if (prices) return prices
        addIssue({ message: 'must look like gpt-5-mini=0.25/2,text-embedding-3-small=0.02/0' })
        return NEVER
      }),
    ),
    '',
  ),
  /** With a key the Data API is asked; without one oEmbed and the page. */
  YOUTUBE_API_KEY: optionalText,
  YOUTUBE_API_URL: v.optional(webAddress, 'https://www.googleapis.com/youtube/v3'),
  YOUTUBE_OEMBED_URL: v.optional(webAddress, 'https://www.youtube.com/oembed'),
  YOUTUBE_URL: v.optional(webAddress, 'https://www.youtube.com'),
  INSTAGRAM_ACCESS_TOKEN: optionalText,
  INSTAGRAM_OEMBED_URL: v.optional(webAddress, 'https://graph.facebook.com/v23.0/instagram_oembed'),
  INSTAGRAM_URL: v.optional(webAddress, 'https://www.instagram.com'),
  /** `host:port` pairs that may be fetched although their address is private. */
  FETCH_ALLOW_HOSTS: list,
  /** How many people must have saved a page of the web before others find it in searches of everything and as similar. */
  SHARED_MIN_SAVERS: wholeNumber(2, 1, 1000),
  /** When the libraries that have changed are clustered anew, as a cron expression (minute hour day month weekday, UTC). */
  CLUSTER_SCHEDULE: v.optional(
    v.pipe(
      text,
      v.check(
        pattern => pattern.split(/\s+/).length === 5 && hasNextTime(pattern),
        'must be a cron expression of five fields for a time that comes, such as 0 2 * * *',
      ),
    ),
    '0 2 * * *',
  ),
  CLUSTER_MIN_ITEMS: wholeNumber(5, 2, 1000),
  ADMIN_USER: v.optional(text, 'admin'),
  /** Not set: one is made, kept in DATA_DIR and printed once. */
  ADMIN_PASSWORD: optionalText,
  /** Who may read /metrics: `Authorization: Bearer` with this. Not set: anybody, but nobody in production. */
  METRICS_TOKEN: optionalText,
  /** Where traces go, over OTLP/HTTP; `/v1/traces` is added. Not set: nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: v.optional(webAddress),
  OTEL_SERVICE_NAME: v.optional(text, 'trove'),
  DRAIN_SECONDS: wholeNumber(25, 0, 600),
})

export type Config = Omit<v.InferOutput<typeof variables>, 'PORT' | 'HOST' | 'MODELS'> & {
  PORT: number | undefined
  HOST: string
  MODELS: 'openai' | 'local'
}

/** Names of all variables, in the order of `.env.example`. */
export const VARIABLE_NAMES = Object.keys(variables.entries)

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
