import type { Db } from 'pg-boss'
import type postgres from 'postgres'
import type { Sql } from '../database/connection.ts'

/** Lets pg-boss run its statements inside our transaction. */
export function inTransaction(tx: Sql): Db {
  // postgres.js would encode a JSON string once more; a text parameter (OID 25) is sent as it is.
  const bind = (value: unknown) => {
    if (typeof value === 'string') return tx.typed(value as never, 25)
    return Array.isArray(value) ? `{${value.map(part => JSON.stringify(part)).join(',')}}` : value
  }
  return {
    // pg-boss has a handful of texts a queue. Prepared, each costs one round trip for two, and is planned once.
    executeSql: async (text, values = []) => ({
      rows: await tx.unsafe(text, values.map(bind) as postgres.ParameterOrJSON<never>[], { prepare: true }),
    }),
  }
}
