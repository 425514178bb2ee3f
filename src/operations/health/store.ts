import type { Sql } from '../../ground/database/connection.ts'
import { hasQueue } from '../../ground/queue/tables.ts'
import { ask } from '../metrics/store.ts'

/** A database that is slow, or a pool that is busy, is no reason to send everybody elsewhere at once. */
const PATIENCE_MS = 500

/** What answers: the database, its vector extension, the queue's tables. All false when the database is away. */
export async function checkDatabase(
  sql: Sql,
): Promise<{ database: boolean; vectors: boolean; queue: boolean }> {
  try {
    const [found] = await sql<{ vectors: boolean; queue: boolean }[]>`
      select exists (select from pg_extension where extname = 'vector') as vectors,
        ${hasQueue(sql)} as queue`
    return { database: true, ...found! }
  } catch {
    return { database: false, vectors: false, queue: false }
  }
}

/** @throws what the client reports, when the database is away. */
export async function expectDatabase(sql: Sql): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, PATIENCE_MS)
  await Promise.race([ask(sql), late]).finally(() => clearTimeout(timer))
}
