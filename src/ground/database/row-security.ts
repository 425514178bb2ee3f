// The second lock: what a request writes, it writes as its user, who sees no rows of others (sql/0024). What concerns other
// users as well steps out of that, and says so.
import type { Pool, Sql } from './connection.ts'
import { together } from './together.ts'

const secured = new WeakMap<Pool, boolean>()

/** Transactions that act as somebody: as whom, and how many parts of them reach over all users at present. */
const acting = new WeakMap<Sql, { user_id: string; outside: number }>()

/**
 * Gives the role of requests what it needs by now, at a start: the queue has made its tables.
 * @returns whether requests act as their users; false where the database's user may not use the role
 */
export async function secureRows(sql: Pool): Promise<boolean> {
  const [granted] = await sql<{ is_secured: boolean }[]>`select grant_rows() as is_secured`
  secured.set(sql, granted!.is_secured)
  return granted!.is_secured
}

/** What `secureRows` found for a pool; undefined before it was asked. */
export const rowSecurity = (sql: Pool): boolean | undefined => secured.get(sql)

/** Runs the rest of a transaction as a user. What it asks first goes to the server with this, in one round trip. */
export async function actingAs<T>(tx: Sql, user_id: string, work: () => Promise<T>): Promise<T> {
  acting.set(tx, { user_id, outside: 0 })
  const [, result] = await together(tx`select act_as(${user_id})`.execute(), work())
  return result
}

/**
 * Runs a part of a transaction that reaches rows of other users: those who saved the same content. Where nobody is acted
 * as, it is just run.
 */
export async function overUsers<T>(tx: Sql, work: () => Promise<T>): Promise<T> {
  const as = acting.get(tx)
  if (!as) return work()
  // Several parts may be under way, since statements do not wait for each other.
  if (as.outside++ === 0) await tx`reset role`
  try {
    return await work()
  } finally {
    if (--as.outside === 0) await tx`select act_as(${as.user_id})`
  }
}
