import * as v from 'valibot'
import { atLeast, atMost, Id, StorableText, Time } from '../http/schemas.ts'

export const ROLES = ['user', 'superuser', 'admin'] as const

export const Email = v.pipe(
  StorableText,
  v.trim(),
  v.toLowerCase(),
  atMost(254),
  v.email('must be an email address'),
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
