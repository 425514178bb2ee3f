import * as v from 'valibot'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { BookmarkAnswer } from '../bookmarks/schema.ts'
import {
  CategoryId,
  IncludeContent,
  listQuery,
  orderQuery,
  pageAnswer,
  pageQuery,
  queryBoolean,
  WhoseQuery,
} from '../schema.ts'
import { SORTS } from './store.ts'

export const BookmarksQuery = listQuery({
  ...WhoseQuery.entries,
  pinned: queryBoolean('Only those that are pinned, or only the others.'),
  is_public: queryBoolean('Only those that are public, or only the others.'),
  category_id: v.optional(CategoryId('Only those in this category.')),
  ...pageQuery,
  ...orderQuery(SORTS, SORTS[0], 'desc'),
  include_content: IncludeContent,
})

export const BookmarksAnswer = v.object({ items: v.array(BookmarkAnswer), ...pageAnswer })

nameSchemas({ Bookmarks: BookmarksAnswer })
