// Which tests run where. A test's level follows from what it imports; the editions are the one list that somebody keeps.
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export type Edition = 'Bun, PostgreSQL' | 'Bun, embedded' | 'Deno, embedded' | 'Deno, PostgreSQL'

/**
 * All tests run on Bun and PostgreSQL. These must also hold elsewhere, since the runtime or the database makes a
 * difference to them: each on Deno once if it is about the runtime, on the embedded database once if it is about that,
 * and on all if it is about the two together. A file that imports `bun:test` cannot run on Deno.
 */
export const EDITIONS: Record<string, Edition[]> = {
  // One session behind all connections: transactions stand alone, and what is tried twice is written once.
  'test/ground/database/canary.test.ts': ['Bun, embedded'],
  'test/ground/http/idempotency.test.ts': ['Bun, embedded'],
  // Roles, and what a transaction leaves on its connection.
  'test/ground/database/row-security.test.ts': ['Bun, embedded'],
  // An export holds that session until it is read.
  'test/accounts/export.test.ts': ['Bun, embedded'],
  // Migrations, the statements of every route, and what is kept and brought back.
  'test/ground/database/migrate.test.ts': ['Bun, embedded'],
  'test/portability/fuzz.test.ts': ['Bun, embedded', 'Deno, PostgreSQL'],
  'test/operations/backup.test.ts': ['Bun, embedded'],
  // The queue, LISTEN and the stream that hangs on it, and the way from a save to groups.
  'test/flows/queue.test.ts': ['Bun, embedded'],
  'test/portability/events.test.ts': ['Bun, embedded', 'Deno, embedded', 'Deno, PostgreSQL'],
  'test/portability/flow.test.ts': ['Deno, embedded'],
  // The driver over TCP, when connections go.
  'test/portability/lost-connections.test.ts': ['Deno, PostgreSQL'],
  // What accounts promise, on both databases.
  'test/portability/accounts.test.ts': ['Bun, embedded', 'Deno, embedded', 'Deno, PostgreSQL'],
  // Servers, clients and streams, of which each runtime has its own.
  'test/portability/http.test.ts': ['Deno, embedded'],
  'test/portability/edge.test.ts': ['Deno, embedded'],
  'test/portability/operating.test.ts': ['Deno, embedded'],
  'test/portability/fetch.test.ts': ['Deno, embedded'],
  'test/portability/fetch-limits.test.ts': ['Deno, embedded'],
  'test/portability/webhooks.test.ts': ['Deno, embedded'],
  'test/portability/signatures.test.ts': ['Deno, embedded'],
  'test/portability/tracing.test.ts': ['Deno, PostgreSQL'],
  'test/portability/oidc.test.ts': ['Deno, embedded'],
  // Threads and processes that are started, starved and ended.
  'test/portability/hostile-pages.test.ts': ['Deno, embedded'],
  'test/portability/web.test.ts': ['Deno, embedded'],
  'test/portability/thumbnails.test.ts': ['Deno, embedded'],
  // Packages that carry code for each runtime, and numbers that must be the same to the bit.
  'test/portability/passwords.test.ts': ['Deno, embedded'],
  'test/portability/models.test.ts': ['Deno, PostgreSQL'],
  'test/portability/labels.test.ts': ['Deno, embedded'],
  'test/portability/kernel.test.ts': ['Deno, embedded'],
}

export const LEVELS = ['pure', 'room', 'contract', 'flow', 'outside'] as const
/**
 * `pure` asks nobody; a `room` is asked in this process, on a database, and so is the `contract` of all rooms; a `flow`
 * crosses processes that stop, are killed or lose each other; from `outside` come a browser, a shell, a reader of the docs.
 */
export type Level = (typeof LEVELS)[number]

const BROWSER = 'playwright-core'
const SHELL = 'node:child_process'
const DATABASE = ['test/support/app.ts', 'test/support/database.ts']
const PROCESSES = ['test/support/process.ts', 'test/support/own-postgres.ts']

/** @param file a test file, relative to the working folder */
export function levelOf(file: string): Level {
  const reached = reachedFrom(file)
  const reaches = (some: string[]) => some.some(name => reached.has(name))
  if (reaches([BROWSER])) return 'outside'
  if (reaches(PROCESSES)) return 'flow'
  if (reaches(DATABASE)) return file.startsWith('test/contract/') ? 'contract' : 'room'
  return importsOf(file).includes(SHELL) ? 'outside' : 'pure'
}

/** What a test imports, directly or by other files of `test/`: paths of files there, names of packages. */
function reachedFrom(file: string, reached = new Set<string>()): Set<string> {
  for (const name of importsOf(file)) {
    if (reached.has(name)) continue
    reached.add(name)
    if (name.startsWith('test/')) reachedFrom(name, reached)
  }
  return reached
}

function importsOf(file: string): string[] {
  const named = readFileSync(file, 'utf8').matchAll(/^(?:import|export|\} from) [^'\n]*'([^'\n]+)'/gm)
  return Array.from(named, ([, name = '']) =>
    name.startsWith('.') ? normalize(join(dirname(file), name)) : name,
  )
}
