// Whose collections a request is about: the caller's, or for an admin those of the user that it names.
import type { Account } from '../../accounts/admission/store.ts'
import { isAdmin } from '../../accounts/users/rules.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { overUsers } from '../../ground/database/row-security.ts'
import { notTheirs } from './problems.ts'

/** @throws {Problem} 403 for another user, unless an admin asks */
export function ownerOf(user: Account, named: string = user.id): string {
  if (named !== user.id && !isAdmin(user)) throw notTheirs()
  return named
}

/** Runs what writes rows of `owner`, of whom the transaction may not act. */
export const asOwner = <T>(tx: Sql, user: Account, owner: string, work: () => Promise<T>): Promise<T> =>
  owner === user.id ? work() : overUsers(tx, work)
