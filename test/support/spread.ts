import type { Database } from '../../src/ground/database/connection.ts'
import { readLayout } from '../../src/ground/database/layout.ts'

/** Has a database kept and read as one whose tables are spread, on one PostgreSQL: a cluster is not to be had in a test. */
export async function spread(database: Database): Promise<void> {
  await database.sql`insert into server_settings (name, value) values ('layout', 'spread')`
  await readLayout(database)
}
