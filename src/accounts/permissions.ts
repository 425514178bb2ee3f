// Who may do what: the one table of it.

/** From the least to the most. */
export const ROLES = ['user', 'superuser', 'admin'] as const
export type Role = (typeof ROLES)[number]

const OWN = ['read', 'write'] as const

/** `operate` is the admin's pages, which ADMIN_USER signs in to. */
export const PERMISSIONS = {
  user: OWN,
  superuser: OWN,
  admin: [...OWN, 'operate'],
} as const satisfies Record<Role, readonly string[]>
export type Permission = (typeof PERMISSIONS)[Role][number]

export const mayDo = (role: Role, permission: Permission): boolean =>
  (PERMISSIONS[role] as readonly Permission[]).includes(permission)
