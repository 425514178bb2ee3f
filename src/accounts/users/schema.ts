import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import {
  atMost,
  Id,
  jsonObject,
  QueryBoolean,
  queryInteger,
  StorableText,
  Time,
} from '../../ground/http/schemas.ts'
import { Email, NewPassword, ProfileBody, RoleName, TierName, Username } from '../schema.ts'

/** The role of before is understood, too. */
export const GivenRole = v.pipe(
  v.picklist(['normal', 'superuser', 'admin', 'user'], 'must be one of: normal, superuser, admin'),
  v.transform(role => (role === 'user' ? 'normal' : role)),
)

/** For a client, which alone knows what it means. */
export const Preferences = jsonObject(16)

/** Compared with the caller's own, and Postgres writes ids so. */
export const UserId = v.pipe(Id, v.toLowerCase())
export const UserParams = v.object({ id: UserId })

export const UsersQuery = v.object({
  page: queryInteger(1, 1, 100_000),
  per_page: queryInteger(20, 1, 100),
  role: v.optional(GivenRole),
  active: QueryBoolean,
  deleted: QueryBoolean,
  search: v.optional(v.pipe(StorableText, v.trim(), atMost(254))),
})

interface Names {
  email?: string | undefined
  username?: string | null | undefined
}

/** `username` may hold the email, as other systems send it; then it is no other one. */
const isOneEmail = ({ email, username }: Names) => !email || !username?.includes('@') || username === email
const ONE_EMAIL = 'must be a username, or the same as `email`'

export const NewUserBody = v.pipe(
  v.object({
    ...ProfileBody.entries,
    email: v.optional(Email),
    username: v.optional(v.union([Username, Email], 'must be a username or an email address')),
    password: NewPassword,
    role: v.optional(GivenRole, 'normal'),
    must_change_password: v.optional(v.boolean(), true),
    subscription_tier: v.optional(TierName),
  }),
  v.forward(
    v.check(({ email, username }) => email !== undefined || username?.includes('@') === true, 'is required'),
    ['email'],
  ),
  v.forward(
    v.check(names => isOneEmail(names), ONE_EMAIL),
    ['username'],
  ),
)

export const EditUserBody = v.pipe(
  v.object({
    ...ProfileBody.entries,
    username: v.optional(v.nullable(v.union([Username, Email], 'must be a username or an email address'))),
    email: v.optional(Email),
    role: v.optional(GivenRole),
    active: v.optional(v.boolean()),
    must_change_password: v.optional(v.boolean()),
    subscription_tier: v.optional(TierName),
  }),
  v.forward(
    v.check(names => isOneEmail(names), ONE_EMAIL),
    ['username'],
  ),
)

export const StatusBody = v.object({ active: v.boolean() })
export const PreferencesBody = Preferences

export const ManagedUser = v.object({
  user_id: Id,
  id: Id,
  username: v.nullable(v.string()),
  email: v.string(),
  full_name: v.nullable(v.string()),
  company_name: v.nullable(v.string()),
  locale: v.nullable(v.string()),
  timezone: v.nullable(v.string()),
  role: RoleName,
  roles: v.array(RoleName),
  active: v.boolean(),
  subscription_tier: TierName,
  must_change_password: v.boolean(),
  preferences: v.record(v.string(), v.unknown()),
  created_by: v.nullable(Id),
  created_at: Time,
  updated_at: Time,
  last_login: v.nullable(Time),
  deleted_at: v.nullable(Time),
  erase_at: v.nullable(Time),
})
export type ManagedUser = v.InferOutput<typeof ManagedUser>

export const UsersAnswer = v.object({
  users: v.array(ManagedUser),
  total: v.number(),
  page: v.number(),
  per_page: v.number(),
  has_next: v.boolean(),
})

export const DeletedAnswer = v.object({ message: v.literal('User deleted successfully') })

nameSchemas({
  ManagedUser,
  Users: UsersAnswer,
  NewUser: NewUserBody,
  UserEdit: EditUserBody,
  UserStatus: StatusBody,
})
