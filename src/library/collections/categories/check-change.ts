// What a category may become: where it stands among the others, what it is, and what it shows.
import type { Context } from '../../../context.ts'
import type { Sql } from '../../../ground/database/connection.ts'
import {
  categoryCycle,
  categoryTooDeep,
  coverNotFound,
  parentNotFound,
  smartCategory,
  uncategorizedStays,
} from '../problems.ts'
import { makeShare } from '../sharing/share-category.ts'
import { keepContent } from '../store.ts'
import type { CategoryChange } from './schema.ts'
import { type CategoryFields, hasMembers, type KeptCategory, listPlaces } from './store.ts'
import { DEEPEST, heightOf, pathOf } from './tree.ts'

/** The refusals of what would make a category something that there cannot be. */
export const CHANGE_PROBLEMS = [
  parentNotFound,
  coverNotFound,
  categoryCycle,
  categoryTooDeep,
  smartCategory,
  uncategorizedStays,
]

/**
 * What is to be written of a change, with a token for a category that becomes public for the first time.
 * @param id of the category, which is new where there is no `was`
 * @throws {Problem} one of CHANGE_PROBLEMS
 */
export async function checkedChange(
  tx: Sql,
  context: Pick<Context, 'config'>,
  owner: string,
  id: string,
  change: CategoryChange,
  was?: KeptCategory,
): Promise<CategoryFields> {
  const { cover_content_source_type, ...fields } = change
  const { name, parent_id, query, cover_content_id } = fields
  if (was?.is_uncategorized && ((name && name !== was.name) || parent_id || query)) throw uncategorizedStays()
  if (parent_id) await checkPlace(tx, owner, id, parent_id)
  if (was && query && !was.query && (await hasMembers(tx, owner, id))) {
    throw smartCategory({
      detail: 'A category that has members cannot have a query: move them elsewhere first',
    })
  }
  if (cover_content_id) {
    const cover = await keepContent(tx, owner, cover_content_id)
    if (cover?.content_source_type !== cover_content_source_type) throw coverNotFound()
  }
  const isNewlyShared = fields.is_public && !was?.share_token_sealed
  return isNewlyShared ? { ...fields, share_token_sealed: await makeShare(tx, context, owner, id) } : fields
}

async function checkPlace(tx: Sql, owner: string, id: string, parentId: string): Promise<void> {
  const places = await listPlaces(tx, owner)
  if (!places.some(place => place.id === parentId)) throw parentNotFound()
  const above = pathOf(places, parentId)
  if (above.includes(id)) throw categoryCycle()
  if (above.length + heightOf(places, id) > DEEPEST) throw categoryTooDeep()
}
