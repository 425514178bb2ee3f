// What the provider's models were asked and what it cost, by UTC day.
import type { Sql } from '../../ground/database/connection.ts'

export interface Usage {
  tokens_in: number
  tokens_out: number
  /** US dollars. */
  cost_usd: number
}

const MICRO_DOLLARS = 1e6

/**
 * Adds one call to today's row of its model. A cost is rounded up to a millionth of a dollar: the ceiling may be
 * met early, never late. Does not wait for the disk, as the ceiling waits for it: a crash of the server may forget the
 * last half second.
 */
export async function recordUsage(sql: Sql, { model, ...usage }: Usage & { model: string }): Promise<void> {
  // Less than a billionth is an error of the arithmetic, not a cost.
  const cost = Math.ceil(Number((usage.cost_usd * MICRO_DOLLARS).toFixed(3))) / MICRO_DOLLARS
  await sql`
    with setting as materialized (select set_config('synchronous_commit', 'off', true))
    insert into model_usage as u (day, model, calls, tokens_in, tokens_out, cost_usd)
    select (now() at time zone 'utc')::date, ${model}, 1, ${usage.tokens_in}::bigint, ${usage.tokens_out}::bigint, ${cost}::numeric
    from setting
    on conflict (day, model) do update set
      calls = u.calls + 1,
      tokens_in = u.tokens_in + excluded.tokens_in,
      tokens_out = u.tokens_out + excluded.tokens_out,
      cost_usd = u.cost_usd + excluded.cost_usd`
}

/** What all models have cost this UTC day, in US dollars. */
export async function spentToday(sql: Sql): Promise<number> {
  const [today] = await sql<{ spent: number }[]>`
    select coalesce(sum(cost_usd), 0)::float8 as spent
    from model_usage
    where day = (now() at time zone 'utc')::date`
  return today!.spent
}
