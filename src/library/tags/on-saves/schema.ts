import * as v from 'valibot'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { Id } from '../../../ground/http/schemas.ts'

/** A tag as a save has it. */
export const SaveTagAnswer = v.object({
  id: Id,
  name: v.string(),
  source: v.picklist(['user', 'ai']),
})

nameSchemas({ SaveTag: SaveTagAnswer })
