// Whether tables lie on several machines (docs/decisions/0021-one-postgres.md). Then what lists and search read of contents
// lies beside each user's saves, and whoever writes the one writes the other.
import type { Database, Pool, Sql } from './connection.ts'

const known = new WeakSet<Sql>()

/** Whether the tables are spread: of a pool, or of a transaction of one. */
export const isSpread = (sql: Sql): boolean => known.has(sql)

/** Asks once how the tables lie. To be awaited before stores are asked. */
export async function readLayout({ sql, byKey, direct }: Database): Promise<void> {
  // Written by sql/spread.sql. A setting, so that it goes with the copies where a backup takes them.
  const spread = await sql`
    select
    from server_settings
    where name = 'layout' and value = 'spread'`
  if (spread.length > 0) for (const pool of new Set([sql, byKey, direct])) know(pool)
}

/** Notes a pool, and each transaction of it when it begins. */
function know(pool: Pool): void {
  if (known.has(pool)) return
  known.add(pool)
  const begin = pool.begin as (...args: unknown[]) => Promise<unknown>
  pool.begin = ((...args: unknown[]) => {
    const work = args.pop() as (tx: Sql) => unknown
    const noted = (tx: Sql) => {
      known.add(tx)
      return work(tx)
    }
    return begin(...args, noted)
  }) as Pool['begin']
}
