import * as v from 'valibot'
import { Id, QueryBoolean, queryInteger, SortOrder, StorableText, Time } from '../../http/schemas.ts'
import { CATEGORIES, STATUSES } from '../../vocabulary.ts'
import { ContentAnswer, ContentDetailAnswer } from '../contents/schema.ts'

export const SaveBody = v.object({
  url: StorableText,
  raw_share_text: v.optional(
    v.nullable(
      v.pipe(
        StorableText,
        v.maxLength(500, 'must be at most 500 characters'),
        v.transform(text => text.replace(/<[^>]*>/g, '').trim() || null),
      ),
    ),
  ),
})

export const SaveAnswer = v.object({
  id: Id,
  user_id: Id,
  shared_content_id: Id,
  raw_share_text: v.nullable(v.string()),
  is_favorited: v.boolean(),
  is_archived: v.boolean(),
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

export const SORTS = ['created_at', 'updated_at', 'last_viewed_at', 'title', 'save_count'] as const

export const ListQuery = v.object({
  status: v.optional(v.picklist(STATUSES, `must be one of: ${STATUSES.join(', ')}`), 'READY'),
  category: v.optional(v.picklist(CATEGORIES, `must be one of: ${CATEGORIES.join(', ')}`)),
  search: v.optional(v.pipe(StorableText, v.maxLength(200, 'must be at most 200 characters'))),
  is_favorited: QueryBoolean,
  is_archived: QueryBoolean,
  sort_by: v.optional(v.picklist(SORTS, `must be one of: ${SORTS.join(', ')}`), 'created_at'),
  sort_order: v.optional(SortOrder, 'desc'),
  limit: queryInteger(20, 1, 100),
  offset: queryInteger(0, 0, 1_000_000),
})
export type ListQuery = v.InferOutput<typeof ListQuery>

export const ListAnswer = v.object({
  items: v.array(ItemAnswer),
  total: v.number(),
  limit: v.number(),
  offset: v.number(),
  has_more: v.boolean(),
})

export const GroupedQuery = v.object({
  status: v.optional(v.picklist(STATUSES, `must be one of: ${STATUSES.join(', ')}`), 'READY'),
  limit_per_category: queryInteger(10, 1, 50),
})

export const GroupedAnswer = v.object({
  groups: v.record(
    v.string(),
    v.object({ category: v.picklist(CATEGORIES), count: v.number(), items: v.array(ItemAnswer) }),
  ),
  total_items: v.number(),
})
