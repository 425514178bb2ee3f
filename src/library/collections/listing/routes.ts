import { atOneMoment } from '../../../ground/database/together.ts'
import { route } from '../../../route.ts'
import { findSource } from '../categories/store.ts'
import { BOOKMARK } from '../examples.ts'
import { categoryNotFound, notTheirs } from '../problems.ts'
import { pageOf } from '../schema.ts'
import { ownerOf } from '../whose.ts'
import { BookmarksAnswer, BookmarksQuery } from './schema.ts'
import { countBookmarks, type Listing, listBookmarks, type Sort } from './store.ts'

/** What a list's query asks for. */
export const listingOf = ({
  sort_field,
  sort_by,
  sort_order,
  include_content,
  ...page
}: Parameters<typeof pageOf>[0] & {
  sort_field?: Sort | undefined
  sort_by?: Sort | undefined
  sort_order: 'asc' | 'desc'
  include_content: boolean
}): Listing => ({
  order: { sort: sort_field ?? sort_by ?? 'user_rating_then_created', direction: sort_order },
  ...pageOf(page),
  include_content,
})

export const listBookmarksRoute = route(
  'GET /v1/bookmarks',
  {
    id: 'listBookmarks',
    tag: 'Collections',
    summary: 'Your bookmarks',
    description:
      'Those that you rated best first, then the newest content, unless the query says otherwise. Without a rating, or a score, they come last.',
    may: 'read',
    limit: 'default',
    // Another user's list does not change with the caller's library.
    cached: { when: query => query.user_id === undefined },
    query: BookmarksQuery,
    gives: {
      body: BookmarksAnswer,
      text: 'A part of the bookmarks.',
      example: { items: [BOOKMARK], total: 1, skip: 0, limit: 100 },
    },
    problems: [categoryNotFound, notTheirs],
  },
  async ({ sql, user, query }) => {
    const owner = ownerOf(user, query.user_id)
    const { category_id, pinned, is_public } = query
    const source = category_id ? await findSource(sql, owner, category_id) : undefined
    if (category_id && !source) throw categoryNotFound()
    const listing = { ...listingOf(query), source, filters: { pinned, is_public } }
    const [items, total] = await atOneMoment(sql, sql => [
      listBookmarks(sql, owner, listing),
      countBookmarks(sql, owner, listing),
    ])
    return { items, total, skip: listing.skip, limit: listing.limit }
  },
)
