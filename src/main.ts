// The process: read the configuration, open the database, answer and work, stop in order.
// The only file that knows which runtime it is on.
import { JOBS, startMoving, ticks } from '#jobs/index'
import { createApp, DASHBOARD_PATH, DOCS_PATH, LIBRARY_PATH } from './app.ts'
import { createBreakers } from './breakers.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import type { Context } from './context.ts'
import { openDatabase } from './database/connection.ts'
import { LockedError } from './database/lock-file.ts'
import { MigrationError, migrate } from './database/migrate.ts'
import { toProblem } from './errors.ts'
import { notePeer } from './http/client-address.ts'
import { createFetcher } from './http/fetch.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createModels } from './models/models.ts'
import { Queue } from './queue.ts'
import { startSchedule } from './schedule.ts'
import { completeSecrets } from './secrets.ts'
import { VERSION } from './version.ts'

// sysexits.h
const EX_CONFIG = 78
const EX_TEMPFAIL = 75
const DATABASE_RETRY_MS = 1000

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

function serve(config: Config, handler: (request: Request) => Response | Promise<Response>): Server {
  const { PORT: port, HOST: hostname } = config
  if (typeof Bun !== 'undefined') {
    const server = Bun.serve({
      port,
      hostname,
      fetch: (request, server) => {
        notePeer(request, server.requestIP(request)?.address)
        return handler(request)
      },
      // The app counts by itself (http/json-body.ts): what Bun refuses gets no answer that a client can read.
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

async function main(): Promise<void> {
  const { config, madePassword } = completeSecrets(readConfig())
  const log = createLog(config)
  const database = await openDatabase(config)
  const breakers = createBreakers(log)
  const context: Context = {
    config,
    log,
    database,
    queue: new Queue(database, config, log),
    metrics: createMetrics(),
    breakers,
    models: createModels(config, { sql: database.sql, breakers, log }),
    fetcher: createFetcher(config),
  }
  let state: 'starting' | 'ready' | 'stopping' = 'starting'
  const { app, endStreams, close } = createApp(context, () => state === 'ready')
  const server = config.ROLE === 'worker' ? undefined : serve(config, app.fetch)

  let stopTicking = () => {}

  const stop = async (signal: string) => {
    if (state === 'stopping') process.exit(1)
    state = 'stopping'
    log.info('Stopping', { signal })
    const late = setTimeout(() => process.exit(1), (config.DRAIN_SECONDS + 5) * 1000)
    stopTicking()
    endStreams()
    await Promise.race([
      server?.stop(),
      new Promise(resolve => setTimeout(resolve, config.DRAIN_SECONDS * 1000)),
    ])
    await context.queue.stop(config.DRAIN_SECONDS)
    await close()
    await context.models.close()
    await database.close()
    clearTimeout(late)
    log.info('Stopped')
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
  process.on('unhandledRejection', error => log.error('A promise was left alone', { error }))

  await untilDatabaseAnswers(context)
  await context.queue.start(JOBS)
  await startMoving(context)
  if (config.ROLE !== 'api') await context.queue.work(JOBS, context)
  if (state === 'starting') {
    stopTicking = startSchedule(context, ticks(config))
    state = 'ready'
  }
  announce(context, server, madePassword)
}

/** Migrates; while the database is away, waits for it, since containers start in any order. */
async function untilDatabaseAnswers({ database, log }: Context): Promise<void> {
  for (;;) {
    try {
      const applied = await migrate(database)
      if (applied.length > 0) log.info('Migrated', { applied })
      return
    } catch (error) {
      if (toProblem(error).status !== 503) throw error
      log.warn('The database does not answer yet', { error: (error as Error).message })
      await new Promise(resolve => setTimeout(resolve, DATABASE_RETRY_MS))
    }
  }
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
  if (config.ENVIRONMENT === 'production' || !server) return
  const base = `http://${config.HOST}:${server.port}`
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
      ? ['', '  The database is embedded: for trying Trove. To keep data, set DATABASE_URL (see README.md).']
      : []),
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  if (error instanceof ConfigError) process.exit(EX_CONFIG)
  const isExplained = error instanceof LockedError || error instanceof MigrationError
  if (!isExplained) process.stderr.write(`${(error as Error).stack}\n`)
  process.exit(error instanceof LockedError ? EX_TEMPFAIL : 1)
}
