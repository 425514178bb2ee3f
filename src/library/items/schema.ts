import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { atMost, Id, list, StorableText, Time } from '../../ground/http/schemas.ts'
import { CATEGORIES } from '../../vocabulary.ts'
import { ContentAnswer, ContentDetailAnswer } from '../contents/schema.ts'
import { TagNames } from '../tags/names.ts'
import { SaveTagAnswer } from '../tags/on-saves/schema.ts'
import { withoutTags } from './html-elements.ts'

/** A user's own words about a save, without the tags of HTML elements. Nothing but blanks is no note. */
const Note = v.nullable(
  v.pipe(
    StorableText,
    atMost(500),
    v.transform(text => withoutTags(text).trim() || null),
  ),
)

export const SaveBody = v.object({ url: StorableText, raw_share_text: v.optional(Note) })

/** Any text may stand as a link: one that is none is told so in its own result. */
export const BatchBody = v.object({
  items: list(v.object({ url: v.string(), raw_share_text: v.optional(Note) }), 1, 100),
})

export const BatchAnswer = v.object({
  /** One for each item of the request, in its order. */
  results: v.array(
    v.object({
      url: v.string(),
      status: v.picklist(['saved', 'duplicate', 'invalid']),
      save_id: v.optional(Id),
      detail: v.optional(v.string()),
    }),
  ),
})
export type BatchResult = v.InferOutput<typeof BatchAnswer>['results'][number]

const ownCategory = v.picklist(CATEGORIES, `must be one of: ${CATEGORIES.join(', ')}`)

export const EditBody = v.pipe(
  v.object({
    is_favorited: v.optional(v.boolean()),
    is_archived: v.optional(v.boolean()),
    raw_share_text: v.optional(Note),
    title: v.optional(
      v.nullable(v.pipe(StorableText, v.trim(), v.minLength(1, 'must not be empty'), atMost(500))),
    ),
    category_high: v.optional(v.nullable(ownCategory)),
    tags: v.optional(TagNames),
  }),
  v.check(body => Object.keys(body).length > 0, 'must name at least one field to change'),
)

export const ReprocessAnswer = v.object({ job_id: Id })

export const SaveAnswer = v.object({
  id: Id,
  user_id: Id,
  shared_content_id: Id,
  raw_share_text: v.nullable(v.string()),
  is_favorited: v.boolean(),
  is_archived: v.boolean(),
  own_title: v.nullable(v.string()),
  own_category: v.nullable(v.picklist(CATEGORIES)),
  tags: v.array(SaveTagAnswer),
  created_at: Time,
})

export const SaveDetailAnswer = v.object({
  ...SaveAnswer.entries,
  last_viewed_at: v.nullable(Time),
  updated_at: Time,
})

export const ItemAnswer = v.object({ save: SaveAnswer, content: ContentAnswer })
export type Item = v.InferOutput<typeof ItemAnswer>

export const ItemDetail = v.object({ save: SaveDetailAnswer, content: ContentDetailAnswer })
export type ItemDetail = v.InferOutput<typeof ItemDetail>

export const SavedAnswer = v.object({
  ...ItemAnswer.entries,
  message: v.string(),
  /** The job that was sent, or null when the content is READY or has one already. */
  job_id: v.nullable(Id),
})

nameSchemas({
  Batch: BatchBody,
  BatchResults: BatchAnswer,
  SaveChange: EditBody,
  Item: ItemAnswer,
  ItemDetail,
  Save: SaveAnswer,
  NewSave: SaveBody,
  SaveDetail: SaveDetailAnswer,
  SavedItem: SavedAnswer,
})
