import type { Sql } from '../../database/connection.ts'

/** What answers: the database, its vector extension, the queue's tables. All false when the database is away. */
export async function checkDatabase(
  sql: Sql,
): Promise<{ database: boolean; vectors: boolean; queue: boolean }> {
  try {
    const [found] = await sql<{ vectors: boolean; queue: boolean }[]>`
      select exists (select from pg_extension where extname = 'vector') as vectors,
        to_regclass('pgboss.job') is not null as queue`
    return { database: true, ...found! }
  } catch {
    return { database: false, vectors: false, queue: false }
  }
}
