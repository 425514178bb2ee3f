import type { Sql } from '../../ground/database/connection.ts'
import { together } from '../../ground/database/together.ts'
import { findResults } from '../search/store.ts'
import { findActiveModel, findNearest, findVectors } from '../vectors/store.ts'
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
  const [model, vectors] = await together(findActiveModel(sql, configured), findVectors(sql, contentId))
  const vector = vectors.get(model)
  if (!vector) return []
  const near = await findNearest(sql, userId, { vector, model }, limit + 1, leastSavers)
  const others = near.filter(({ id }) => id !== contentId).slice(0, limit)
  const results = await findResults(
    sql,
    userId,
    others.map(({ id }) => id),
  )
  return others.flatMap(({ id, score }) => {
    const found = results.get(id)
    return found ? [{ ...found, similarity_score: score, already_saved: found.save_id !== null }] : []
  })
}
