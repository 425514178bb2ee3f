// Whose accounts somebody reaches: their own, a superuser those of normal users, an admin all.

import { problem } from '../../ground/http/problem.ts'
import type { Account } from '../admission/store.ts'
import { mayDo, type Permission, type Role } from '../permissions.ts'

export const mayNotView = problem(403, 'FORBIDDEN', 'Insufficient permissions to view this user')
export const mayNotUpdate = problem(403, 'FORBIDDEN', 'Insufficient permissions to update this user')

/** Who asks, as far as these rules look. */
type Actor = Pick<Account, 'id' | 'permissions'>
interface Target {
  id: string
  role: Role
}

/** Whether somebody's other account can be reached at all: unknown ones are told apart by admins alone. */
export const isAdmin = ({ permissions }: Actor): boolean => mayDo(permissions, 'admin')

const reaches = (actor: Actor, target: Target | undefined, permission: Permission): boolean =>
  isAdmin(actor) || (mayDo(actor.permissions, permission) && target !== undefined && target.role === 'normal')

export const mayView = (actor: Actor, id: string, target: Target | undefined): boolean =>
  actor.id === id || reaches(actor, target, 'read_user')

/** Whether somebody may change another one's account; what may be changed of one's own is another matter. */
export const mayManage = (actor: Actor, target: Target | undefined): boolean =>
  reaches(actor, target, 'update_user')
