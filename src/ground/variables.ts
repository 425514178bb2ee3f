import * as v from 'valibot'
import { readRange } from './http/edge/client-address.ts'
import { LIMIT_NAMES, readLimits } from './http/limits/limits.ts'
import {
  list,
  oneOf,
  optionalText,
  postgresAddress,
  secret,
  text,
  variable,
  webAddress,
  wholeNumber,
  yesNo,
} from './variable.ts'

export const groundVariables = {
  PORT: variable(
    'Where the API listens. A worker answers /health, /ready and /metrics there, and only when it is set.',
    wholeNumber(3000, 0, 65535),
  ),
  HOST: variable(
    'The address that is listened at. Not set: 127.0.0.1, and 0.0.0.0 in production.',
    optionalText,
  ),
  ROLE: variable(
    'api answers requests, worker does jobs, all does both in one process.',
    oneOf(['all', 'api', 'worker'], 'all'),
  ),
  ENVIRONMENT: variable(
    'production logs JSON, requires DATABASE_URL, JWT_SECRET_KEY and ADMIN_PASSWORD, and refuses weak secrets.',
    oneOf(['development', 'test', 'production'], 'development'),
  ),
  LOG_LEVEL: variable(
    'debug, info, warn or error.',
    v.optional(
      v.pipe(
        text,
        v.toLowerCase(),
        v.picklist(['debug', 'info', 'warn', 'error'], 'must be one of: debug, info, warn, error'),
      ),
      'info',
    ),
  ),
  DATABASE_URL: secret(
    'A Postgres 13 or newer with pgvector 0.8 or newer, as postgres://user:password@host:port/database. Not set: an embedded database.',
    v.optional(postgresAddress),
  ),
  DATABASE_DIRECT_URL: secret(
    'The server itself, where DATABASE_URL is a pooler in transaction mode such as PgBouncer: for LISTEN, migrations and the queue.',
    v.optional(postgresAddress),
  ),
  DATA_DIR: variable(
    'The embedded database, and the secrets that are made when none are given.',
    v.optional(text, './data'),
  ),
  DATABASE_POOL_SIZE: variable('Connections of a process.', wholeNumber(20, 1, 500)),
  STATEMENT_TIMEOUT_MS: variable(
    'How long one statement may take, in milliseconds.',
    wholeNumber(15_000, 100, 3_600_000),
  ),
  ENCRYPTION_KEY: secret(
    'Seals in the database what must be read back, such as webhooks’ secrets; the same in every process. Not set: derived from JWT_SECRET_KEY.',
    optionalText,
  ),
  ENCRYPTION_KEY_PREVIOUS: secret(
    'The ENCRYPTION_KEY of before, while what it has sealed is sealed anew: at the next start, passwords at the next sign-in.',
    optionalText,
  ),
  PUBLIC_URL: variable(
    'Where people reach Trove, as https://trove.example.com: what links in mails begin with. Required with MAIL_URL and OIDC_ISSUER.',
    v.optional(webAddress),
  ),
  CORS_ORIGINS: variable('Origins that a browser may call from, separated by commas.', list),
  ALLOWED_HOSTS: variable(
    'Host names that are answered, separated by commas. Not set: in development names of this machine and HOST, else all.',
    list,
  ),
  TRUSTED_PROXIES: variable(
    'Addresses and ranges whose X-Forwarded-For is believed, such as that of your proxy, separated by commas.',
    v.pipe(
      list,
      v.check(
        proxies => proxies.every(proxy => readRange(proxy)),
        'must be addresses or ranges such as 10.0.0.0/8, separated by commas',
      ),
    ),
  ),
  RATE_LIMIT_ENABLED: variable('Whether requests are counted at all.', yesNo('true')),
  RATE_LIMITS: variable(
    'What differs from the default limits (docs/operations.md lists them), as login=5/15m,items_write=50/1h.',
    v.optional(
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
  ),
  FETCH_ALLOW_HOSTS: variable(
    'host:port pairs that may be fetched, and called by webhooks, although their address is private; for tests and intranets.',
    list,
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(
    'Where OpenTelemetry traces go, over OTLP/HTTP, as http://collector:4318 (/v1/traces is added). Not set: nothing is traced.',
    v.optional(webAddress),
  ),
  OTEL_SERVICE_NAME: variable('The name in the traces.', v.optional(text, 'trove')),
  DRAIN_SECONDS: variable('How many seconds a stop waits for requests and jobs.', wholeNumber(25, 0, 600)),
}

/** What the ground reads of the configuration. */
export type GroundConfig = Omit<
  v.InferOutput<v.ObjectSchema<typeof groundVariables, undefined>>,
  'PORT' | 'HOST'
>
