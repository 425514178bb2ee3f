import * as v from 'valibot'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { pagingAnswer, pagingQuery } from '../../../ground/http/paging.ts'
import { QueryBoolean, queryInteger, queryList, SortOrder } from '../../../ground/http/schemas.ts'
import { CATEGORIES, STATUSES } from '../../../vocabulary.ts'
import { queryText } from '../../query/schema.ts'
import { TagName } from '../../tags/names.ts'
import { ItemAnswer } from '../schema.ts'

export const SORTS = ['created_at', 'updated_at', 'last_viewed_at', 'title', 'save_count'] as const

const ALL_STATUSES = [...STATUSES, 'all'] as const
const Status = v.optional(v.picklist(ALL_STATUSES, `must be one of: ${ALL_STATUSES.join(', ')}`), 'READY')

const Archived = v.optional(
  v.pipe(
    v.picklist(['false', 'true', 'all'], 'must be false, true or all'),
    v.description('`false`: without archived ones. `true`: those alone. `all`: both.'),
  ),
  'false',
)

export const ListQuery = v.object({
  status: Status,
  category: v.optional(v.picklist(CATEGORIES, `must be one of: ${CATEGORIES.join(', ')}`)),
  search: v.optional(queryText(200)),
  tag: v.pipe(
    queryList(TagName, 20),
    v.description(
      'Only those with a tag of this name, whatever its case and accents. May be given several times.',
    ),
    v.examples([['Brunch']]),
  ),
  tag_match: v.pipe(
    v.optional(v.picklist(['any', 'all'], 'must be any or all'), 'any'),
    v.description('Whether `any` of several tags is enough, or `all` must be there.'),
  ),
  is_favorited: QueryBoolean,
  is_archived: Archived,
  sort_by: v.optional(v.picklist(SORTS, `must be one of: ${SORTS.join(', ')}`), 'created_at'),
  sort_order: v.optional(SortOrder, 'desc'),
  ...pagingQuery(),
})
export type ListQuery = v.InferOutput<typeof ListQuery>

export const ListAnswer = v.object({ items: v.array(ItemAnswer), ...pagingAnswer })

export const GroupedQuery = v.object({ status: Status, limit_per_category: queryInteger(10, 1, 50) })

export const GroupedAnswer = v.object({
  groups: v.record(
    v.string(),
    v.object({ category: v.picklist(CATEGORIES), count: v.number(), items: v.array(ItemAnswer) }),
  ),
  total_items: v.number(),
})

nameSchemas({ ItemPage: ListAnswer, GroupedItems: GroupedAnswer })
