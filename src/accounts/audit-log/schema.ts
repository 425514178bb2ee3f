import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { pagingAnswer, pagingQuery } from '../../ground/http/paging.ts'
import { Id, Time } from '../../ground/http/schemas.ts'

export const AuditQuery = v.object(pagingQuery())

export const AuditEntryAnswer = v.object({
  id: Id,
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
