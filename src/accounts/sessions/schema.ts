import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { atMost, Id, StorableText, Time } from '../../ground/http/schemas.ts'

/** Any text that may be a token: that it is too long to be one is not worth a sentence. */
const TokenText = v.pipe(StorableText, atMost(4096))

export const RefreshBody = v.object({ refresh_token: TokenText })
export const RevokeBody = v.object({ token: TokenText })
export const LogoutBody = v.nullish(v.object({ all: v.optional(v.boolean(), false) }))

export const LogoutAnswer = v.object({ message: v.literal('Successfully logged out') })

export const SessionParams = v.object({ id: Id })
export const SessionAnswer = v.object({
  id: Id,
  is_current: v.boolean(),
  ip_address: v.nullable(v.string()),
  user_agent: v.nullable(v.string()),
  remember_me: v.boolean(),
  last_used_at: Time,
  expires_at: Time,
  created_at: Time,
})
export const SessionsAnswer = v.object({ sessions: v.array(SessionAnswer), total: v.number() })

nameSchemas({
  Refresh: RefreshBody,
  Revocation: RevokeBody,
  Session: SessionAnswer,
  Sessions: SessionsAnswer,
})
