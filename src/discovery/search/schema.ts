import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { pagingAnswer, pagingQuery } from '../../ground/http/paging.ts'
import { Id } from '../../ground/http/schemas.ts'
import { ContentAnswer } from '../../library/contents/schema.ts'
import { queryText } from '../../library/query/schema.ts'

const MODES = ['hybrid', 'semantic', 'text'] as const
const SCOPES = ['mine', 'all'] as const

export const SearchQuery = v.object({
  q: v.pipe(queryText(500), v.trim(), v.minLength(1, 'must not be empty')),
  mode: v.optional(v.picklist(MODES, `must be one of: ${MODES.join(', ')}`), 'hybrid'),
  scope: v.optional(v.picklist(SCOPES, `must be one of: ${SCOPES.join(', ')}`), 'mine'),
  ...pagingQuery(),
})
export type SearchQuery = v.InferOutput<typeof SearchQuery>

export const SearchResult = v.object({
  /** The caller's own save of it, or null. */
  save_id: v.nullable(Id),
  content: ContentAnswer,
  /** Higher is better; comparable within one answer only. */
  score: v.number(),
  matched: v.array(v.picklist(['text', 'semantic'])),
})
export type SearchResult = v.InferOutput<typeof SearchResult>

export const SearchAnswer = v.object({
  results: v.array(SearchResult),
  /** As asked; `text` for `hybrid` while the model is away. */
  mode: v.picklist(MODES),
  /** `total`: how many candidates were ranked, at most 200 of words and 200 of meaning. */
  ...pagingAnswer,
})

nameSchemas({ SearchResult, SearchResults: SearchAnswer })
