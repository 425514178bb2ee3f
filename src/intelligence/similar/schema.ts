import * as v from 'valibot'
import { nameSchemas } from '../../http/openapi/named-schemas.ts'
import { Id, queryInteger } from '../../http/schemas.ts'
import { ContentAnswer } from '../../library/contents/schema.ts'
import { ItemDetail } from '../../library/items/schema.ts'
import { ClusterSummary } from '../clusters/schema.ts'

export const ItemQuery = v.object({
  include_similar: v.optional(
    v.pipe(
      v.picklist(['true', 'false'], 'must be true or false'),
      v.transform(value => value === 'true'),
    ),
    'false',
  ),
  similar_limit: queryInteger(10, 1, 20),
})

export const SimilarItem = v.object({
  /** The caller's own save of it, or null. */
  save_id: v.nullable(Id),
  content: ContentAnswer,
  /** Cosine, 1 for the same direction. */
  similarity_score: v.number(),
  already_saved: v.boolean(),
})
export type SimilarItem = v.InferOutput<typeof SimilarItem>

export const ItemDetailAnswer = v.object({
  ...ItemDetail.entries,
  cluster: v.nullable(ClusterSummary),
  similar_items: v.nullable(v.array(SimilarItem)),
})

nameSchemas({ ItemWithNeighbours: ItemDetailAnswer, SimilarItem })
