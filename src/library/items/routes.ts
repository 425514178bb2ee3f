import { Elysia } from 'elysia'
import { v7 as uuidv7 } from 'uuid'
import { fetchContent } from '#jobs/fetch-content'
import { placeSave } from '#jobs/place-save'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { together } from '../../database/together.ts'
import { Problem } from '../../errors.ts'
import { idempotent, setOutcome } from '../../http/idempotency.ts'
import { answers } from '../../http/openapi.ts'
import { requestId } from '../../http/request.ts'
import { audit } from '../../operations/audit/store.ts'
import type { Status } from '../../vocabulary.ts'
import { resolveLinks } from '../contents/addresses.ts'
import { isShareable } from '../contents/is-shareable.ts'
import { countSave } from '../contents/store.ts'
import { noteChain } from '../jobs/store.ts'
import { type Link, normaliseUrl } from '../normalise-url.ts'
import { bumpLibrary, bumpSavers } from '../versions/store.ts'
import { batchRoutes } from './batch/routes.ts'
import { editRoutes } from './edit/routes.ts'
import { listRoutes } from './lists/routes.ts'
import { refusedLink } from './refused-link.ts'
import { SaveBody, SavedAnswer } from './schema.ts'
import { findItem, findSavesOf, insertSave } from './store.ts'

const MESSAGES: Record<Status, string> = {
  PENDING: 'Content is being processed.',
  PROCESSING: 'Content is being processed.',
  FAILED: 'Content is being processed.',
  READY: 'Content already processed and ready to view!',
}

/** Thrown inside the transaction, so that a second save leaves the count as it was. */
class SavedBefore extends Error {}

/** Saving, listing, editing and removing. One item with its neighbours is in intelligence/similar. */
export function itemRoutes(context: Context) {
  const { config, database, queue } = context

  return new Elysia({ prefix: '/v1/items', tags: ['Items'] })
    .use(auth(context))
    .post(
      '',
      async ({ body, user, request, set, status }) => {
        const pasted = normaliseUrl(body.url, config)
        if (!pasted) throw refusedLink(config)
        const [link] = (await resolveLinks(database.sql, [pasted])) as [Link]
        const saveId = uuidv7()
        const attempt = uuidv7()
        const asked = { request, user, route: 'POST /v1/items', body }
        const saving = idempotent(context, asked, async tx => {
          const content = await countSave(tx, uuidv7(), attempt, link, isShareable(link, config))
          const save = {
            id: saveId,
            user_id: user.id,
            shared_content_id: content.id,
            raw_share_text: body.raw_share_text ?? null,
          }
          if (!(await insertSave(tx, save))) throw new SavedBefore()
          const isReady = content.status === 'READY'
          const run = { content_id: content.id, attempt: content.attempt }
          const asker = { user_id: user.id, request_id: requestId(request) }
          const payload = { content_id: content.id, attempt, platform: link.source_platform, ...asker }
          const placing = { user_id: user.id, save_id: saveId, content_id: content.id }
          const [item] = await together(
            findItem(tx, user.id, saveId),
            isReady ? undefined : noteChain(tx, run, asker, { isForAll: content.starts }),
            // A content that starts anew changes for all who saved it.
            content.starts ? bumpSavers(tx, content.id) : bumpLibrary(tx, user.id, isReady ? 1 : 0),
            audit(tx, request, {
              user_id: user.id,
              action: 'save',
              resource_type: 'save',
              resource_id: saveId,
              details: { content_id: content.id },
            }),
            isReady ? queue.enqueue(tx, placeSave, placing) : undefined,
            content.starts ? queue.enqueue(tx, fetchContent, payload, { id: attempt }) : undefined,
          )
          const job_id = isReady ? null : content.attempt
          const message = content.starts
            ? 'Content saved successfully. Processing has been queued.'
            : MESSAGES[content.status]
          return {
            status: 201,
            body: { ...item!, message, job_id },
            location: `/v1/items/${saveId}`,
          }
        })
        const saved = await saving.catch(async error => {
          if (!(error instanceof SavedBefore)) throw error
          const [existing] = await findSavesOf(database.sql, user.id, [link.url_hash])
          throw new Problem(400, 'ALREADY_SAVED', 'You have already saved this content', {
            ...(existing ? { existing_save_id: existing.id } : {}),
          })
        })
        setOutcome(set, saved)
        return status(201, saved.body)
      },
      {
        auth: 'items_write',
        body: SaveBody,
        response: answers({ 201: SavedAnswer }, [400, 401, 409, 422]),
        detail: { operationId: 'saveItem', summary: 'Save a link' },
      },
    )
    .use(batchRoutes(context))
    .use(listRoutes(context))
    .use(editRoutes(context))
}
