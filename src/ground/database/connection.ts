import postgres from 'postgres'
import type { GroundConfig } from '../variables.ts'
import { openEmbedded } from './embedded/embedded.ts'

const RECONNECT_SECONDS = 0.25
const END_SECONDS = 5
/** Where the embedded database is, but for its socket. */
const EMBEDDED_URL = 'postgres://postgres@localhost/postgres'

/** A time as Postgres writes it, in ISO 8601: of a session in UTC by its letters, which costs a tenth of a `Date`. */
export function isoTime(written: string): string {
  const [, day, time, fraction = ''] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?\+00$/.exec(written) ?? []
  return day ? `${day}T${time}.${fraction.padEnd(3, '0')}Z` : new Date(written).toISOString()
}

const types = {
  /** int8: counts and versions, all far below 2^53. */
  bigint: { to: 20, from: [20], serialize: String, parse: Number },
  /** timestamptz(3): rows go to the wire as they are, so a time is its ISO 8601 text from the start. */
  time: {
    to: 1184,
    from: [1184],
    serialize: (value: string | Date) => (typeof value === 'string' ? value : value.toISOString()),
    parse: isoTime,
  },
}

/** A pool, or a transaction of it: what every store function takes first. */
export type Sql = postgres.ISql<{ bigint: number; time: string }>
export type Pool = postgres.Sql<{ bigint: number; time: string }>

export interface Database {
  sql: Pool
  /**
   * For reading a row by its key, as every request does for its user: many go to the server at once, on one connection, so
   * that a busy process writes and reads less often. Nothing that takes long or may wait for a lock, since all others wait.
   * `sql` itself behind a pooler, where statements are not prepared and so cannot follow each other unawaited.
   */
  byKey: Pool
  /** For what needs a session of its own: LISTEN, migrations. `sql` itself, unless a pooler stands in front of the server. */
  direct: Pool
  /** The server itself, for clients that bring their own pool (the queue, its dashboard). */
  url: string
  isEmbedded: boolean
  close(): Promise<void>
}

/**
 * Opens a pool on `DATABASE_URL`, or on the embedded database when that is not set.
 * Connections are made on first use, so this succeeds while the server is away.
 */
export async function openDatabase(config: GroundConfig): Promise<Database> {
  const embedded = config.DATABASE_URL ? undefined : await openEmbedded(config.DATA_DIR)
  if (embedded) {
    const url = `postgres://postgres@${encodeURIComponent(embedded.socketFolder)}/postgres`
    const sql = connect(EMBEDDED_URL, config, {
      path: socketOf(embedded.socketFolder),
      connection: timeouts(config),
    })
    const close = async () => {
      await sql.end({ timeout: END_SECONDS })
      await embedded.close()
    }
    return { sql, byKey: sql, direct: sql, url, isEmbedded: true, close }
  }
  const url = config.DATABASE_DIRECT_URL ?? config.DATABASE_URL!
  if (url === config.DATABASE_URL) {
    const sql = connect(url, config, { connection: timeouts(config) })
    const byKey = connect(url, config, { max: 1, connection: timeouts(config) })
    return { sql, byKey, direct: sql, url, isEmbedded: false, close: ending(sql, byKey) }
  }
  // A pooler lends a connection for one transaction: what a session keeps would be lost, or met by somebody else.
  const sql = connect(config.DATABASE_URL!, config, { prepare: false })
  const direct = connect(url, config, { max: 1, idle_timeout: 10, connection: timeouts(config) })
  return { sql, byKey: sql, direct, url, isEmbedded: false, close: ending(sql, direct) }
}

/**
 * A connection of its own to the configured database, for one question; made when that is asked. Who opens it ends it.
 * @param patienceMs how long it may take to connect
 */
export function connectOnce(config: GroundConfig, { url, isEmbedded }: Database, patienceMs: number): Pool {
  const options = { max: 1, connect_timeout: patienceMs / 1000, prepare: false }
  if (!isEmbedded) return connect(config.DATABASE_URL!, config, options)
  return connect(EMBEDDED_URL, config, {
    ...options,
    path: socketOf(decodeURIComponent(new URL(url).hostname)),
  })
}

const socketOf = (folder: string) => `${folder}/.s.PGSQL.5432`

const ending =
  (...pools: Pool[]) =>
  async () => {
    await Promise.all(pools.map(pool => pool.end({ timeout: END_SECONDS })))
  }

const timeouts = ({ STATEMENT_TIMEOUT_MS }: GroundConfig) => ({
  statement_timeout: STATEMENT_TIMEOUT_MS,
  lock_timeout: STATEMENT_TIMEOUT_MS,
  idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS * 2,
})

/**
 * What a pooler's connections lack, since it takes no settings from its clients.
 * @returns the statements that mend it; none when the settings are there, or no pooler is.
 */
export async function findMissingTimeouts(
  { sql, direct }: Database,
  config: GroundConfig,
): Promise<string[]> {
  if (sql === direct) return []
  const wanted = timeouts(config)
  const missing = await sql<{ name: keyof typeof wanted; role: string; database: string }[]>`
    select name, quote_ident(current_user) as role, quote_ident(current_database()) as database
    from pg_settings
    where name in ${sql(Object.keys(wanted))} and setting = '0'
    order by name`
  return missing.map(
    ({ name, role, database }) => `alter role ${role} in database ${database} set ${name} = ${wanted[name]};`,
  )
}

function connect(
  url: string,
  config: GroundConfig,
  { connection, ...more }: postgres.Options<Record<string, never>>,
): Pool {
  return postgres(url, {
    max: config.DATABASE_POOL_SIZE,
    types,
    // The types above and the built-in ones are all that is used; asking the server for more can fail unseen.
    fetch_types: false,
    connect_timeout: 10,
    // By default postgres.js backs off for up to 20 seconds after a lost connection, and requests wait with it.
    backoff: () => RECONNECT_SECONDS,
    onnotice: () => {},
    ...more,
    connection: { application_name: 'trove', TimeZone: 'UTC', ...connection },
  }) as Pool
}
