import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { atMost, Id, StorableText, Time } from '../../ground/http/schemas.ts'
import { Email, LONGEST_PASSWORD, NewPassword, TriedPassword } from '../schema.ts'

export const ChangeBody = v.object({ current_password: v.optional(TriedPassword), new_password: NewPassword })

/** Somebody is still typing: what is too short is told so, and an email may be a part of one. */
export const ValidateBody = v.object({
  password: v.pipe(StorableText, atMost(LONGEST_PASSWORD)),
  email: v.optional(v.pipe(StorableText, v.trim(), v.toLowerCase(), atMost(254))),
})
export const ValidateAnswer = v.object({
  valid: v.boolean(),
  score: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4)),
  feedback: v.array(v.string()),
})

export const RequestBody = v.object({ email: Email })
export const RequestAnswer = v.object({ message: v.string() })

export const ConfirmBody = v.object({ token: v.pipe(StorableText, atMost(4096)), new_password: NewPassword })

export const ResetParams = v.object({ id: Id })
export const ResetAnswer = v.object({ reset_url: v.nullable(v.string()), expires_at: v.nullable(Time) })

nameSchemas({
  PasswordChange: ChangeBody,
  PasswordCheck: ValidateBody,
  PasswordStrength: ValidateAnswer,
  ResetRequest: RequestBody,
  ResetConfirmation: ConfirmBody,
  ResetLink: ResetAnswer,
})
