import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { Id } from '../../ground/http/schemas.ts'
import { ContentAnswer } from '../../library/contents/schema.ts'

export const SimilarItem = v.object({
  /** The caller's own save of it, or null. */
  save_id: v.nullable(Id),
  content: ContentAnswer,
  /** Cosine, 1 for the same direction. */
  similarity_score: v.number(),
  already_saved: v.boolean(),
})
export type SimilarItem = v.InferOutput<typeof SimilarItem>

nameSchemas({ SimilarItem })
