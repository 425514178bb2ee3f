import type { Sql } from '../../database/connection.ts'
import { EMBEDDING_DIMENSIONS } from '../../vocabulary.ts'

/** pgvector's text form, to be bound as a vector: `${toVector(x)}::vector`. */
export const toVector = (values: Float32Array): string => `[${values.join(',')}]`

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

/**
 * Reads the bytes of pgvector's `vector_send` into `into` at row `row`: two 16-bit words (the dimension, and one that is
 * unused), then big-endian floats. Four times less to read than the text form.
 */
export function readVector(bytes: Uint8Array, into: Float32Array, row: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = row * EMBEDDING_DIMENSIONS
  for (let i = 0; i < EMBEDDING_DIMENSIONS; i++) into[start + i] = view.getFloat32(4 + i * 4)
}
