// Whether the database can be reached by a new connection: those of the pool may have been made long ago.
import type { Context } from '../../context.ts'
import { connectOnce } from '../../ground/database/connection.ts'
import { inTime } from '../../ground/in-time.ts'
import { route } from '../../route.ts'
import { databaseProvider } from './routes.ts'
import { DatabaseTestAnswer } from './schema.ts'
import { findVersions } from './store.ts'

const PATIENCE_MS = 5000

type Reason = NonNullable<DatabaseTestAnswer['details']['reason']>

const SENTENCES: Record<Reason, string> = {
  timeout: `The database did not answer within ${PATIENCE_MS / 1000} seconds`,
  unreachable: 'The database cannot be reached: wrong address, or it does not run',
  refused_credentials: 'The database does not let Trove in: wrong name, password or database',
  too_many_connections: 'The database has no connection to spare',
  other: 'The database could not be asked',
}

/** What went wrong, by the codes of the system, of postgres.js and of PostgreSQL. Their texts name addresses and users. */
const REASONS: Record<string, Reason> = {
  ETIMEDOUT: 'timeout',
  CONNECT_TIMEOUT: 'timeout',
  ECONNREFUSED: 'unreachable',
  ENOTFOUND: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOENT: 'unreachable',
  CONNECTION_CLOSED: 'unreachable',
  '28000': 'refused_credentials',
  '28P01': 'refused_credentials',
  '3D000': 'refused_credentials',
  '53300': 'too_many_connections',
}

async function tryDatabase({ config, database }: Context): Promise<DatabaseTestAnswer> {
  const begun = performance.now()
  const took = () => Math.round((performance.now() - begun) * 10) / 10
  const details = {
    provider: databaseProvider(config),
    server_version: null,
    vector_version: null,
    reason: null,
  }
  const sql = connectOnce(config, database, PATIENCE_MS)
  try {
    const late = () => Object.assign(new Error(), { code: 'ETIMEDOUT' })
    const versions = await inTime(findVersions(sql), PATIENCE_MS, late)
    return {
      status: 'success',
      message: 'The database answers',
      connection_time_ms: took(),
      details: { ...details, ...versions },
    }
  } catch (error) {
    const reason = REASONS[(error as { code?: string }).code ?? ''] ?? 'other'
    return {
      status: 'failure',
      message: SENTENCES[reason],
      connection_time_ms: null,
      details: { ...details, reason },
    }
  } finally {
    await sql.end({ timeout: 0 })
  }
}

export const testDatabase = route(
  'POST /v1/config/test-database',
  {
    id: 'testDatabase',
    tag: 'Administration',
    summary: 'Try a new connection to the database',
    description:
      'To the one that is configured. 200 in both cases: `status` says whether it could be reached.',
    may: 'admin',
    limit: 'config_test',
    gives: {
      body: DatabaseTestAnswer,
      text: 'What came of it.',
      example: {
        status: 'success',
        message: 'The database answers',
        connection_time_ms: 12.4,
        details: { provider: 'postgres', server_version: '17.2', vector_version: '0.8.0', reason: null },
      },
    },
    audit: { of: 'config', actions: ['test_database'] },
  },
  {
    prepare: ({ context }) => tryDatabase(context),
    handle: async ({ audit, prepared }) => {
      await audit(undefined, { status: prepared.status })
      return prepared
    },
  },
)
