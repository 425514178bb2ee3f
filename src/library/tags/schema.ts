import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { atMost, Id, queryInteger, StorableText, Time } from '../../ground/http/schemas.ts'
import { TagName } from './names.ts'

export const SORTS = [
  'name-asc',
  'name-desc',
  'rating-asc',
  'rating-desc',
  'created-asc',
  'created-desc',
] as const

/** Compared with ids of the database, which writes them so. */
export const TagId = v.pipe(Id, v.toLowerCase())
export const TagParams = v.object({ id: TagId })

export const pageQuery = {
  page: v.pipe(queryInteger(1, 1, 100_000), v.description('Which page, from 1.')),
  page_size: v.pipe(queryInteger(50, 1, 1000), v.description('How many a page holds.')),
}

export const TagsQuery = v.object({
  ...pageQuery,
  sort: v.pipe(
    v.optional(v.picklist(SORTS, `must be one of: ${SORTS.join(', ')}`), 'name-asc'),
    v.description('What to order by, and which way. Tags without a rating come last.'),
  ),
  search: v.optional(
    v.pipe(
      StorableText,
      v.trim(),
      atMost(100),
      v.description('Only those with this in their name, whatever its case and accents.'),
      v.examples(['brunch']),
    ),
  ),
  min_ratings: v.pipe(
    queryInteger(0, 0, 1_000_000),
    v.description('Only those that so many people have rated.'),
  ),
})
export type TagsQuery = v.InferOutput<typeof TagsQuery>

export const RelativesQuery = v.object(pageQuery)

const Description = v.nullable(v.pipe(StorableText, v.trim(), atMost(500)))

export const NewTagBody = v.object({
  name: TagName,
  description: v.optional(Description),
  is_shared: v.optional(v.boolean(), false),
})

export const EditTagBody = v.pipe(
  v.object({ name: v.optional(TagName), description: v.optional(Description) }),
  v.check(body => Object.keys(body).length > 0, 'must name at least one field to change'),
)

export const TagAnswer = v.object({
  id: Id,
  name: v.string(),
  description: v.nullable(v.string()),
  is_shared: v.boolean(),
  average_rating: v.nullable(v.number()),
  rating_count: v.number(),
  is_favorite: v.boolean(),
  created_at: Time,
  updated_at: Time,
})
export type Tag = v.InferOutput<typeof TagAnswer>

export const RelativeAnswer = v.object({ ...TagAnswer.entries, depth: v.number() })
export type Relative = v.InferOutput<typeof RelativeAnswer>

export const TagDetailAnswer = v.object({
  ...TagAnswer.entries,
  user_rating: v.nullable(v.number()),
  aliases: v.array(v.string()),
  parents: v.array(RelativeAnswer),
  children: v.array(RelativeAnswer),
  ancestors: v.array(RelativeAnswer),
  descendants: v.array(RelativeAnswer),
})
export type TagDetail = v.InferOutput<typeof TagDetailAnswer>

const Pagination = v.object({
  page: v.number(),
  page_size: v.number(),
  total_count: v.number(),
  total_pages: v.number(),
  has_next: v.boolean(),
  has_previous: v.boolean(),
})

export const TagsAnswer = v.object({ items: v.array(TagAnswer), pagination: Pagination })
export const RelativesAnswer = v.object({ items: v.array(RelativeAnswer), pagination: Pagination })

nameSchemas({
  NewTag: NewTagBody,
  TagChange: EditTagBody,
  Tag: TagAnswer,
  TagRelative: RelativeAnswer,
  TagDetail: TagDetailAnswer,
  TagPagination: Pagination,
  TagPage: TagsAnswer,
  TagRelatives: RelativesAnswer,
})
