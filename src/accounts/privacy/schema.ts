import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { Id, Time } from '../../ground/http/schemas.ts'
import { TriedPassword } from '../schema.ts'

export const DeletionBody = v.nullish(v.object({ password: v.optional(TriedPassword) }))

export const DeletionAnswer = v.object({
  request_id: Id,
  status: v.picklist(['scheduled', 'running']),
  scheduled_for: Time,
})

const Row = v.record(v.string(), v.unknown())

export const ExportAnswer = v.object({
  format: v.literal('trove-export'),
  version: v.literal(1),
  exported_at: Time,
  user: Row,
  tables: v.record(v.string(), v.array(Row)),
  contents: v.array(Row),
})

nameSchemas({ DeletionRequest: DeletionBody, Deletion: DeletionAnswer, Export: ExportAnswer })
