import * as v from 'valibot'
import { Id, StorableText, Time } from '../http/schemas.ts'

export const ROLES = ['user', 'superuser', 'admin'] as const

export const Email = v.pipe(
  StorableText,
  v.trim(),
  v.toLowerCase(),
  v.maxLength(254, 'must be at most 254 characters'),
  v.email('must be an email address'),
)

export const RegisterBody = v.object({
  email: Email,
  password: v.pipe(
    StorableText,
    v.minLength(8, 'must be at least 8 characters'),
    v.maxLength(128, 'must be at most 128 characters'),
  ),
})

/** A password of any length may be tried: that it is too short to be right is not said. */
export const LoginBody = v.object({
  email: Email,
  password: v.pipe(StorableText, v.maxLength(1024, 'must be at most 1024 characters')),
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
