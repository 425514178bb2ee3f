import * as v from 'valibot'
import { REGISTRATIONS } from '../../accounts/variables.ts'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { PLATFORMS } from '../../vocabulary.ts'
import { SETTINGS, type SettingName } from './in-force.ts'

const count = v.pipe(v.number(), v.integer())

export const ConfigAnswer = v.object({
  database_provider: v.picklist(['postgres', 'embedded']),
  llm_provider: v.picklist(['openai', 'local']),
  rate_limit_max_requests: count,
  rate_limit_window: count,
  circuit_breaker_failure_threshold: count,
  circuit_breaker_timeout: count,
  version: v.string(),
  environment: v.picklist(['development', 'test', 'production']),
  registration: v.picklist(REGISTRATIONS),
  platforms: v.array(v.picklist(PLATFORMS)),
  features: v.object({
    rate_limits: v.boolean(),
    mail: v.boolean(),
    oidc: v.boolean(),
    tracing: v.boolean(),
  }),
})
export type ConfigAnswer = v.InferOutput<typeof ConfigAnswer>

const elsewhere = (sentence: string) => v.optional(v.never(sentence))
const ADDRESS =
  'addresses are set in the environment, as PUBLIC_URL or OPENAI_BASE_URL, and hold from the next start'

/** What is asked for in other systems, and why it is not set here. */
const ELSEWHERE = {
  log_path: elsewhere('logs go to standard output; send them to a file with what starts Trove'),
  api_base_url: elsewhere(ADDRESS),
  base_url: elsewhere(ADDRESS),
  public_url: elsewhere(ADDRESS),
  openai_base_url: elsewhere(ADDRESS),
}

const settable = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, { rule }]) => [name, v.nullish(rule as v.GenericSchema)]),
) as { [Name in SettingName]: v.NullishSchema<(typeof SETTINGS)[Name]['rule'], undefined> }

export const ConfigBody = v.pipe(
  v.object({ ...settable, ...ELSEWHERE }),
  v.check(body => Object.keys(body).length > 0, 'must name at least one setting'),
)

export const ConfigUpdatedAnswer = v.object({
  message: v.string(),
  updated_config: v.object({
    rate_limit_max_requests: v.optional(count),
    rate_limit_window: v.optional(count),
    circuit_breaker_failure_threshold: v.optional(count),
    circuit_breaker_timeout: v.optional(count),
    registration: v.optional(v.picklist(REGISTRATIONS)),
    backup_path: v.optional(v.string()),
  }),
})

const VariableAnswer = v.object({
  name: v.string(),
  description: v.string(),
  section: v.string(),
  source: v.picklist(['environment', 'default', 'setting']),
  is_secret: v.boolean(),
  is_set: v.boolean(),
  value: v.nullable(v.string()),
})
export type VariableAnswer = v.InferOutput<typeof VariableAnswer>

export const VariablesAnswer = v.object({ variables: v.array(VariableAnswer), total: v.number() })

export const DatabaseTestAnswer = v.object({
  status: v.picklist(['success', 'failure']),
  message: v.string(),
  connection_time_ms: v.nullable(v.number()),
  details: v.object({
    provider: v.picklist(['postgres', 'embedded']),
    server_version: v.nullable(v.string()),
    vector_version: v.nullable(v.string()),
    reason: v.nullable(
      v.picklist(['timeout', 'unreachable', 'refused_credentials', 'too_many_connections', 'other']),
    ),
  }),
})
export type DatabaseTestAnswer = v.InferOutput<typeof DatabaseTestAnswer>

nameSchemas({
  Config: ConfigAnswer,
  ConfigChange: ConfigBody,
  ConfigUpdated: ConfigUpdatedAnswer,
  ConfigVariable: VariableAnswer,
  ConfigVariables: VariablesAnswer,
  DatabaseTest: DatabaseTestAnswer,
})
