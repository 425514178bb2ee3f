import postgres from 'postgres'
import type { Config } from '../config.ts'
import { openEmbedded } from './embedded.ts'

const types = {
  /** int8: counts and versions, all far below 2^53. */
  bigint: { to: 20, from: [20], serialize: String, parse: Number },
  /** timestamptz(3): rows go to the wire as they are, so a time is its ISO 8601 text from the start. */
  time: {
    to: 1184,
    from: [1184],
    serialize: (value: string | Date) => (typeof value === 'string' ? value : value.toISOString()),
    parse: (value: string) => new Date(value).toISOString(),
  },
}

/** A pool, or a transaction of it: what every store function takes first. */
export type Sql = postgres.ISql<{ bigint: number; time: string }>
type Pool = postgres.Sql<{ bigint: number; time: string }>

export interface Database {
  sql: Pool
  /** The same database for clients that bring their own pool (the queue, its dashboard). */
  url: string
  isEmbedded: boolean
  close(): Promise<void>
}

/**
 * Opens a pool on `DATABASE_URL`, or on the embedded database when that is not set.
 * Connections are made on first use, so this succeeds while the server is away.
 */
export async function openDatabase(config: Config): Promise<Database> {
  const embedded = config.DATABASE_URL ? undefined : await openEmbedded(config.DATA_DIR)
  const url =
    config.DATABASE_URL ?? `postgres://postgres@${encodeURIComponent(embedded!.socketFolder)}/postgres`
  const sql = connect(url, config, embedded?.socketFolder)
  return {
    sql,
    url,
    isEmbedded: embedded !== undefined,
    close: async () => {
      await sql.end({ timeout: 5 })
      await embedded?.close()
    },
  }
}

function connect(url: string, config: Config, socketFolder?: string): Pool {
  return postgres(socketFolder ? 'postgres://postgres@localhost/postgres' : url, {
    ...(socketFolder ? { path: `${socketFolder}/.s.PGSQL.5432` } : {}),
    max: config.DATABASE_POOL_SIZE,
    types,
    // The types above and the built-in ones are all that is used; asking the server for more can fail unseen.
    fetch_types: false,
    connect_timeout: 10,
    onnotice: () => {},
    connection: {
      application_name: 'trove',
      statement_timeout: config.STATEMENT_TIMEOUT_MS,
      lock_timeout: config.STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: config.STATEMENT_TIMEOUT_MS * 2,
    },
  })
}
