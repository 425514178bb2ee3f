import { Elysia } from 'elysia'
import { v7 as uuidv7 } from 'uuid'
import { fetchContent } from '#jobs/fetch-content'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { invalidField, Problem } from '../../errors.ts'
import { answers } from '../../http/openapi.ts'
import { requestId } from '../../http/request.ts'
import { audit } from '../../operations/audit/store.ts'
import type { Status } from '../../vocabulary.ts'
import { countSave } from '../contents/store.ts'
import { normaliseUrl } from '../normalise-url.ts'
import { bumpLibrary } from '../versions/store.ts'
import { GroupedAnswer, GroupedQuery, ListAnswer, ListQuery, SaveBody, SavedAnswer } from './schema.ts'
import { findItem, findSaveOf, groupItems, insertSave, listItems } from './store.ts'

const MESSAGES: Record<Status, string> = {
  PENDING: 'Content is being processed.',
  PROCESSING: 'Content is being processed.',
  FAILED: 'Content is being processed.',
  READY: 'Content already processed and ready to view!',
}

/** Thrown inside the transaction, so that a second save leaves the count as it was. */
class SavedBefore extends Error {}

/** Saving and listing. One item with its neighbours is in intelligence/similar. */
export function itemRoutes(context: Context) {
  const { database, queue } = context
  const { sql } = database

  return new Elysia({ prefix: '/v1/items', tags: ['Items'] })
    .use(auth(context))
    .post(
      '',
      async ({ body, user, request, set, status }) => {
        const link = normaliseUrl(body.url)
        if (!link) {
          throw invalidField('Invalid URL format or unsupported platform', ['body', 'url'], 'supported_url')
        }
        const saveId = uuidv7()
        const attempt = uuidv7()
        const saving = sql.begin(async tx => {
          const content = await countSave(tx, uuidv7(), attempt, link)
          const save = {
            id: saveId,
            user_id: user.id,
            shared_content_id: content.id,
            raw_share_text: body.raw_share_text ?? null,
          }
          if (!(await insertSave(tx, save))) throw new SavedBefore()
          await bumpLibrary(tx, user.id)
          await audit(tx, request, {
            user_id: user.id,
            action: 'save',
            resource_type: 'save',
            resource_id: saveId,
          })
          const payload = { content_id: content.id, attempt, request_id: requestId(request) }
          const job_id = content.starts ? await queue.enqueue(tx, fetchContent, payload) : undefined
          const item = await findItem(tx, user.id, saveId)
          const message = content.starts
            ? 'Content saved successfully. Processing has been queued.'
            : MESSAGES[content.status]
          return { ...item!, message, job_id: job_id ?? null }
        })
        const saved = await saving.catch(async error => {
          if (!(error instanceof SavedBefore)) throw error
          const existing_save_id = await findSaveOf(sql, user.id, link.url_hash)
          throw new Problem(400, 'ALREADY_SAVED', 'You have already saved this content', {
            ...(existing_save_id ? { existing_save_id } : {}),
          })
        })
        set.headers.location = `/v1/items/${saveId}`
        return status(201, saved)
      },
      {
        auth: true,
        body: SaveBody,
        response: answers({ 201: SavedAnswer }, [400, 401, 422]),
        detail: { operationId: 'saveItem', summary: 'Save a link' },
      },
    )
    .get(
      '',
      async ({ query, user }) => {
        const { items, total } = await listItems(sql, user.id, query)
        const { limit, offset } = query
        return { items, total, limit, offset, has_more: offset + items.length < total }
      },
      {
        auth: true,
        query: ListQuery,
        response: answers({ 200: ListAnswer }, [401, 422]),
        detail: { operationId: 'listItems', summary: 'Saved items, newest first' },
      },
    )
    .get(
      '/grouped',
      async ({ query, user }) => {
        const groups = await groupItems(sql, user.id, query.status, query.limit_per_category)
        return {
          groups: Object.fromEntries(groups.map(group => [group.category, group])),
          total_items: groups.reduce((sum, { count }) => sum + count, 0),
        }
      },
      {
        auth: true,
        query: GroupedQuery,
        response: answers({ 200: GroupedAnswer }, [401, 422]),
        detail: { operationId: 'groupItems', summary: 'Saved items by category, the largest first' },
      },
    )
}
