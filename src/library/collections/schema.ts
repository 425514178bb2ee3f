import * as v from 'valibot'
import { USER } from '../../accounts/examples.ts'
import { UserId } from '../../accounts/users/schema.ts'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { Id, queryInteger, READ_AS, SortOrder, Time } from '../../ground/http/schemas.ts'
import { PLATFORMS, STATUSES } from '../../vocabulary.ts'
import { CATEGORY } from './examples.ts'

/** An id as Postgres writes it, to be compared with others. */
export const Key = v.pipe(Id, v.toLowerCase())

export const SourceType = v.picklist(['items', 'auto'], 'must be items or auto')

export const WhoseQuery = v.object({
  user_id: v.optional(
    v.pipe(
      UserId,
      v.description(
        'Whose collections: your own, which is what is taken without it. Admins may name anyone.',
      ),
      v.examples([USER.id]),
    ),
  ),
})

/** A category that a query names. */
export const CategoryId = (text: string) => v.pipe(Key, v.description(text), v.examples([CATEGORY.id]))

/** `true` or `false` in a query; undefined when it was left out. */
export const queryBoolean = (description: string) =>
  v.optional(
    v.pipe(
      v.picklist(['true', 'false'], 'must be true or false'),
      v.metadata({ [READ_AS]: { type: 'boolean', description, examples: [true] } }),
      v.transform(value => value === 'true'),
    ),
  )

export const IncludeContent = v.optional(
  v.pipe(
    v.picklist(['true', 'false'], 'must be true or false'),
    v.metadata({
      [READ_AS]: {
        type: 'boolean',
        default: true,
        description: 'Whether to show what is bookmarked; `content` is null without it.',
      },
    }),
    v.transform(value => value === 'true'),
  ),
  'true',
)

const MOST_SKIPPED = 1_000_000

const skipped = (description: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.metadata({
        [READ_AS]: { type: 'integer', minimum: 0, maximum: MOST_SKIPPED, description, examples: [0] },
      }),
      v.regex(/^\d{1,9}$/, 'must be a whole number'),
      v.transform(Number),
      v.maxValue(MOST_SKIPPED, `must be at most ${MOST_SKIPPED}`),
    ),
  )

/** How much of a list; `offset` is another name of `skip`. */
export const pageQuery = {
  skip: skipped('How many to pass over; none without it.'),
  offset: skipped('Another name of `skip`.'),
  limit: queryInteger(100, 1, 1000),
}

/** Where a page begins, and how long it is. */
export const pageOf = ({ skip, offset, limit }: PageQuery) => ({ skip: skip ?? offset ?? 0, limit })

interface PageQuery {
  skip?: number | undefined
  offset?: number | undefined
  limit: number
}

/** Which order of a list; `sort_by` is another name of `sort_field`. */
export const orderQuery = <const Sorts extends readonly [string, ...string[]]>(
  sorts: Sorts,
  fallback: Sorts[number],
  direction: 'asc' | 'desc',
) => {
  const sort = (text: string) =>
    v.optional(
      v.pipe(
        v.picklist(sorts, `must be one of: ${sorts.join(', ')}`),
        v.description(text),
        v.examples([fallback]),
      ),
    )
  return {
    sort_field: sort(`What to order by; \`${fallback}\` without it.`),
    sort_by: sort('Another name of `sort_field`.'),
    sort_order: v.optional(SortOrder, direction),
  }
}

interface TwoNames {
  skip?: number | undefined
  offset?: number | undefined
  sort_field?: string | undefined
  sort_by?: string | undefined
}
const agree = (one: unknown, other: unknown) => one === undefined || other === undefined || one === other

/** A list's query, in which two names of one thing must not disagree. */
export const listQuery = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(
    v.object(entries),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return
      const { skip, offset, sort_field, sort_by } = dataset.value as TwoNames
      const fault = (key: string, other: string) => {
        const path = [{ type: 'object', origin: 'value', input: {}, key, value: undefined }] as never
        addIssue({ message: `must be the same as ${other}, or left out`, path })
      }
      if (!agree(skip, offset)) fault('offset', 'skip')
      if (!agree(sort_field, sort_by)) fault('sort_by', 'sort_field')
    }),
  )

/** What is bookmarked, as far as a list shows it: a save with its content, or a work. */
export const BookmarkContentAnswer = v.object({
  id: Id,
  content_type: v.picklist(['link', 'text', 'image', 'video']),
  title: v.nullable(v.string()),
  url: v.nullable(v.string()),
  author: v.nullable(v.string()),
  source_platform: v.nullable(v.picklist(PLATFORMS)),
  status: v.nullable(v.picklist(STATUSES)),
  category_high: v.nullable(v.string()),
  quality_score: v.nullable(v.number()),
  thumbnail_url: v.nullable(v.string()),
  thumbnail_path: v.nullable(v.string()),
  path_thumb_184x272: v.nullable(v.string()),
  path_thumb_368x544: v.nullable(v.string()),
  created_at: Time,
})

export const pageAnswer = {
  total: v.number(),
  skip: v.pipe(v.number(), v.description('How many were passed over, as asked.')),
  limit: v.number(),
}

nameSchemas({ BookmarkContent: BookmarkContentAnswer })
