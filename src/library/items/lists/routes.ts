import { Elysia } from 'elysia'
import { auth } from '../../../accounts/auth.ts'
import type { Context } from '../../../context.ts'
import { isNotModified, notModified } from '../../../http/conditional.ts'
import { answers } from '../../../http/openapi.ts'
import { decodeCursor, encodeCursor, type KeyKind, nextLink } from '../../../http/paging.ts'
import { GroupedAnswer, GroupedQuery, ListAnswer, ListQuery } from './schema.ts'
import { groupItems, listItems } from './store.ts'

const KEY_KINDS: Record<ListQuery['sort_by'], KeyKind> = {
  created_at: 'time',
  updated_at: 'time',
  last_viewed_at: 'time',
  title: 'text',
  save_count: 'number',
}

/** A user's saves: as a list, and by category. */
export function listRoutes(context: Context) {
  const { sql } = context.database

  return new Elysia({ tags: ['Items'] })
    .use(auth(context))
    .get(
      '',
      async ({ query, user, request, set }) => {
        const { limit, offset, cursor, ...list } = query
        // Views do not change the library's version, and this order is theirs.
        const hasTag = list.sort_by !== 'last_viewed_at'
        if (hasTag && isNotModified(request, set, user)) return notModified() as never
        const same = [user.id, ...Object.entries(list).sort()]
        const after = cursor === undefined ? undefined : decodeCursor(cursor, KEY_KINDS[list.sort_by], same)
        const { items, next, total } = await listItems(sql, user.id, query, after)
        const next_cursor = next && encodeCursor(next, same)
        if (next_cursor) set.headers.link = nextLink(request, next_cursor)
        return { items, total, limit, offset, has_more: next !== null, next_cursor }
      },
      {
        auth: 'items_read',
        query: ListQuery,
        response: answers({ 200: ListAnswer }, [400, 401, 422]),
        detail: { operationId: 'listItems', summary: 'Saved items, newest first' },
      },
    )
    .get(
      '/grouped',
      async ({ query, user, request, set }) => {
        if (isNotModified(request, set, user)) return notModified() as never
        const groups = await groupItems(sql, user.id, query.status, query.limit_per_category)
        return {
          groups: Object.fromEntries(groups.map(group => [group.category, group])),
          total_items: groups.reduce((sum, { count }) => sum + count, 0),
        }
      },
      {
        auth: 'items_read',
        query: GroupedQuery,
        response: answers({ 200: GroupedAnswer }, [401, 422]),
        detail: { operationId: 'groupItems', summary: 'Saved items by category, the largest first' },
      },
    )
}
