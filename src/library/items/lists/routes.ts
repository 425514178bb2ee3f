import type { KeyKind } from '../../../ground/http/paging.ts'
import { route } from '../../../route.ts'
import { ITEM } from '../../examples.ts'
import { asksFor, parseQuery } from '../../query/parse-query.ts'
import { GroupedAnswer, GroupedQuery, ListAnswer, ListQuery } from './schema.ts'
import { groupItems, listItems } from './store.ts'

const KEY_KINDS: Record<ListQuery['sort_by'], KeyKind> = {
  created_at: 'time',
  updated_at: 'time',
  last_viewed_at: 'time',
  title: 'text',
  save_count: 'number',
}

const listItemsRoute = route(
  'GET /v1/items',
  {
    id: 'listItems',
    tag: 'Items',
    summary: 'Saved items, newest first',
    description: 'READY and not archived ones, the newest first, unless the query says otherwise.',
    may: 'read',
    limit: 'items_read',
    // Views do not change the library's version, and this is about them.
    cached: {
      when: ({ sort_by, search = '' }) =>
        sort_by !== 'last_viewed_at' && !asksFor(parseQuery(search), 'unread'),
    },
    paged: query => KEY_KINDS[query.sort_by],
    query: ListQuery,
    gives: {
      body: ListAnswer,
      text: 'A page of saves, each with its content.',
      example: { items: [ITEM], total: 1, limit: 20, offset: 0, has_more: false, next_cursor: null },
    },
  },
  async ({ sql, query, user, page }) => {
    const { items, next, total } = await listItems(sql, user.id, query, page.after)
    return { items, total, ...page.until(next) }
  },
)

const groupItemsRoute = route(
  'GET /v1/items/grouped',
  {
    id: 'groupItems',
    tag: 'Items',
    summary: 'Saved items by category, the largest first',
    description:
      'The newest of each category, the largest category first. Content without a category stands under Misc.',
    may: 'read',
    limit: 'items_read',
    cached: 'library',
    query: GroupedQuery,
    gives: {
      body: GroupedAnswer,
      text: 'The categories by name.',
      example: {
        groups: { 'Food & Drink': { category: 'Food & Drink', count: 1, items: [ITEM] } },
        total_items: 1,
      },
    },
  },
  async ({ sql, query, user }) => {
    const groups = await groupItems(sql, user.id, query.status, query.limit_per_category)
    return {
      groups: Object.fromEntries(groups.map(group => [group.category, group])),
      total_items: groups.reduce((sum, { count }) => sum + count, 0),
    }
  },
)

/** A user's saves: as a list, and by category. */
export const listRoutes = [listItemsRoute, groupItemsRoute]
