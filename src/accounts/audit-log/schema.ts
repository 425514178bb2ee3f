import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { pagingAnswer, pagingQuery } from '../../ground/http/paging.ts'
import { atMost, Id, QueryTime, StorableText, Time } from '../../ground/http/schemas.ts'
import { UserId } from '../users/schema.ts'

export const AuditQuery = v.object({
  ...pagingQuery(),
  user_id: v.optional(v.union([UserId, v.literal('all')], 'must be a UUID, or all')),
  action: v.optional(v.pipe(StorableText, atMost(100))),
  from: QueryTime,
  to: QueryTime,
})

export const AuditEntryAnswer = v.object({
  id: Id,
  user_id: v.nullable(Id),
  action: v.pipe(v.string(), v.description('What was done: register, login, login_failed, save, edit, …')),
  resource_type: v.pipe(v.string(), v.description('To what.')),
  resource_id: v.nullable(Id),
  details: v.record(v.string(), v.unknown()),
  ip_address: v.nullable(v.string()),
  user_agent: v.nullable(v.string()),
  request_id: v.nullable(v.string()),
  created_at: Time,
})
export type AuditEntryAnswer = v.InferOutput<typeof AuditEntryAnswer>

export const AuditAnswer = v.object({ entries: v.array(AuditEntryAnswer), ...pagingAnswer })

nameSchemas({ AuditEntry: AuditEntryAnswer, AuditPage: AuditAnswer })
