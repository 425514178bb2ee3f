import * as v from 'valibot'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { atMost, Id, StorableText, Time } from '../../../ground/http/schemas.ts'
import { isQuery } from '../../query/schema.ts'
import { BookmarkAnswer } from '../bookmarks/schema.ts'
import { SORTS } from '../listing/store.ts'
import {
  CategoryId,
  IncludeContent,
  Key,
  listQuery,
  orderQuery,
  pageAnswer,
  pageQuery,
  queryBoolean,
  SourceType,
  WhoseQuery,
} from '../schema.ts'
import type { Tree } from './tree.ts'

export const LONGEST_NAME = 255
export const CATEGORY_SORTS = ['sort_index', 'updated_at', 'created_at', 'name'] as const

export const CategoryParams = v.object({ id: Key })

const Name = v.pipe(StorableText, v.trim(), v.minLength(1, 'must not be blank'), atMost(LONGEST_NAME))
const shortText = (most: number) =>
  v.nullable(
    v.pipe(
      StorableText,
      atMost(most),
      v.transform(text => text.trim() || null),
    ),
  )
const HIGHEST_INDEX = 2_147_483_647

const fields = {
  description: v.optional(shortText(500)),
  color: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^#[0-9A-Fa-f]{6}$/, 'must be #rrggbb')))),
  icon: v.optional(shortText(64)),
  cover_content_id: v.optional(v.nullable(Key)),
  cover_content_source_type: v.optional(v.nullable(SourceType)),
  parent_id: v.optional(v.nullable(Key)),
  sort_index: v.optional(
    v.pipe(
      v.number(),
      v.integer('must be a whole number'),
      v.minValue(-HIGHEST_INDEX, `must be at least ${-HIGHEST_INDEX}`),
      v.maxValue(HIGHEST_INDEX, `must be at most ${HIGHEST_INDEX}`),
    ),
  ),
  is_public: v.optional(v.boolean()),
  query: v.optional(v.pipe(shortText(500), isQuery<string | null>())),
}

interface Cover {
  cover_content_id?: string | null | undefined
  cover_content_source_type?: 'items' | 'auto' | null | undefined
}
const hasCoverType = (cover: Cover) => !cover.cover_content_id || Boolean(cover.cover_content_source_type)
const COVER_TYPE = 'is required with cover_content_id'

export const NewCategoryBody = v.pipe(
  v.object({ name: Name, ...fields }),
  v.forward(
    v.check(cover => hasCoverType(cover), COVER_TYPE),
    ['cover_content_source_type'],
  ),
)

export const CategoryChangeBody = v.pipe(
  v.object({ name: v.optional(Name), ...fields }),
  v.check(body => Object.keys(body).length > 0, 'must name at least one field to change'),
  v.forward(
    v.check(cover => hasCoverType(cover), COVER_TYPE),
    ['cover_content_source_type'],
  ),
)
export type CategoryChange = v.InferOutput<typeof CategoryChangeBody>

export const CategoryAnswer = v.object({
  id: Id,
  user_id: Id,
  name: v.string(),
  description: v.nullable(v.string()),
  color: v.nullable(v.string()),
  icon: v.nullable(v.string()),
  cover_content_id: v.nullable(Id),
  cover_content_source_type: v.nullable(SourceType),
  parent_id: v.nullable(Id),
  sort_index: v.number(),
  is_public: v.boolean(),
  share_token: v.nullable(v.string()),
  query: v.nullable(v.string()),
  is_uncategorized: v.boolean(),
  bookmark_count: v.number(),
  created_at: Time,
  updated_at: Time,
})
export type Category = v.InferOutput<typeof CategoryAnswer>

const page = { ...WhoseQuery.entries, ...pageQuery, ...orderQuery(CATEGORY_SORTS, 'sort_index', 'asc') }
export const CategoriesQuery = listQuery({
  ...page,
  parent_id: v.optional(CategoryId('Only those right under this one.')),
  is_public: queryBoolean('Only those that are public, or only the others.'),
})
export const ChildrenQuery = listQuery(page)
export const CategoriesAnswer = v.object({ items: v.array(CategoryAnswer), ...pageAnswer })

export const CategoryTreeAnswer: v.GenericSchema<Tree<Category>> = v.object({
  ...CategoryAnswer.entries,
  children: v.array(v.lazy(() => CategoryTreeAnswer)),
})
export const TreeAnswer = v.object({ items: v.array(CategoryTreeAnswer), total: v.number() })

export const InCategoryQuery = listQuery({
  ...WhoseQuery.entries,
  ...pageQuery,
  ...orderQuery([...SORTS, 'position'], SORTS[0], 'desc'),
  include_content: IncludeContent,
})
export const InCategoryAnswer = v.object({
  category: CategoryAnswer,
  bookmarks: v.array(BookmarkAnswer),
  ...pageAnswer,
})

export const DeleteCategoryQuery = v.object({
  target_category_id: v.optional(CategoryId('Where its bookmarks go.')),
  delete_all: queryBoolean('Whether its bookmarks are deleted instead.'),
})
export const CategoryDeletedAnswer = v.object({
  message: v.string(),
  moved: v.number(),
  deleted: v.number(),
})

nameSchemas({
  Category: CategoryAnswer,
  NewCategory: NewCategoryBody,
  CategoryChange: CategoryChangeBody,
  Categories: CategoriesAnswer,
  CategoryTree: CategoryTreeAnswer,
  CategoryTrees: TreeAnswer,
  CategoryBookmarks: InCategoryAnswer,
  CategoryDeleted: CategoryDeletedAnswer,
})
