import * as v from 'valibot'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { atMost, Id, StorableText, Time } from '../../../ground/http/schemas.ts'
import { BookmarkContentAnswer, Key, SourceType } from '../schema.ts'

const Note = v.nullable(
  v.pipe(
    StorableText,
    atMost(2000),
    v.transform(text => text.trim() || null),
  ),
)

export const BookmarkParams = v.object({ id: Key })

export const NewBookmarkBody = v.object({
  content_id: Key,
  content_source_type: v.optional(SourceType),
  note: v.optional(Note),
  pinned: v.optional(v.boolean()),
  is_public: v.optional(v.boolean()),
})

export const BookmarkChangeBody = v.pipe(
  v.object({
    note: v.optional(Note),
    pinned: v.optional(v.boolean()),
    is_public: v.optional(v.boolean()),
  }),
  v.check(body => Object.keys(body).length > 0, 'must name at least one field to change'),
)

export const BookmarkAnswer = v.object({
  id: v.nullable(Id),
  user_id: Id,
  content_id: Id,
  content_source_type: SourceType,
  note: v.nullable(v.string()),
  pinned: v.boolean(),
  is_public: v.boolean(),
  created_at: Time,
  updated_at: Time,
  content: v.nullable(BookmarkContentAnswer),
  user_rating: v.nullable(v.number()),
})
export type Bookmark = v.InferOutput<typeof BookmarkAnswer>

nameSchemas({ Bookmark: BookmarkAnswer, NewBookmark: NewBookmarkBody, BookmarkChange: BookmarkChangeBody })
