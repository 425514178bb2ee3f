import type { Sql } from '../../database/connection.ts'

export interface Window {
  /** Hits in this window, these included. */
  hits: number
  /** Unix seconds. */
  resets_at: number
  /** Milliseconds from now, by the database's clock, which all processes share. */
  resets_in: number
}

/** Adds `hits` to the key's window. Windows begin at whole multiples of their length, so this is one statement. */
export async function countHits(sql: Sql, key: string, seconds: number, hits: number): Promise<Window> {
  const [counted] = await sql<Window[]>`
    insert into rate_limits (key, window_start, hits)
    values (${key}, to_timestamp(floor(extract(epoch from now()) / ${seconds}::int) * ${seconds}::int), ${hits})
    on conflict (key, window_start) do update
    set hits = rate_limits.hits + excluded.hits
    returning hits, extract(epoch from window_start)::bigint + ${seconds}::int as resets_at,
      ceil((extract(epoch from window_start - now()) + ${seconds}::int) * 1000)::int as resets_in`
  return counted!
}

/** Drops windows that ended at least `seconds` ago, `most` at a time. */
export async function dropOldWindows(sql: Sql, seconds: number, most: number): Promise<void> {
  await sql`
    delete from rate_limits
    where (key, window_start) in (
      select key, window_start
      from rate_limits
      where window_start < now() - make_interval(secs => ${seconds})
      limit ${most}
      for update skip locked
    )`
}
