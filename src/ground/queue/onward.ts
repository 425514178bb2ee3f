// Handing a job over to its successor. Normally the next queue is notified, polls and claims the job, and the jobs of one
// batch arrive one by one. To save that round trip, a job is inserted as not yet due until its whole batch has written, or,
// where it runs alone, already claimed by this process.
import type { Db } from 'pg-boss'
import type { Sql } from '../database/connection.ts'
import { together } from '../database/together.ts'
import { inTransaction } from './in-transaction.ts'
import type { Claim } from './running/try.ts'
import { claimSent, type HeldJob } from './store.ts'
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
