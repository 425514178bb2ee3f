// Who may do what: the one table of it.

/** From the least to the most. */
export const ROLES = ['normal', 'superuser', 'admin'] as const
export type Role = (typeof ROLES)[number]

const NORMAL = ['read', 'write', 'use_chat'] as const
const SUPERUSER = [...NORMAL, 'read_user', 'update_user', 'read_health'] as const

/**
 * `read_user` and `update_user` reach other people's accounts, of a superuser those of normal users only. `admin` is all
 * that is left to admins, `operate` the pages under /admin, which ADMIN_USER signs in to, too.
 */
export const PERMISSIONS = {
  normal: NORMAL,
  superuser: SUPERUSER,
  admin: [...SUPERUSER, 'admin', 'operate'],
} as const satisfies Record<Role, readonly string[]>

/** What a role may. */
export type RolePermission = (typeof PERMISSIONS)[Role][number]
/** What a route may ask for: `save` is the part of `write` that saves a link, for tokens that may do no more. */
export type Permission = RolePermission | 'save'

/** What a personal token may be limited to. */
export const SCOPES = {
  read: 'read',
  save: 'save',
  write: 'write',
  chat: 'use_chat',
} as const satisfies Record<string, Permission>
export type Scope = keyof typeof SCOPES

/** What programs may be allowed (`POST /v1/integrations/clients`). */
export const CLIENT_PERMISSIONS = [...SUPERUSER, 'admin'] as const
export type ClientPermission = (typeof CLIENT_PERMISSIONS)[number]

export const permissionsOf = (role: Role): readonly RolePermission[] => PERMISSIONS[role]

/** Whether who has these permissions may do what takes that one. */
export const mayDo = (has: readonly Permission[], permission: Permission): boolean =>
  has.includes(permission) || (permission === 'save' && has.includes('write'))

/** What is left of permissions for whom only some were given: a token's scopes, a client's list. */
export const narrow = (has: readonly Permission[], to: readonly Permission[]): Permission[] =>
  to.filter(permission => mayDo(has, permission))
