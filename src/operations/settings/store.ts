import type { Sql } from '../../ground/database/connection.ts'

/** Of the server, and of its extension for vectors; null where that is missing. */
export async function findVersions(
  sql: Sql,
): Promise<{ server_version: string; vector_version: string | null }> {
  const [found] = await sql<{ server_version: string; vector_version: string | null }[]>`
    select split_part(current_setting('server_version'), ' ', 1) as server_version,
      (select extversion from pg_extension where extname = 'vector') as vector_version`
  return found!
}
