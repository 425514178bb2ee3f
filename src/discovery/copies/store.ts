// The vectors beside each user's saves, where tables are spread (src/library/copies/store.ts has the contents there). A
// copy goes with its save.
import type { Sql } from '../../ground/database/connection.ts'
import { isSpread } from '../../ground/database/layout.ts'
import { together } from '../../ground/database/together.ts'

/**
 * Copies the vectors that contents have now beside the saves of them, in the order of users.
 * @param userId whose saves; undefined for everybody's
 */
export async function copyVectors(sql: Sql, contentIds: string[], userId?: string): Promise<void> {
  if (!isSpread(sql) || contentIds.length === 0) return
  const [rows, savers] = await together(
    sql<{ content_id: string; vectors: string }[]>`
      select content_id, jsonb_object_agg(model, embedding::text)::text as vectors
      from content_embeddings
      where content_id in ${sql(contentIds)}
      group by content_id`,
    sql<{ user_id: string; content_id: string }[]>`
      select user_id, shared_content_id as content_id
      from user_content_saves
      where shared_content_id in ${sql(contentIds)} ${userId ? sql`and user_id = ${userId}` : sql``}
      order by user_id, shared_content_id`,
  )
  const vectorsOf = new Map(rows.map(({ content_id, vectors }) => [content_id, vectors]))
  const copied = savers.map(({ user_id, content_id }) => {
    const vectors = vectorsOf.get(content_id) ?? '{}'
    return sql`select keep_saved_embeddings(${user_id}, ${content_id}, ${vectors}::text::jsonb)`
  })
  await together(...copied)
}

/** Removes copies of the vectors of other models than these, at most `most`. @returns how many. */
export async function dropCopiesBut(sql: Sql, models: string[], most: number): Promise<number> {
  if (!isSpread(sql)) return 0
  const gone = await sql`
    delete from saved_embeddings
    where (user_id, content_id, model) in (
      select user_id, content_id, model
      from saved_embeddings
      where model not in ${sql(models)}
      limit ${most}
    )`
  return gone.count
}
