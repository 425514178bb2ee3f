import type { Sql } from '../../ground/database/connection.ts'
import { eraseOwnTags, eraseRatings } from './marks/store.ts'
import { lockTrees } from './tree/store.ts'

/** Removes ratings and own tags of an account that goes. @returns how many there were */
export async function eraseTags(sql: Sql, userId: string, most: number): Promise<number> {
  await lockTrees(sql)
  const ratings = await eraseRatings(sql, userId, most)
  return ratings + (ratings < most ? await eraseOwnTags(sql, userId, most - ratings) : 0)
}
