// What routes about other users share.
import type { Sql } from '../../ground/database/connection.ts'
import { notFound } from '../../ground/http/problems.ts'
import { lastAdmin } from '../problems.ts'
import type { ManagedUser } from './schema.ts'
import { countOtherAdmins, type UserRow } from './store.ts'

export const userNotFound = notFound('User not found')

/** The user as an answer shows them. */
export const shown = (user: UserRow): ManagedUser => ({ ...user, user_id: user.id, roles: [user.role] })

/** Somebody must be left who can let others in. @throws {Problem} 409 LAST_ADMIN */
export async function keepAnAdmin(tx: Sql, user: UserRow): Promise<void> {
  if (user.role !== 'admin' || !user.active) return
  if ((await countOtherAdmins(tx, user.id)) === 0) throw lastAdmin()
}
