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

/** READY contents without a vector of `model`, in the order of their ids, from the one after `after`. */
export async function findUnembedded(
  sql: Sql,
  model: string,
  after: string | null,
  most: number,
): Promise<{ content_id: string; attempt: string }[]> {
  return sql<{ content_id: string; attempt: string }[]>`
    select c.id as content_id, c.attempt
    from shared_contents c
    where c.status = 'READY' ${after === null ? sql`` : sql`and c.id > ${after}`}
      and not exists (select from content_embeddings e where e.content_id = c.id and e.model = ${model})
    order by c.id
    limit ${most}`
}

/** Removes vectors of other models than these, at most `most`. @returns how many. */
export async function dropVectorsBut(sql: Sql, models: string[], most: number): Promise<number> {
  const gone = await sql`
    delete from content_embeddings
    where ctid in (select ctid from content_embeddings where model not in ${sql(models)} limit ${most})`
  return gone.count
}
