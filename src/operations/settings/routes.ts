// What is public of the configuration, and what an admin sets while Trove runs.
import { createHash } from 'node:crypto'
import type { Config } from '../../config/config.ts'
import type { Context } from '../../context.ts'
import { etagOf, isNotModified, notModified } from '../../ground/http/conditional.ts'
import { invalidField, staleETag } from '../../ground/http/problems.ts'
import {
  lockSettings,
  readSettings,
  type StoredSettings,
  writeSettings,
} from '../../ground/settings/store.ts'
import { VERSION } from '../../ground/version.ts'
import { route } from '../../route.ts'
import { inForce, type SettingName } from './in-force.ts'
import { insideFolder } from './inside-folder.ts'
import { ConfigAnswer, ConfigBody, ConfigUpdatedAnswer } from './schema.ts'

const TAG = 'Administration'

const outside = invalidField(
  'The folder of backups must be inside of DATA_DIR',
  ['body', 'backup_path'],
  'outside',
  'must be a folder inside of DATA_DIR, without .. and without links that lead out of it',
)

export const databaseProvider = ({ DATABASE_URL }: Config) =>
  DATABASE_URL ? ('postgres' as const) : ('embedded' as const)

function factsOf(config: Config, values: StoredSettings['values']): ConfigAnswer {
  const { backup_path: _, ...shown } = inForce(config, values)
  return {
    database_provider: databaseProvider(config),
    llm_provider: config.MODELS,
    ...shown,
    version: VERSION,
    environment: config.ENVIRONMENT,
    platforms: config.PLATFORMS,
    features: {
      rate_limits: config.RATE_LIMIT_ENABLED,
      mail: config.MAIL_URL !== undefined,
      oidc: config.OIDC_ISSUER !== undefined,
      tracing: config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    },
  }
}

/**
 * What the ETag is made of: the version of the settings, which `If-Match` looks at, and the facts themselves, since those of
 * the environment change without it.
 */
function tagOf({ config }: Context, { version, values }: StoredSettings) {
  const facts = createHash('sha256').update(JSON.stringify(factsOf(config, values)))
  return { id: `config-${facts.digest('hex').slice(0, 16)}`, library_version: version }
}

/** Whether `If-Match` was left out, is `*`, or holds an ETag of this version. */
function isCurrent(ifMatch: string | null, version: number): boolean {
  if (ifMatch === null || ifMatch.trim() === '*') return true
  return (ifMatch.match(/"[^"]*"/g) ?? []).some(
    tag => /-config-[\da-f]+-(\d+)"$/.exec(tag)?.[1] === `${version}`,
  )
}

const EXAMPLE: ConfigAnswer = {
  database_provider: 'postgres',
  llm_provider: 'local',
  rate_limit_max_requests: 300,
  rate_limit_window: 60,
  circuit_breaker_failure_threshold: 5,
  circuit_breaker_timeout: 30,
  version: '0.1.0',
  environment: 'production',
  registration: 'open',
  platforms: ['youtube', 'instagram', 'web'],
  features: { rate_limits: true, mail: false, oidc: false, tracing: false },
}

const getConfig = route(
  'GET /v1/config',
  {
    id: 'getConfig',
    tag: TAG,
    summary: 'What is public of the configuration',
    description: 'As it is in force now. Its ETag is what `PUT /v1/config` takes as If-Match.',
    may: 'read',
    limit: 'config_read',
    cached: 'own',
    gives: { body: ConfigAnswer, text: 'The configuration.', example: EXAMPLE },
  },
  async ({ sql, context, request, set }) => {
    const stored = await readSettings(sql)
    if (isNotModified(request, set, tagOf(context, stored))) return notModified()
    return factsOf(context.config, stored.values)
  },
)

const putConfig = route(
  'PUT /v1/config',
  {
    id: 'setConfig',
    tag: TAG,
    summary: 'Set something while Trove runs',
    description:
      'All of it or nothing; in force in every process within a second, and after a restart. What is left out stays as it is; null takes a setting back, so that the environment’s value holds. With If-Match and the ETag of the configuration, a change that would overwrite another is refused.',
    may: 'admin',
    in_person: true,
    reaches: 'everybody',
    limit: 'config_write',
    guarded: true,
    body: ConfigBody,
    example: { rate_limit_max_requests: 300, registration: 'open' },
    gives: {
      body: ConfigUpdatedAnswer,
      text: 'What was set, as it is in force now.',
      example: {
        message: 'Configuration updated successfully',
        updated_config: { rate_limit_max_requests: 300, registration: 'open' },
      },
    },
    audit: { of: 'config', actions: ['update_config'] },
  },
  async ({ tx, body, user, context, request, set, audit }) => {
    const { config } = context
    if (typeof body.backup_path === 'string' && !insideFolder(config.DATA_DIR, body.backup_path)) {
      throw outside()
    }
    await lockSettings(tx)
    const before = await readSettings(tx)
    if (!isCurrent(request.headers.get('if-match'), before.version)) throw staleETag()
    const given = body as Partial<Record<SettingName, string | number | null>>
    const version = before.version + 1
    await writeSettings(tx, given, version, user.id)
    await audit(
      undefined,
      Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value ?? 'taken back'])),
    )
    const values = { ...before.values, ...given }
    set.headers.etag = etagOf(tagOf(context, { version, values }))
    const now = Object.entries(inForce(config, values)).filter(([name]) => name in given)
    return { message: 'Configuration updated successfully', updated_config: Object.fromEntries(now) }
  },
)

export const configRoutes = [getConfig, putConfig]
