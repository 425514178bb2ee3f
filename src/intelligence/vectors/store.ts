import type { Sql } from '../../database/connection.ts'
import { toVector } from './convert-vector.ts'

/** Keeps a content's vector of one model, in place of an older one of the same model. */
export async function saveEmbedding(
  sql: Sql,
  contentId: string,
  model: string,
  embedding: Float32Array,
): Promise<void> {
  await sql`
    insert into content_embeddings (content_id, model, embedding)
    values (${contentId}, ${model}, ${toVector(embedding)}::vector)
    on conflict (content_id, model) do update set embedding = excluded.embedding, created_at = now()`
}
