// Whether tables lie on several machines (docs/decisions/0021-one-postgres.md). Then what lists and search read of contents
// lies beside the saves of each user, and whoever writes one writes the other.
import type { Database, Sql } from './connection.ts'

/** In server_settings; sql/spread.sql writes it, and it goes where the rows go, as the copies do. */
const SETTING = 'saved_copies'

const keeping = new WeakSet<object>()

/** Whether what a user reads of contents lies beside their saves: asked of a pool, or of a transaction of one. */
export const keepsCopies = (sql: Sql): boolean => keeping.has(sql)

/** Asks the database once how its tables lie. To be awaited before anything else is asked of a migrated database. */
export async function readLayout({ sql, byKey, direct }: Database): Promise<void> {
  const settings = await sql`
    select
    from server_settings
    where name = ${SETTING}`
  if (settings.length > 0) for (const pool of new Set([sql, byKey, direct])) keepCopies(pool)
}

/** Lets a pool and its transactions be known. */
function keepCopies(pool: Database['sql']): void {
  if (keeping.has(pool)) return
  keeping.add(pool)
  const begin = pool.begin as (...args: unknown[]) => Promise<unknown>
  const beginKnown = (...args: unknown[]) => {
    const work = args.pop() as (tx: Sql) => unknown
    return begin(...args, (tx: Sql) => {
      keeping.add(tx)
      return work(tx)
    })
  }
  pool.begin = beginKnown as typeof pool.begin
}
