// What models were asked today, and what it cost.
import type { Sql } from '../../ground/database/connection.ts'
import type { Gauges, Sample } from '../../ground/metrics/gauge.ts'

interface Asked {
  database: { sql: Sql }
  config: { MODEL_BUDGET_USD_DAY?: number | undefined }
}

export const MODEL_GAUGES: Gauges<Asked> = {
  trove_model_calls_today: {
    help: 'Calls since midnight UTC.',
    labels: ['model'],
    look: async ({ database }) =>
      (await findUsage(database.sql)).map(({ model, calls }) => [{ model }, calls]),
  },
  trove_model_cost_usd_today: {
    help: 'What a model cost since midnight UTC.',
    labels: ['model'],
    look: async ({ database }) =>
      (await findUsage(database.sql)).map(({ model, cost_usd }) => [{ model }, cost_usd]),
  },
  trove_model_tokens_today: {
    help: 'Tokens since midnight UTC.',
    labels: ['model', 'direction'],
    look: async ({ database }) =>
      (await findUsage(database.sql)).flatMap(({ model, tokens_in, tokens_out }): Sample[] => [
        [{ model, direction: 'in' }, tokens_in],
        [{ model, direction: 'out' }, tokens_out],
      ]),
  },
  trove_model_budget_usd_day: {
    help: 'The ceiling; 0 when there is none.',
    look: ({ config }) => config.MODEL_BUDGET_USD_DAY ?? 0,
  },
}

/** What each model was asked since midnight UTC, and what it cost in US dollars. */
async function findUsage(
  sql: Sql,
): Promise<{ model: string; calls: number; tokens_in: number; tokens_out: number; cost_usd: number }[]> {
  return sql<{ model: string; calls: number; tokens_in: number; tokens_out: number; cost_usd: number }[]>`
    select model, calls, tokens_in, tokens_out, cost_usd::float8
    from model_usage
    where day = (now() at time zone 'utc')::date
    order by model`
}
