import type { Sql } from '../../database/connection.ts'

/** A job is between two transactions for moments only; this is far more than a moment. */
const QUIET = '10 minutes'

/** Contents that are not READY, have been quiet for ten minutes, and have no job that will go on with them. */
export async function findStranded(sql: Sql, most: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select c.id
    from shared_contents c
    where c.status in ('PENDING', 'PROCESSING')
      and c.updated_at < now() - ${QUIET}::interval
      and not exists (
        select
        from pgboss.job j
        where j.name in ('fetch-content', 'understand-content', 'embed-content')
          and j.state in ('created', 'retry', 'active')
          and j.data ->> 'attempt' = c.attempt::text
      )
    order by c.updated_at
    limit ${most}`
  return rows.map(({ id }) => id)
}
