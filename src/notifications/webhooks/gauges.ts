import type { Context } from '../../context.ts'
import type { Sql } from '../../ground/database/connection.ts'
import type { Gauges } from '../../ground/metrics/gauge.ts'

export const webhookGauges: Gauges<Context> = {
  trove_webhooks: {
    help: 'Webhooks: active, failing, disabled by Trove, or off.',
    labels: ['state'],
    look: async ({ database }) =>
      Object.entries(await countWebhooks(database.sql)).map(([state, webhooks]) => [{ state }, webhooks]),
  },
}

/** How many webhooks deliver, fail at present, were switched off by Trove, or by their owner. */
async function countWebhooks(
  sql: Sql,
): Promise<{ active: number; failing: number; disabled: number; off: number }> {
  const [counted] = await sql<{ active: number; failing: number; disabled: number; off: number }[]>`
    select count(*) filter (where is_active and failing_since is null) as active,
      count(*) filter (where is_active and failing_since is not null) as failing,
      count(*) filter (where not is_active and disabled_reason is not null) as disabled,
      count(*) filter (where not is_active and disabled_reason is null) as off
    from webhooks`
  return counted!
}
