import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { atLeast, atMost, Id, list, StorableText, Time } from '../../ground/http/schemas.ts'
import { SCOPES, type Scope } from '../permissions.ts'
import { FutureTime } from '../schema.ts'

const NAMES = Object.keys(SCOPES) as Scope[]
const ScopeName = v.picklist(NAMES, `must be one of: ${NAMES.join(', ')}`)

export const TokenBody = v.object({
  name: v.pipe(StorableText, v.trim(), atLeast(1), atMost(100)),
  scopes: list(ScopeName, 1, NAMES.length),
  expires_at: v.optional(v.nullable(FutureTime), null),
})

export const TokenParams = v.object({ id: Id })

const token = {
  id: Id,
  name: v.string(),
  scopes: v.array(ScopeName),
  expires_at: v.nullable(Time),
  last_used_at: v.nullable(Time),
  created_at: Time,
}
export const TokenAnswer = v.object(token)
export const MadeTokenAnswer = v.object({ ...token, token: v.string() })
export const TokensAnswer = v.object({ tokens: v.array(TokenAnswer), total: v.number() })

nameSchemas({
  NewPersonalToken: TokenBody,
  PersonalToken: TokenAnswer,
  MadePersonalToken: MadeTokenAnswer,
  PersonalTokens: TokensAnswer,
})
