// A shared category as strangers see it, as long as it is public: by the API, on its page and in its feed.
import { v5 as uuidv5 } from 'uuid'
import type { Pool } from '../../../ground/database/connection.ts'
import { allCategories, type KeptCategory } from '../categories/store.ts'
import { under } from '../categories/tree.ts'
import type { Order } from '../listing/store.ts'
import type { SharedBookmark, SharedCategory, SharedPart } from './schema.ts'
import { hashOfToken } from './share-token.ts'
import { type FoundShared, findShare, listShared, type Share } from './store.ts'

/** So many categories under the one that is shown, and so many bookmarks of each. */
const SHOWN_CATEGORIES = 50
const SHOWN_BOOKMARKS = 12

/** Whose token it is where it is nobody's: that takes as many steps to find out. */
const NOBODY: Share = {
  owner_id: '00000000-0000-0000-0000-000000000000',
  category_id: '00000000-0000-0000-0000-000000000000',
}

export interface Part {
  /** One that is under the shared one, instead of it. */
  category_id?: string | undefined
  skip: number
  limit: number
  /** Unless said otherwise, that of the category. */
  order?: Order
}

/** Members have an order of their own; what a query finds has not. */
const ownOrder = ({ query }: { query: string | null }): Order =>
  query ? { sort: 'created', direction: 'desc' } : { sort: 'position', direction: 'asc' }

/** @returns undefined where the token leads to nothing that is public, or the category is not under what it leads to */
export async function openShare(
  sql: Pool,
  token: string,
  { category_id, skip, limit, order }: Part,
): Promise<SharedPart | undefined> {
  const { owner_id, ...share } = (await findShare(sql, hashOfToken(token))) ?? NOBODY
  const open = await allCategories(sql, owner_id, { is_public: true })
  const root = open.find(({ id }) => id === share.category_id)
  if (!root) return undefined
  const chosen = [root, ...under(open, root.id)].find(({ id }) => id === (category_id ?? root.id))
  if (!chosen) return undefined
  const others = under(open, chosen.id).slice(0, SHOWN_CATEGORIES)
  const part = { source: chosen, order: order ?? ownOrder(chosen), skip, limit }
  const previews = others.map(source => ({
    ...{ source, order: ownOrder(source), skip: 0, limit: SHOWN_BOOKMARKS },
  }))
  const found = Map.groupBy(
    await listShared(sql, owner_id, [part, ...previews]),
    ({ category_id }) => category_id,
  )
  const bookmarksOf = (id: string) => (found.get(id) ?? []).map(shownBookmark)
  return {
    category: shownCategory(chosen, chosen.id === root.id ? null : chosen.parent_id),
    bookmarks: bookmarksOf(chosen.id),
    subcategories: others.map(category => ({
      ...shownCategory(category, category.parent_id),
      bookmarks: bookmarksOf(category.id),
    })),
    total: chosen.bookmark_count,
    skip,
    limit,
  }
}

const shownCategory = (
  { id, name, description, color, icon, bookmark_count, updated_at }: KeptCategory,
  parent_id: string | null,
): SharedCategory => ({ id, parent_id, name, description, color, icon, bookmark_count, updated_at })

/** The id of a save is not told: one that is no bookmark has an id that is made of it. */
const shownBookmark = ({ bookmark_id, save_id, category_id, ...bookmark }: FoundShared): SharedBookmark => ({
  id: bookmark_id ?? uuidv5(save_id!, category_id),
  ...bookmark,
})
