import type { Sql } from '../../ground/database/connection.ts'
import { contentColumns } from '../../library/contents/store.ts'
import { nestRows } from '../../library/items/nest-row.ts'
import { activeModel } from '../vectors/store.ts'
import type { SimilarItem } from './schema.ts'

/**
 * READY contents nearest to one, best first, never itself: of the caller's own saves and of what everybody may find.
 * Only vectors of the same model are compared. Empty when the content has no vector yet.
 * @param leastSavers SHARED_MIN_SAVERS
 */
export async function findSimilar(
  sql: Sql,
  userId: string,
  contentId: string,
  configured: string,
  limit: number,
  leastSavers: number,
): Promise<SimilarItem[]> {
  const rows = await sql`
    with asked as materialized (
      select embedding, model
      from content_embeddings
      where content_id = ${contentId} and model = ${activeModel(sql, configured)}
    ), nearest as (
      select n.content_id, n.similarity as similarity_score
      from asked
      cross join lateral nearest_for_user(asked.embedding, asked.model, ${userId}, ${limit + 1}, ${leastSavers}) n
      where n.content_id <> ${contentId}
      order by n.similarity desc
      limit ${limit}
    )
    select ${contentColumns(sql)}, s.id as "similar.save_id", n.similarity_score as "similar.similarity_score",
      s.id is not null as "similar.already_saved"
    from nearest n
    join shared_contents c on c.id = n.content_id
    left join user_content_saves s on s.user_id = ${userId} and s.shared_content_id = c.id
    order by n.similarity_score desc, c.id`
  const found = nestRows<{ content: SimilarItem['content']; similar: Omit<SimilarItem, 'content'> }>(rows)
  return found.map(({ content, similar }) => ({ ...similar, content }))
}
