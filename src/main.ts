// The process: read the configuration, open the database, answer and work, stop in order.
// The only file that knows which runtime it is on.
import { setTimeout as delay } from 'node:timers/promises'
import { HANDLERS } from '#jobs/index'
import { createApp, DASHBOARD_PATH, DOCS_PATH, LIBRARY_PATH } from './app.ts'
import { checkConfig } from './config/check-config.ts'
import { HELP, readCommandLine, UsageError, type Wish } from './config/command-line.ts'
import { ConfigError, readConfig } from './config/config.ts'
import { completeSecrets } from './config/secrets.ts'
import type { Context } from './context.ts'
import { startSchedule } from './ground/clock/schedule.ts'
import { findMissingTimeouts, openDatabase } from './ground/database/connection.ts'
import { LockedError } from './ground/database/embedded/lock-file.ts'
import { readLayout } from './ground/database/layout.ts'
import { MigrationError, migrate } from './ground/database/migrate.ts'
import { secureRows } from './ground/database/row-security.ts'
import { notePeer } from './ground/http/edge/client-address.ts'
import { createDrain } from './ground/http/edge/drain.ts'
import { toProblem } from './ground/http/problems.ts'
import { createLog } from './ground/log/log.ts'
import { checkSealing, WrongKeyError } from './ground/secrets/key-check.ts'
import { startTracing } from './ground/tracing/tracing.ts'
import { VERSION } from './ground/version.ts'
import { makeContext } from './make-context.ts'
import { JOBS, ROOMS, ticks } from './rooms.ts'

const BLOCKED = 'A migration waits for a lock that another transaction holds, and will try again'
const UNSECURED =
  'Row security is off: this database user may not use the role trove_rows. Have a superuser run: create role trove_rows nologin; grant trove_rows to this user'
// sysexits.h
const EX_USAGE = 64
const EX_CONFIG = 78
const EX_TEMPFAIL = 75
const DATABASE_RETRY_MS = 1000
/** Of DRAIN_SECONDS: for clients to learn that they must go elsewhere. The rest is for what they asked last. */
const NOTICE_SHARE = 1 / 3

interface Server {
  port: number
  stop(): Promise<void>
}

declare const Deno: {
  serve(
    options: { port: number; hostname: string; onListen: () => void },
    handler: (request: Request, info: { remoteAddr: { hostname?: string } }) => Response | Promise<Response>,
  ): { addr: { port: number }; shutdown(): Promise<void> }
}

/** The address that it shall listen at is another process's, by now. */
class PortTakenError extends Error {}

/**
 * Listens.
 * @throws {PortTakenError}
 * @throws {ConfigError} when there can be no listening there
 */
function listen(...[hostname, port, handler]: Parameters<typeof serve>): Server {
  try {
    return serve(hostname, port, handler)
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (code === 'EADDRINUSE') {
      throw new PortTakenError(
        `Port ${port} of ${hostname} is taken by another process. Stop that, or set PORT to another one.`,
      )
    }
    if (code === 'EACCES') throw new ConfigError([`PORT ${port} may not be opened by this user`])
    if (code === 'EADDRNOTAVAIL' || /address information/.test(message)) {
      throw new ConfigError(['HOST must be an address of this machine'])
    }
    throw error
  }
}

function serve(
  hostname: string,
  port: number,
  handler: (request: Request) => Response | Promise<Response>,
): Server {
  if (typeof Bun !== 'undefined') {
    const server = Bun.serve({
      port,
      hostname,
      fetch: (request, server) => {
        notePeer(request, () => server.requestIP(request)?.address)
        return handler(request)
      },
      // The app counts by itself (http/body.ts): what Bun refuses gets no answer that a client can read, and what nobody
      // reads does not add up.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      idleTimeout: 60,
    })
    return { port: server.port!, stop: () => server.stop() }
  }
  const server = Deno.serve({ port, hostname, onListen: () => {} }, (request, { remoteAddr }) => {
    notePeer(request, remoteAddr.hostname)
    return handler(request)
  })
  return { port: server.addr.port, stop: () => server.shutdown() }
}

const ANSWERS: Record<Exclude<Wish, 'start'>, () => string> = {
  help: () => HELP,
  version: () => `${VERSION}\n`,
  'check-config': checkConfig,
}

async function main(): Promise<void> {
  const wish = readCommandLine(process.argv.slice(2))
  if (wish !== 'start') {
    process.stdout.write(ANSWERS[wish]())
    process.exit(0)
  }
  // Heard from the start: a container's first process is not ended by a signal that it does not listen to.
  let stop = async (_signal: string): Promise<void> => process.exit(0)
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal))

  const { config, madePassword } = completeSecrets(readConfig())
  const log = createLog(config)
  const stopTracing = await startTracing(config, log)
  const database = await openDatabase(config)
  const context = makeContext(config, log, database)
  let state: 'starting' | 'ready' | 'stopping' = 'starting'
  let wasReady = false
  const { app, end, close } = createApp(
    context,
    () => state === 'ready',
    () => wasReady,
  )
  const drain = createDrain()
  const { HOST, PORT } = config
  const server = PORT === undefined ? undefined : listen(HOST, PORT, drain.around(app.fetch))

  let stopTicking = () => {}

  stop = async signal => {
    if (state === 'stopping') process.exit(1)
    state = 'stopping'
    log.info('Stopping', { signal })
    const drainMs = config.DRAIN_SECONDS * 1000
    const begun = performance.now()
    const late = setTimeout(() => process.exit(1), drainMs + 5000)
    stopTicking()
    end()
    const stopServing = async () => {
      if (!server) return
      // Ctrl-C comes from somebody who waits for it.
      const hasCallers = wasReady && signal === 'SIGTERM' && config.ROLE !== 'worker'
      if (hasCallers) await drain.begin(drainMs * NOTICE_SHARE)
      await Promise.race([server.stop(), delay(drainMs - (performance.now() - begun))])
    }
    await Promise.all([stopServing(), context.queue.stop(config.DRAIN_SECONDS)])
    await Promise.all([stopTracing(), close()])
    await Promise.all([context.models.close(), context.reader.close()])
    await database.close()
    clearTimeout(late)
    log.info('Stopped')
    process.exit(0)
  }
  process.on('unhandledRejection', error => log.error('Unhandled promise rejection', { error }))

  const isStopping = () => state === 'stopping'
  try {
    await untilDatabaseAnswers(context)
    await context.queue.start(JOBS)
    if (!(await secureRows(database.sql))) log.warn(UNSECURED)
    for (const { starts } of ROOMS) await starts?.(context)
    if (config.ROLE !== 'api' && !isStopping()) await context.queue.work(HANDLERS, context)
  } catch (error) {
    // What it was starting was closed under its feet.
    if (isStopping()) return
    throw error
  }
  if (isStopping()) return
  stopTicking = startSchedule(context, ticks(config))
  state = 'ready'
  wasReady = true
  announce(context, server, madePassword)
}

/** Migrates; while the database is away, waits for it, since containers start in any order. */
async function untilDatabaseAnswers(context: Context): Promise<void> {
  const { database, log } = context
  for (;;) {
    try {
      const applied = await migrate(database, undefined, () => log.warn(BLOCKED))
      if (applied.length > 0) log.info('Migrated', { migrations: applied.length })
      await readLayout(database)
      await checkSealing(database.sql, context.config)
      return await warnOfMissingTimeouts(context)
    } catch (error) {
      if (toProblem(error).status !== 503) throw error
      log.warn('The database does not answer yet', { error: (error as Error).message })
      await delay(DATABASE_RETRY_MS)
    }
  }
}

async function warnOfMissingTimeouts({ config, database, log }: Context): Promise<void> {
  const statements = await findMissingTimeouts(database, config)
  if (statements.length > 0)
    log.warn('Statements that come through the pooler have no time limit', { statements })
}

function announce(
  { config, database, log }: Context,
  server: Server | undefined,
  madePassword?: string,
): void {
  log.info(`Trove ${VERSION} is ready`, {
    role: config.ROLE,
    database: database.isEmbedded ? 'embedded' : 'postgres',
    models: config.MODELS,
  })
  if (config.ENVIRONMENT === 'production' || config.ROLE === 'worker') return
  const base = `http://${config.HOST}:${server!.port}`
  const lines = [
    '',
    `  API         ${base}/v1`,
    `  Library     ${base}${LIBRARY_PATH}`,
    `  Docs        ${base}${DOCS_PATH}`,
    `  Queues      ${base}${DASHBOARD_PATH}   (user ${config.ADMIN_USER})`,
    ...(madePassword
      ? [`  Password    ${madePassword}   shown this once, kept in ${config.DATA_DIR}/secrets.json`]
      : []),
    ...(database.isEmbedded
      ? [
          '',
          '  The database is embedded: for trying Trove. To keep data, set DATABASE_URL (docs/configuration.md).',
        ]
      : []),
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${(error as Error).message.trimEnd()}\n`)
  process.exit(exitCodeOf(error))
}

/** What is not explained shows its stack. */
function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EX_USAGE
  if (error instanceof ConfigError || error instanceof WrongKeyError) return EX_CONFIG
  if (error instanceof LockedError || error instanceof PortTakenError) return EX_TEMPFAIL
  if (!(error instanceof MigrationError)) process.stderr.write(`${(error as Error).stack}\n`)
  return 1
}
