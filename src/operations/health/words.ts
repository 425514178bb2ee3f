import type { Words } from '../../ground/http/openapi/words.ts'

/** What the fields of the server's health mean. */
export const healthWords: Words = {
  fields: {
    'Health.status': '`degraded` while one of the services is unhealthy.',
    version: 'The version of Trove.',
    timestamp: 'The time of the server.',
    services: 'What it needs to work.',
    database: 'Whether it answers.',
    queue: 'Whether jobs can be sent and taken.',
    row_security: 'Whether requests write as their users; null before this was asked, at the start.',
    vector_db: 'Whether vectors can be compared.',
    ai: 'Whether models can be asked.',
    'getReady.status': 'The server takes requests.',
    health: 'What it needs, and what the machine has left.',
    'DetailedHealth.status':
      'Of the whole: `unhealthy` without a database, `degraded` while something else is unhealthy or a breaker is not closed.',
    uptime_seconds: 'Since this process started.',
    checks: 'What was looked at.',
    'DetailedHealth.database': 'Whether it answers, and what Trove needs in it.',
    answer_ms: 'Milliseconds until it answered, with the wait for a connection; null where it did not.',
    llm: 'Whether models can be asked.',
    'DetailedHealth.provider': 'Whose they are.',
    circuit_breakers:
      'Of each service that was asked: `open` while it is left alone, `half_open` while it is tried again.',
    system: 'How much is in use.',
    cpu_percent: 'Of all processors of the machine, in the last minute.',
    memory_percent: 'What this process has of its container’s memory, or of the machine’s.',
    disk_percent: 'Of the disk that DATA_DIR is on; null where the system does not tell.',
    metrics: 'What this process did in the last minute.',
    requests_per_minute: 'Requests that were answered.',
    active_connections:
      'Requests that are being answered just now, this one included, and open event streams.',
    error_rate: 'The share of answers that were 5xx, from 0 to 1.',
    average_response_time: 'Seconds from the arrival of a request to its answer.',
    logs: 'What was done in the last hour, the newest first, at most 50; for admins alone.',
  },
}
