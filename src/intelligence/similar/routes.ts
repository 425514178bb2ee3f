import { Elysia } from 'elysia'
import * as v from 'valibot'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { isNotModified, notModified } from '../../http/conditional.ts'
import { answers } from '../../http/openapi.ts'
import { Id } from '../../http/schemas.ts'
import { tagName } from '../../library/items/edit/item-tag.ts'
import { findItemDetail, keptSave, markViewed } from '../../library/items/store.ts'
import { ItemDetailAnswer, ItemQuery } from './schema.ts'
import { findClusterOf, findSimilar } from './store.ts'

/** One item: what it is, which group it is in, and what is like it. */
export function similarRoutes(context: Context) {
  const { config, log, models } = context
  const { sql } = context.database

  return new Elysia({ prefix: '/v1/items', tags: ['Items'] }).use(auth(context)).get(
    '/:id',
    async ({ params, query, user, request, set }) => {
      const item =
        (await findItemDetail(sql, user.id, params.id)) ??
        (await findItemDetail(sql, user.id, await keptSave(sql, user.id, params.id)))
      if (!item) throw notFound('Save not found or does not belong to you')
      // The answer does not wait for this, and is as good without it.
      markViewed(sql, user.id, item.save.id).catch(error => log.warn('A view was not noted', { error }))
      const { save, content, edits } = item
      const reader = { id: tagName(user.id, save.id, edits.version), library_version: user.library_version }
      const isSame = isNotModified(request, set, reader)
      // What is like it may have been saved by others, of which the user's library knows nothing.
      if (isSame && !query.include_similar) return notModified() as never
      const [cluster, similar_items] = await Promise.all([
        findClusterOf(sql, user.id, item.save.id),
        query.include_similar
          ? findSimilar(
              sql,
              user.id,
              content.id,
              models.embeddingModel,
              query.similar_limit,
              config.SHARED_MIN_SAVERS,
            )
          : null,
      ])
      return { save, content, cluster: cluster ?? null, similar_items }
    },
    {
      auth: 'items_read',
      params: v.object({ id: Id }),
      query: ItemQuery,
      response: answers({ 200: ItemDetailAnswer }, [401, 404, 422]),
      detail: { operationId: 'getItem', summary: 'One item, its cluster and similar items' },
    },
  )
}
