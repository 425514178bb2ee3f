import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { pagingAnswer, pagingQuery } from '../../ground/http/paging.ts'
import { Id, Time } from '../../ground/http/schemas.ts'
import { ContentDetailAnswer } from '../contents/schema.ts'
import { SaveDetailAnswer } from '../items/schema.ts'
import { TRASH_KINDS } from './kinds.ts'

const Kind = v.picklist(TRASH_KINDS)

export const TrashedThing = v.object({
  id: Id,
  kind: Kind,
  title: v.nullable(v.string()),
  url: v.optional(v.string()),
  deleted_at: Time,
  expires_at: Time,
})

export const TrashQuery = v.object(pagingQuery())
export const TrashAnswer = v.object({ items: v.array(TrashedThing), ...pagingAnswer })

/** A save as its item is shown; of what is none the id alone. */
export const RestoredAnswer = v.object({
  id: Id,
  kind: Kind,
  save: v.optional(SaveDetailAnswer),
  content: v.optional(ContentDetailAnswer),
})

export const EmptiedAnswer = v.object({ deleted: v.number() })

nameSchemas({
  Trash: TrashAnswer,
  TrashedThing,
  Restored: RestoredAnswer,
  EmptiedTrash: EmptiedAnswer,
})
