import * as v from 'valibot'
import { findSimilar } from '../../discovery/similar/store.ts'
import { isNotModified, notModified } from '../../ground/http/conditional.ts'
import { Id } from '../../ground/http/schemas.ts'
import { CONTENT_DETAIL, SAVE_DETAIL } from '../../library/examples.ts'
import { tagName } from '../../library/items/edit/item-tag.ts'
import { findItemDetail, keptSave, markViewed } from '../../library/items/store.ts'
import { saveNotFound } from '../../library/problems.ts'
import { route } from '../../route.ts'
import { CLUSTER } from '../clusters/examples.ts'
import { findClusterOf } from '../clusters/store.ts'
import { ItemDetailAnswer, ItemQuery } from './schema.ts'

/** One item: what it is, which group it is in, and what is like it. */
export const getItem = route(
  'GET /v1/items/:id',
  {
    id: 'getItem',
    tag: 'Items',
    summary: 'One item, its cluster and similar items',
    description:
      'Sets `last_viewed_at` without delaying the answer. Similar items are those whose meaning is nearest, among all that anybody saved; the note that belongs to a save stays with its user.',
    may: 'read',
    limit: 'items_read',
    cached: 'own',
    params: v.object({ id: Id }),
    query: ItemQuery,
    gives: {
      body: ItemDetailAnswer,
      text: 'The save, its content, its cluster if it is in one, and similar items if they were asked for.',
      example: { save: SAVE_DETAIL, content: CONTENT_DETAIL, cluster: CLUSTER, similar_items: null },
    },
    problems: [saveNotFound],
  },
  async ({ sql, params, query, user, request, set, context: { config, log, models } }) => {
    const item =
      (await findItemDetail(sql, user.id, params.id)) ??
      (await findItemDetail(sql, user.id, await keptSave(sql, user.id, params.id)))
    if (!item) throw saveNotFound()
    // The answer does not wait for this, and is as good without it.
    markViewed(sql, user.id, item.save.id).catch(error => log.warn('A view was not noted', { error }))
    const { save, content, edits } = item
    const reader = { id: tagName(user.id, save.id, edits.version), library_version: user.library_version }
    const isSame = isNotModified(request, set, reader)
    // What is like it may have been saved by others, of which the user's library knows nothing.
    if (isSame && !query.include_similar) return notModified()
    const { similar_limit: most } = query
    const [cluster, similar_items] = await Promise.all([
      findClusterOf(sql, user.id, save.id),
      query.include_similar
        ? findSimilar(sql, user.id, content.id, models.embeddingModel, most, config.SHARED_MIN_SAVERS)
        : null,
    ])
    return { save, content, cluster: cluster ?? null, similar_items }
  },
)
