import type { Sql } from '../../src/ground/database/connection.ts'

/** Leaves a job that waits as the monitor does after its process has ended with it for the fourth time: the next claim gives it up. */
export async function leaveDying(sql: Sql, id: string): Promise<void> {
  await sql`
    update pgboss.job
    set state = 'retry', started_on = now(), retry_count = retry_limit - 2,
      output = '{"value": {"message": "job heartbeat timeout"}}'
    where id = ${id}`
}
