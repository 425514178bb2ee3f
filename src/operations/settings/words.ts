import type { Words } from '../../ground/http/openapi/words.ts'

/** What the fields of the configuration mean. */
export const configWords: Words = {
  fields: {
    database_provider: '`postgres` is a server, `embedded` the database that comes with Trove.',
    llm_provider:
      '`openai` is any server that speaks its interface, `local` the models that come with Trove.',
    rate_limit_max_requests:
      'How many requests a user has in a window, of those that have no limit of their own.',
    rate_limit_window: 'How long the window is, in seconds.',
    circuit_breaker_failure_threshold: 'After so many failures in a row a service is left alone.',
    circuit_breaker_timeout: 'For so many seconds it is left alone.',
    environment: 'As what the server runs.',
    platforms: 'Whose links may be saved.',
    features: 'What this server offers.',
    rate_limits: 'Whether requests are counted.',
    tracing: 'Whether traces are sent.',
    backup_path:
      'The folder of backups: inside of DATA_DIR, and seen from there where it does not begin with `/`.',
    'ConfigChange.log_path': 'Always refused: logs go to standard output.',
    'ConfigChange.api_base_url': 'Always refused: addresses are set in the environment.',
    'ConfigChange.base_url': 'Always refused: addresses are set in the environment.',
    'ConfigChange.public_url': 'Always refused: addresses are set in the environment.',
    'ConfigChange.openai_base_url': 'Always refused: addresses are set in the environment.',
    'ConfigUpdated.message': 'What was done, in words.',
    updated_config: 'What was set, as it is in force now.',
    variables: 'The variables, in the order of `.env.example`.',
    'ConfigVariable.name': 'As it stands in the environment.',
    'ConfigVariable.description': 'What it is for.',
    section: 'Who declares it.',
    'ConfigVariable.source':
      'Where its value comes from: `environment`, `default`, or `setting` where an admin has set it since.',
    is_secret: 'Whether its value is never shown.',
    is_set: 'Whether it has a value.',
    'ConfigVariable.value': 'Its value as text; null where it is a secret or not set.',
    'DatabaseTest.status': 'Whether the database answered.',
    'DatabaseTest.message': 'What came of it, in words.',
    connection_time_ms: 'Milliseconds until it had answered; null where it did not.',
    'DatabaseTest.details': 'What else is known of it.',
    'DatabaseTest.provider': '`postgres` is a server, `embedded` the database that comes with Trove.',
    server_version: 'The version of PostgreSQL.',
    vector_version: 'The version of pgvector; null where it is missing.',
    reason: 'Why it did not answer; null where it did.',
  },
}
