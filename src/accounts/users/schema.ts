import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import {
  atMost,
  Id,
  QueryBoolean,
  queryInteger,
  READ_AS,
  StorableText,
  Time,
} from '../../ground/http/schemas.ts'
import { Email, NewPassword, ProfileBody, RoleName, TierName, Username } from '../schema.ts'

/** The role of before is understood, too. */
export const GivenRole = v.pipe(
  v.picklist(['normal', 'superuser', 'admin', 'user'], 'must be one of: normal, superuser, admin'),
  v.transform(role => (role === 'user' ? 'normal' : role)),
)

const LARGEST_PREFERENCES = 16_384

/** Any JSON object, kept as it is. */
export const Preferences = v.pipe(
  // A record would take a list, and make an object of it.
  v.custom<Record<string, unknown>>(
    value => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object',
  ),
  v.metadata({ [READ_AS]: { type: 'object', additionalProperties: true } }),
  v.check(
    value => Buffer.byteLength(JSON.stringify(value)) <= LARGEST_PREFERENCES,
    'must be at most 16 KB of JSON',
  ),
  v.check(value => !JSON.stringify(value).includes('\\u0000'), 'must be text without NUL'),
)

export const UserParams = v.object({ id: Id })

export const UsersQuery = v.object({
  page: queryInteger(1, 1, 100_000),
  per_page: queryInteger(20, 1, 100),
  role: v.optional(GivenRole),
  active: QueryBoolean,
  deleted: QueryBoolean,
  search: v.optional(v.pipe(StorableText, v.trim(), atMost(254))),
})

/** `username` may hold the email, as other systems send it. */
export const NewUserBody = v.pipe(
  v.object({
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
)

export const EditUserBody = v.object({
  ...ProfileBody.entries,
  username: v.optional(v.nullable(v.union([Username, Email], 'must be a username or an email address'))),
  email: v.optional(Email),
  role: v.optional(GivenRole),
  active: v.optional(v.boolean()),
  must_change_password: v.optional(v.boolean()),
  subscription_tier: v.optional(TierName),
})

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
