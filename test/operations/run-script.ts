// The operator's scripts as processes, and what a test compares: every row that a database holds.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { openDatabase, type Sql } from '../../src/ground/database/connection.ts'
import { testConfig } from '../support/database.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Script {
  child: ChildProcess
  /** Resolves when it has printed this. */
  until(pattern: RegExp): Promise<void>
  ended: Promise<{ code: number | null; printed: string }>
}

/** Starts the program at `path` with `env` and nothing else of the caller's environment. */
export function startScript(path: string, args: string[], env: Record<string, string>): Script {
  const child = spawn(process.execPath, [path, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
  })
  let printed = ''
  const looks = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', data => {
      printed += data
      for (const look of looks) look()
    })
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, printed }))
  const until = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => pattern.test(printed) && resolve()
      looks.add(look)
      look()
      ended.then(() => reject(new Error(`It ended before it printed ${pattern}:\n${printed}`)))
    })
  return { child, until, ended }
}

export const runScript = (path: string, args: string[], env: Record<string, string>) =>
  startScript(path, args, env).ended

/** Runs `use` on the database of these settings, which no server has open. */
export async function withDatabase<T>(settings: Record<string, string>, use: (sql: Sql) => Promise<T>) {
  const { sql, close } = await openDatabase(testConfig(settings))
  try {
    return await use(sql)
  } finally {
    await close()
  }
}

/** The rows of every table as text, sorted, generated columns included. */
export async function readRows(
  settings: Record<string, string>,
  leaveOut: string[] = [],
): Promise<Record<string, string[]>> {
  return withDatabase(settings, async sql => {
    const tables = await sql<{ name: string }[]>`
      select relnamespace::regnamespace::text || '.' || relname as name
      from pg_class
      where relnamespace::regnamespace::text in ('public', 'pgboss') and relkind in ('r', 'p') and not relispartition
      order by 1`
    const rows: Record<string, string[]> = {}
    for (const { name } of tables.filter(({ name }) => !leaveOut.includes(name))) {
      const columns = await sql<{ name: string }[]>`
        select attname as name
        from pg_attribute
        where attrelid = ${name}::regclass and attnum > 0 and not attisdropped
        order by attname`
      const found = await sql<{ row: string }[]>`
        select r::text as row from (select ${sql(columns.map(column => column.name))} from ${sql(name)}) r`
      rows[name] = found.map(({ row }) => row).sort()
    }
    return rows
  })
}
