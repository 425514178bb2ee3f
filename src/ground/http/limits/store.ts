import type { Sql } from '../../database/connection.ts'

export interface Window {
  /** Hits in this window, these included. */
  hits: number
  /** Unix seconds. */
  resets_at: number
  /** Milliseconds from now, by the database's clock, which all processes share. */
  resets_in: number
}

/** Windows begin at whole multiples of their length, so that the present one needs no question. */
const present = (sql: Sql, seconds: number) => sql`
  to_timestamp(floor(extract(epoch from now()) / ${seconds}::int) * ${seconds}::int)`

const columns = (sql: Sql, seconds: number) => sql`
  hits, extract(epoch from window_start)::bigint + ${seconds}::int as resets_at,
  ceil((extract(epoch from window_start - now()) + ${seconds}::int) * 1000)::int as resets_in`

/** Adds `hits` to the key's window. */
export async function countHits(sql: Sql, key: string, seconds: number, hits: number): Promise<Window> {
  const [counted] = await sql<Window[]>`
    insert into rate_limits (key, window_start, hits)
    values (${key}, ${present(sql, seconds)}, ${hits})
    on conflict (key, window_start) do update
    set hits = rate_limits.hits + excluded.hits
    returning ${columns(sql, seconds)}`
  return counted!
}

/**
 * Adds `hits` to the key's window if all of them fit.
 * @param hits at most `quota`
 * @returns the window, and whether they were added.
 */
export async function countWhole(
  sql: Sql,
  key: string,
  { quota, seconds }: { quota: number; seconds: number },
  hits: number,
): Promise<Window & { fits: boolean }> {
  for (;;) {
    const [counted] = await sql<Window[]>`
      insert into rate_limits (key, window_start, hits)
      values (${key}, ${present(sql, seconds)}, ${hits})
      on conflict (key, window_start) do update
      set hits = rate_limits.hits + excluded.hits
      where rate_limits.hits + excluded.hits <= ${quota}
      returning ${columns(sql, seconds)}`
    if (counted) return { ...counted, fits: true }
    const [full] = await sql<Window[]>`
      select ${columns(sql, seconds)}
      from rate_limits
      where key = ${key} and window_start = ${present(sql, seconds)}`
    // None: a window ended in between.
    if (full) return { ...full, fits: false }
  }
}

/** Takes one hit off the window that ends at `resetsAt`, where it is still kept. */
export async function uncountHit(sql: Sql, key: string, seconds: number, resetsAt: number): Promise<void> {
  await sql`
    update rate_limits
    set hits = hits - 1
    where key = ${key} and window_start = to_timestamp(${resetsAt - seconds}) and hits > 0`
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

/** Drops what is counted of a user. */
export async function dropCountsOf(sql: Sql, userId: string): Promise<void> {
  await sql`
    delete from rate_limits
    where strpos(key, ${userId}) > 0`
}
