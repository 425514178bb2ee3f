import * as v from 'valibot'
import { nameSchemas } from '../ground/http/openapi/named-schemas.ts'
import { atLeast, atMost, Id, StorableText, Time } from '../ground/http/schemas.ts'

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

export const RegisterBody = v.object({
  email: Email,
  password: v.pipe(StorableText, atLeast(8), atMost(128)),
})

/** A password of any length may be tried: that it is too short to be right is not said. */
export const LoginBody = v.object({
  email: Email,
  password: v.pipe(StorableText, atMost(1024)),
})

export const UserAnswer = v.object({ id: Id, email: v.string(), created_at: Time })
export type User = v.InferOutput<typeof UserAnswer>

export const AuthAnswer = v.object({
  user: UserAnswer,
  access_token: v.string(),
  token_type: v.literal('bearer'),
  /** Seconds. */
  expires_in: v.number(),
})

nameSchemas({ User: UserAnswer, SignedIn: AuthAnswer, Registration: RegisterBody, Login: LoginBody })
