import * as v from 'valibot'
import { nameSchemas } from '../ground/http/openapi/named-schemas.ts'
import { atLeast, atMost, Id, StorableText, Time } from '../ground/http/schemas.ts'
import { ROLES } from './permissions.ts'
import { REGISTRATIONS, TIERS } from './variables.ts'

/** As the HTML standard takes addresses, at a name with a dot; and letters of all scripts before the @ (RFC 6531). */
const ADDRESS =
  /^[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/u

/** A name of letters of other scripts becomes the one that mail is sent to (IDNA). */
function withAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  if (at < 1 || /^[\x21-\x7e]*$/.test(domain)) return address.normalize('NFC')
  const host = URL.parse(`http://${domain}`)?.host ?? domain
  return `${address.slice(0, at).normalize('NFC')}@${host}`
}

export const Email = v.pipe(
  StorableText,
  v.trim(),
  v.toLowerCase(),
  atMost(254),
  v.transform(withAsciiDomain),
  atMost(254),
  { ...v.email<string, string>('must be an email address'), requirement: ADDRESS },
)

/** A name to sign in by, beside the email: never one itself. */
export const Username = v.pipe(
  StorableText,
  v.trim(),
  v.toLowerCase(),
  v.regex(/^[a-z0-9_-]{3,40}$/, 'must be 3 to 40 of a-z, 0-9, _ and -'),
)

export const SHORTEST_PASSWORD = 8
export const LONGEST_PASSWORD = 128

export const NewPassword = v.pipe(StorableText, atLeast(SHORTEST_PASSWORD), atMost(LONGEST_PASSWORD))

/** A password of any length may be tried: that it is too short to be right is not said. */
export const TriedPassword = v.pipe(StorableText, atMost(1024))

export const RegisterBody = v.object({
  email: Email,
  password: NewPassword,
  username: v.optional(Username),
  remember_me: v.optional(v.boolean(), false),
  invitation: v.optional(v.pipe(StorableText, atMost(200))),
})

/** By email or by username; `username` may hold the one or the other. */
export const LoginBody = v.pipe(
  v.object({
    email: v.optional(Email),
    username: v.optional(v.pipe(StorableText, v.trim(), v.toLowerCase(), atMost(254))),
    password: TriedPassword,
    remember_me: v.optional(v.boolean(), false),
  }),
  v.forward(
    v.check(({ email, username }) => (email ?? username) !== undefined, 'is required, or `username`'),
    ['email'],
  ),
)

/** A time that is still to come, as the database has it. */
export const FutureTime = v.pipe(
  v.string(),
  v.isoTimestamp('must be a time such as 2026-12-31T23:59:59Z'),
  v.check(time => Date.parse(time) > Date.now(), 'must be a time that is still to come'),
  v.transform(time => new Date(time).toISOString()),
)

export const TierName = v.picklist(TIERS, `must be one of: ${TIERS.join(', ')}`)
export const RoleName = v.picklist(ROLES, `must be one of: ${ROLES.join(', ')}`)

export const UserAnswer = v.object({
  id: Id,
  email: v.string(),
  username: v.nullable(v.string()),
  role: RoleName,
  roles: v.array(RoleName),
  subscription_tier: TierName,
  must_change_password: v.boolean(),
  created_at: Time,
})

export const AuthAnswer = v.object({
  user: UserAnswer,
  access_token: v.string(),
  token_type: v.literal('bearer'),
  /** Seconds. */
  expires_in: v.number(),
  refresh_token: v.string(),
  /** Seconds. */
  refresh_expires_in: v.number(),
})
export type SignedIn = v.InferOutput<typeof AuthAnswer>

export const WaysAnswer = v.object({
  registration: v.picklist(REGISTRATIONS),
  oidc: v.boolean(),
  mail: v.boolean(),
})

/** Text of a profile; null takes it away. */
const profileText = (most: number) =>
  v.optional(v.nullable(v.pipe(StorableText, v.trim(), atLeast(1), atMost(most))))

const Locale = v.pipe(
  StorableText,
  atMost(35),
  v.check(isLocale, 'must be a language tag such as en or pt-BR'),
)
const Timezone = v.pipe(
  StorableText,
  atMost(64),
  v.check(isTimezone, 'must be a time zone such as Europe/Rome'),
)

/** What everybody may change of themselves. */
export const ProfileBody = v.object({
  username: v.optional(v.nullable(Username)),
  full_name: profileText(200),
  company_name: profileText(200),
  locale: v.optional(v.nullable(Locale)),
  timezone: v.optional(v.nullable(Timezone)),
})

export const MeAnswer = v.object({
  ...UserAnswer.entries,
  full_name: v.nullable(v.string()),
  company_name: v.nullable(v.string()),
  locale: v.nullable(v.string()),
  timezone: v.nullable(v.string()),
  permissions: v.array(v.string()),
  erase_at: v.nullable(Time),
})

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

nameSchemas({
  User: UserAnswer,
  SignedIn: AuthAnswer,
  Registration: RegisterBody,
  Login: LoginBody,
  Me: MeAnswer,
  Profile: ProfileBody,
})
