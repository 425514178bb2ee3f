import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import {
  atMost,
  Id,
  jsonObject,
  list,
  QueryBoolean,
  queryList,
  queryNumber,
  READ_AS,
  SortOrder,
  StorableText,
  Time,
} from '../../ground/http/schemas.ts'
import { CATEGORIES, PLATFORMS, STATUSES } from '../../vocabulary.ts'
import { TagName } from '../tags/names.ts'
import { CONTENT_SOURCE_TYPES, CONTENT_TYPES, SORT_FIELDS, SOURCE_TYPES } from './listing.ts'

export const LARGEST_PAGE = 1_000

const oneOf = (names: readonly string[]) => `must be one of: ${names.join(', ')}`

/** A user's id, in lower case as Postgres writes it. */
const UserId = v.pipe(Id, v.toLowerCase())
export const ContentType = v.picklist(CONTENT_TYPES, oneOf(CONTENT_TYPES))
const SourceType = v.picklist(SOURCE_TYPES, oneOf(SOURCE_TYPES))
const SortField = v.picklist(SORT_FIELDS, oneOf(SORT_FIELDS))
const TagMatch = v.picklist(['any', 'all'], 'must be any or all')
const SearchTerm = v.pipe(StorableText, v.trim(), atMost(200))
const Share = v.pipe(v.number(), v.minValue(0, 'must be at least 0'), v.maxValue(1, 'must be at most 1'))
/** Many enough to find a thing by. */
const MOST_TAGS = 50

/** Settings of a generation, or a part of them to look for. */
export const Settings = jsonObject(16)

/** How many rows a page holds: out of bounds it has a refusal of its own. */
const pageSize = (fallback: number | undefined) =>
  v.optional(
    v.pipe(
      v.string(),
      v.metadata({
        [READ_AS]: {
          type: 'integer',
          minimum: 1,
          maximum: LARGEST_PAGE,
          ...(fallback === undefined ? { examples: [50] } : { default: fallback }),
        },
      }),
      v.regex(/^-?\d{1,9}$/, 'must be a whole number'),
      v.transform(Number),
    ),
  )

const wholeNumber = (least: number, most: number) =>
  v.optional(
    v.pipe(
      v.string(),
      v.metadata({ [READ_AS]: { type: 'integer', minimum: least, maximum: most, examples: [least] } }),
      v.regex(/^-?\d{1,9}$/, 'must be a whole number'),
      v.transform(Number),
      v.minValue(least, `must be at least ${least}`),
      v.maxValue(most, `must be at most ${most}`),
    ),
  )

const MOST_PAGES = 1_000_000
const MOST_SKIPPED = 10_000_000

const paging = (size: number) => ({
  page: wholeNumber(1, MOST_PAGES),
  page_size: pageSize(size),
  limit: pageSize(undefined),
  skip: wholeNumber(0, MOST_SKIPPED),
  offset: wholeNumber(0, MOST_SKIPPED),
  cursor: v.optional(v.string()),
  sort_field: v.optional(SortField),
  sort_by: v.optional(SortField),
  sort_order: v.optional(SortOrder),
})

/** The same as text. */
const QuerySettings = v.pipe(
  StorableText,
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      const read = v.safeParse(Settings, JSON.parse(dataset.value))
      if (read.success) return read.output
    } catch {
      // No JSON at all.
    }
    addIssue({ message: 'must be a JSON object of at most 16 KB' })
    return NEVER
  }),
)

const filters = {
  content_type: v.optional(ContentType),
  source_type: v.optional(SourceType),
  character_id: v.optional(Id),
  creator_id: v.optional(UserId),
  is_approved: QueryBoolean,
  is_nsfw: QueryBoolean,
  public_only: QueryBoolean,
  min_quality_score: queryNumber(0, 1),
  search_term: v.optional(SearchTerm),
  tag: queryList(TagName, MOST_TAGS),
  tag_names: queryList(TagName, MOST_TAGS),
  tag_match: v.optional(TagMatch, 'any'),
  metadata: v.optional(QuerySettings),
}

export const ListQuery = v.object({ ...filters, ...paging(50) })

/** Where it may be left empty, which asks for no rows. */
const SourceTypeOrNone = v.picklist(['', ...CONTENT_SOURCE_TYPES], oneOf(CONTENT_SOURCE_TYPES))

/** The older spelling of which are wanted. */
const CONTENT_TYPE_LISTS = ['regular,auto', 'auto,regular', 'regular', 'auto', ''] as const

export const UnifiedQuery = v.object({
  user_id: v.optional(
    v.pipe(
      UserId,
      v.description('Whose the user’s own content is: yours; for admins anybody’s.'),
      v.examples(['019a5c40-11dc-7b1e-9a55-0c4f7d2e8a90']),
    ),
  ),
  content_source_types: queryList(SourceTypeOrNone, 20, ['', ...CONTENT_SOURCE_TYPES]),
  content_types: v.optional(
    v.picklist(CONTENT_TYPE_LISTS, 'must be regular, auto or both, with a comma between'),
  ),
  creator_filter: v.optional(
    v.picklist(['all', 'user', 'community'], 'must be one of: all, user, community'),
  ),
  ...filters,
  ...paging(10),
})

export const StatsQuery = v.object({ user_id: UnifiedQuery.entries.user_id })

const bodyNumber = (least: number, most: number) =>
  v.optional(
    v.pipe(
      v.number(),
      v.integer('must be a whole number'),
      v.minValue(least, `must be at least ${least}`),
      v.maxValue(most, `must be at most ${most}`),
    ),
  )
const bodyPageSize = v.optional(v.pipe(v.number(), v.integer('must be a whole number')))

export const SearchBody = v.object({
  content_type: v.optional(ContentType),
  source_type: v.optional(SourceType),
  character_id: v.optional(Id),
  creator_id: v.optional(UserId),
  is_approved: v.optional(v.boolean()),
  is_nsfw: v.optional(v.boolean()),
  public_only: v.optional(v.boolean()),
  min_quality_score: v.optional(Share),
  search_term: v.optional(SearchTerm),
  tag: v.optional(list(TagName, 0, MOST_TAGS)),
  tag_names: v.optional(list(TagName, 0, MOST_TAGS)),
  tag_match: v.optional(TagMatch, 'any'),
  metadata: v.optional(Settings),
  page: bodyNumber(1, MOST_PAGES),
  page_size: bodyPageSize,
  limit: bodyPageSize,
  skip: bodyNumber(0, MOST_SKIPPED),
  offset: bodyNumber(0, MOST_SKIPPED),
  cursor: v.optional(v.string()),
  sort_field: v.optional(SortField),
  sort_by: v.optional(SortField),
  sort_order: v.optional(SortOrder),
})

/** What any of the routes that list content is asked. */
export type Asked = Partial<Omit<v.InferOutput<typeof UnifiedQuery>, 'user_id' | 'content_source_types'>> &
  Pick<v.InferOutput<typeof UnifiedQuery>, 'user_id' | 'content_source_types'>

const Link = v.object({
  url: v.string(),
  source_platform: v.picklist(PLATFORMS),
  status: v.picklist(STATUSES),
  author: v.nullable(v.string()),
  duration_seconds: v.nullable(v.number()),
  category_high: v.nullable(v.picklist(CATEGORIES)),
  topic_main: v.nullable(v.string()),
})

/** A save or a work, as a list shows it. */
export const ContentAnswer = v.object({
  id: Id,
  title: v.nullable(v.string()),
  content_type: v.picklist(CONTENT_TYPES),
  source_type: v.picklist(SOURCE_TYPES),
  content_source_type: v.picklist(['items', 'auto']),
  creator_id: Id,
  creator_username: v.nullable(v.string()),
  excerpt: v.nullable(v.string()),
  file_url: v.nullable(v.string()),
  thumbnail_url: v.nullable(v.string()),
  path_thumb: v.nullable(v.string()),
  width: v.nullable(v.number()),
  height: v.nullable(v.number()),
  file_size: v.nullable(v.number()),
  mime_type: v.nullable(v.string()),
  prompt: v.nullable(v.string()),
  content_category: v.nullable(v.string()),
  character_id: v.nullable(Id),
  character_name: v.nullable(v.string()),
  tags: v.array(v.string()),
  ai_tags: v.array(v.string()),
  quality_score: v.nullable(v.number()),
  user_rating: v.nullable(v.number()),
  is_approved: v.boolean(),
  is_nsfw: v.boolean(),
  is_public: v.boolean(),
  times_used: v.number(),
  link: v.nullable(Link),
  created_at: Time,
  updated_at: Time,
})
export type Content = v.InferOutput<typeof ContentAnswer>

/** A save or a work, whole. */
export const ContentDetail = v.object({
  ...ContentAnswer.entries,
  data: v.nullable(v.object({ text: v.optional(v.string()) })),
  negative_prompt: v.nullable(v.string()),
  generation_settings: v.nullable(v.record(v.string(), v.unknown())),
})
export type ContentDetail = v.InferOutput<typeof ContentDetail>

const Pagination = v.object({
  page: v.number(),
  page_size: v.number(),
  total_count: v.number(),
  total_pages: v.number(),
  has_next: v.boolean(),
  has_previous: v.boolean(),
  next_cursor: v.nullable(v.string()),
  prev_cursor: v.nullable(v.string()),
})
export type Pagination = v.InferOutput<typeof Pagination>

export const PageAnswer = v.object({ items: v.array(ContentAnswer), pagination: Pagination })

const counts = {
  user_regular_count: v.number(),
  user_auto_count: v.number(),
  community_regular_count: v.number(),
  community_auto_count: v.number(),
}
const Counts = v.object(counts)

export const UnifiedAnswer = v.object({ ...PageAnswer.entries, stats: Counts })

export const StatsAnswer = v.object({
  ...counts,
  total: v.number(),
  by_type: v.object({ text: v.number(), image: v.number(), video: v.number(), link: v.number() }),
  by_day: v.array(v.object({ date: v.pipe(v.string(), v.isoDate()), count: v.number() })),
})

nameSchemas({
  UnifiedContent: ContentAnswer,
  UnifiedContentDetail: ContentDetail,
  UnifiedLink: Link,
  ContentPage: PageAnswer,
  UnifiedContentPage: UnifiedAnswer,
  ContentPagination: Pagination,
  ContentCounts: Counts,
  ContentStats: StatsAnswer,
  ContentSearch: SearchBody,
})
