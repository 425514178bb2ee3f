import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { pagingAnswer, pagingQuery } from '../../ground/http/paging.ts'
import { Id, Time } from '../../ground/http/schemas.ts'

export const BackupParams = v.object({ id: Id })
export const BackupsQuery = v.object(pagingQuery())

export const BackupAnswer = v.object({
  id: Id,
  status: v.picklist(['PENDING', 'PROCESSING', 'READY', 'FAILED']),
  bytes: v.nullable(v.number()),
  sha256: v.nullable(v.string()),
  counts: v.nullable(v.record(v.string(), v.number())),
  error_message: v.nullable(v.string()),
  created_by: Id,
  verified_at: v.nullable(Time),
  finished_at: v.nullable(Time),
  created_at: Time,
})

export const BegunAnswer = v.object({
  ...BackupAnswer.entries,
  job_id: Id,
  links: v.object({ self: v.string(), job: v.string() }),
})

export const BackupsAnswer = v.object({ backups: v.array(BackupAnswer), ...pagingAnswer })

export const VerifyAnswer = v.object({
  valid: v.boolean(),
  checks: v.array(v.object({ check: v.picklist(['file', 'checksum', 'rows']), ok: v.boolean() })),
})

nameSchemas({
  Backup: BackupAnswer,
  BegunBackup: BegunAnswer,
  Backups: BackupsAnswer,
  Verification: VerifyAnswer,
})
