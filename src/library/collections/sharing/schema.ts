import * as v from 'valibot'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { Id, Time } from '../../../ground/http/schemas.ts'
import { PLATFORMS } from '../../../vocabulary.ts'
import { SHARE_TOKEN } from '../examples.ts'
import { CategoryId, listQuery, pageAnswer, pageQuery } from '../schema.ts'

/** Whatever it is, it is looked for: a guess is told no more than that nothing is there. */
export const ShareParams = v.object({
  share_token: v.pipe(
    v.string(),
    v.minLength(1, 'must not be empty'),
    v.description('The `share_token` of the category.'),
    v.examples([SHARE_TOKEN]),
  ),
})

export const ShareQuery = listQuery({
  ...pageQuery,
  category_id: v.optional(CategoryId('One of the `subcategories`, instead of the one that is shared.')),
})

export const SharedBookmarkAnswer = v.object({
  id: Id,
  content_type: v.picklist(['link', 'text', 'image', 'video']),
  title: v.nullable(v.string()),
  url: v.nullable(v.string()),
  author: v.nullable(v.string()),
  source_platform: v.nullable(v.picklist(PLATFORMS)),
  category_high: v.nullable(v.string()),
  duration_seconds: v.nullable(v.number()),
  thumbnail_path: v.nullable(v.string()),
  thumbnail_url: v.nullable(v.string()),
  added_at: Time,
})
export type SharedBookmark = v.InferOutput<typeof SharedBookmarkAnswer>

export const SharedCategoryAnswer = v.object({
  id: Id,
  parent_id: v.nullable(Id),
  name: v.string(),
  description: v.nullable(v.string()),
  color: v.nullable(v.string()),
  icon: v.nullable(v.string()),
  bookmark_count: v.number(),
  updated_at: Time,
})
export type SharedCategory = v.InferOutput<typeof SharedCategoryAnswer>

export const SharedSubcategoryAnswer = v.object({
  ...SharedCategoryAnswer.entries,
  bookmarks: v.array(SharedBookmarkAnswer),
})

export const ShareAnswer = v.object({
  category: SharedCategoryAnswer,
  bookmarks: v.array(SharedBookmarkAnswer),
  subcategories: v.array(SharedSubcategoryAnswer),
  ...pageAnswer,
})
export type SharedPart = v.InferOutput<typeof ShareAnswer>

nameSchemas({
  SharedBookmark: SharedBookmarkAnswer,
  SharedCategory: SharedCategoryAnswer,
  SharedSubcategory: SharedSubcategoryAnswer,
  SharedCollection: ShareAnswer,
})
