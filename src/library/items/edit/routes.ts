import { Elysia } from 'elysia'
import { v7 as uuidv7 } from 'uuid'
import * as v from 'valibot'
import { fetchContent } from '#jobs/fetch-content'
import { placeSave } from '#jobs/place-save'
import { auth } from '../../../accounts/auth.ts'
import type { Context } from '../../../context.ts'
import { notFound, Problem } from '../../../errors.ts'
import { etagOf } from '../../../http/conditional.ts'
import { idempotent, setOutcome } from '../../../http/idempotency.ts'
import { answers } from '../../../http/openapi.ts'
import { requestId } from '../../../http/request.ts'
import { Id } from '../../../http/schemas.ts'
import { audit } from '../../../operations/audit/store.ts'
import { mayReadAnew, restart } from '../../contents/runs/store.ts'
import { uncountSave } from '../../contents/store.ts'
import { noteChain } from '../../jobs/store.ts'
import { bumpLibrary, bumpSavers } from '../../versions/store.ts'
import { EditBody, ItemDetail, ReprocessAnswer } from '../schema.ts'
import {
  deleteSave,
  editSave,
  findItemDetail,
  keptSave,
  leaveCluster,
  lockContentOf,
  lockSave,
} from '../store.ts'
import { isCurrent, tagName } from './item-tag.ts'

const missing = () => notFound('Save not found or does not belong to you')
const params = v.object({ id: Id })

/** Editing, removing, and reading a link anew. */
export function editRoutes(context: Context) {
  const { database, queue } = context
  const { sql } = database

  return new Elysia({ tags: ['Items'] })
    .use(auth(context))
    .patch(
      '/:id',
      async ({ params, body, user, request, set }) => {
        const id = await keptSave(sql, user.id, params.id)
        const { item, version } = await sql.begin(async tx => {
          // The content and the cluster are locked before the save: the order of locks everywhere.
          const content = body.is_archived === undefined ? undefined : await lockContentOf(tx, user.id, id)
          if (body.is_archived) await leaveCluster(tx, user.id, id)
          const save = await lockSave(tx, user.id, id)
          if (!save) throw missing()
          if (!isCurrent(request.headers.get('if-match'), user.id, id, save.version)) {
            throw new Problem(412, 'STALE_ETAG', 'The save has been changed since you read it')
          }
          await editSave(tx, user.id, id, body)
          // Clustering leaves archived saves out.
          const moves = body.is_archived !== undefined && body.is_archived !== save.is_archived
          const version = await bumpLibrary(tx, user.id, moves && save.status === 'READY' ? 1 : 0)
          if (content?.status === 'READY' && moves && !body.is_archived) {
            await queue.enqueue(tx, placeSave, { user_id: user.id, save_id: id, content_id: content.id })
          }
          await audit(tx, request, {
            user_id: user.id,
            action: 'edit',
            resource_type: 'save',
            resource_id: id,
            details: { fields: Object.keys(body) },
          })
          return { item: await findItemDetail(tx, user.id, id), version }
        })
        const { save, content, edits } = item!
        set.headers.etag = etagOf({
          id: tagName(user.id, id, edits.version),
          library_version: version,
        })
        return { save, content }
      },
      {
        auth: 'writes',
        params,
        body: EditBody,
        response: answers({ 200: ItemDetail }, [401, 404, 412, 422]),
        detail: {
          operationId: 'editItem',
          summary: 'Favourite, archive or annotate a save',
          description:
            'With If-Match and the ETag of the item, an edit that would overwrite another is refused.',
        },
      },
    )
    .delete(
      '/:id',
      async ({ params, user, request }) => {
        const id = await keptSave(sql, user.id, params.id)
        await sql.begin(async tx => {
          const content = await lockContentOf(tx, user.id, id)
          if (!content || !(await deleteSave(tx, user.id, id))) throw missing()
          await uncountSave(tx, content.id)
          await bumpLibrary(tx, user.id, content.status === 'READY' ? 1 : 0)
          await audit(tx, request, {
            user_id: user.id,
            action: 'delete',
            resource_type: 'save',
            resource_id: id,
          })
        })
        return new Response(null, { status: 204 })
      },
      {
        auth: 'writes',
        params,
        response: answers({ 204: v.void() }, [401, 404, 422]),
        detail: { operationId: 'deleteItem', summary: 'Remove a save' },
      },
    )
    .post(
      '/:id/reprocess',
      async ({ params, user, request, set, status }) => {
        const asked = { request, user, route: `POST /v1/items/${params.id}/reprocess`, body: null }
        const id = await keptSave(sql, user.id, params.id)
        const outcome = await idempotent(context, asked, async tx => {
          const content = await lockContentOf(tx, user.id, id)
          if (!content) throw missing()
          const asker = { user_id: user.id, request_id: requestId(request) }
          await audit(tx, request, {
            user_id: user.id,
            action: 'edit',
            resource_type: 'save',
            resource_id: id,
            details: { fields: ['reprocess'] },
          })
          if (!(await mayReadAnew(tx, content.id))) {
            const run = { content_id: content.id, attempt: content.attempt }
            await noteChain(tx, run, asker, { isForAll: false })
            return { status: 202, body: { job_id: content.attempt } }
          }
          const run = { content_id: content.id, attempt: uuidv7() }
          const isForAll = (await restart(tx, run)) === 'other'
          await (isForAll ? bumpSavers(tx, content.id) : bumpLibrary(tx, user.id))
          await noteChain(tx, run, asker, { isForAll })
          const payload = { ...run, platform: content.source_platform, is_whole: true, ...asker }
          await queue.enqueue(tx, fetchContent, payload, { id: run.attempt })
          return { status: 202, body: { job_id: run.attempt } }
        })
        setOutcome(set, outcome)
        return status(202, outcome.body)
      },
      {
        auth: 'items_write',
        params,
        response: answers({ 202: ReprocessAnswer }, [401, 404, 409, 422]),
        detail: {
          operationId: 'reprocessItem',
          summary: 'Read and understand a link anew',
          description:
            'What is READY stays so meanwhile, and when the new reading fails. What others have saved too is read anew at most once an hour, whoever asks: until then the job is that of the reading before.',
        },
      },
    )
}
