// What a job sends on to the next one. Left to itself its queue is woken, looks and claims it; and the jobs of one batch
// come one by one. So it is kept out of everybody's sight: of a batch until all have written, of a job that ran alone
// for good, as this process claims it in the transaction that sends it.
import type { Db } from 'pg-boss'
import type { Sql } from '../database/connection.ts'
import { together } from '../database/together.ts'
import { inTransaction } from './in-transaction.ts'
import { claimSent, type HeldJob } from './store.ts'
import type { Claim } from './try.ts'
import type { Working } from './working.ts'

/** How long a job is kept back, should the process die before it lets it go. */
export const KEPT_SECONDS = 5

/** A job that was claimed as it was sent. A run is reserved for it, until that has ended or its transaction has failed. */
export interface Taken {
  working: Working
  claim: Claim
}

/** The jobs that one run sends on. */
export interface Onward {
  isAlone: boolean
  held: HeldJob[]
  taken: Taken[]
}

/** Sends a job in `tx` and claims it right behind that, in the same round trip. */
export function sendingAndClaiming(tx: Sql, job: HeldJob): Db {
  const { executeSql } = inTransaction(tx)
  return {
    executeSql: async (text, values) => {
      const [sent] = await together(executeSql(text, values), claimSent(tx, job))
      return sent
    },
  }
}
