import { v7 as uuidv7 } from 'uuid'
import * as v from 'valibot'
import { emit } from '../../../ground/domain-events.ts'
import { etagOf } from '../../../ground/http/conditional.ts'
import { requestId } from '../../../ground/http/request.ts'
import { Id } from '../../../ground/http/schemas.ts'
import { route } from '../../../route.ts'
import { mayReadAnew, restart } from '../../contents/runs/store.ts'
import { contentWanted, readySaved } from '../../events.ts'
import { CONTENT_DETAIL, JOB_ID, SAVE_DETAIL } from '../../examples.ts'
import { noteChain } from '../../jobs/store.ts'
import { saveNotFound, staleSave } from '../../problems.ts'
import { holdTagsNamed } from '../../tags/names/store.ts'
import { tagIdsOf } from '../../tags/names.ts'
import { chooseTags } from '../../tags/on-saves/store.ts'
import { bumpLibrary, bumpSavers } from '../../versions/store.ts'
import { EditBody, ItemDetail, ReprocessAnswer } from '../schema.ts'
import { editSave, findItemDetail, keptSave, leaveCluster, lockContentOf, lockSave } from '../store.ts'
import { isCurrent, tagName } from './item-tag.ts'
import { removeItem } from './remove-item.ts'

const params = v.object({ id: Id })

const editItem = route(
  'PATCH /v1/items/:id',
  {
    id: 'editItem',
    tag: 'Items',
    summary: 'Favourite, archive, annotate, rename or tag a save',
    description:
      'What is left out stays. A title, a category and tags of your own are seen by you alone. With If-Match and the ETag of the item, an edit that would overwrite another is refused.',
    may: 'write',
    limit: 'writes',
    guarded: true,
    params,
    body: EditBody,
    example: { is_favorited: true, raw_share_text: 'Went there, loved it' },
    gives: {
      body: ItemDetail,
      text: 'The save as it is now, and its content.',
      example: {
        save: { ...SAVE_DETAIL, is_favorited: true, raw_share_text: 'Went there, loved it' },
        content: CONTENT_DETAIL,
      },
    },
    problems: [saveNotFound, staleSave],
    aliases: ['PUT /v1/items/:id'],
    audit: { of: 'save', actions: ['edit'] },
  },
  {
    prepare: ({ sql, user, params }) => keptSave(sql, user.id, params.id),
    handle: async ({ tx, audit, body, user, request, set, context, prepared: id }) => {
      // The content and the cluster are locked before the save: the order of locks everywhere.
      const isOfContent = body.is_archived !== undefined || body.title === null || body.category_high === null
      const content = isOfContent ? await lockContentOf(tx, user.id, id) : undefined
      if (body.is_archived) await leaveCluster(tx, user.id, id)
      if (body.tags) await holdTagsNamed(tx, user.id, body.tags)
      const save = await lockSave(tx, user.id, id)
      if (!save) throw saveNotFound()
      if (!isCurrent(request.headers.get('if-match'), user.id, id, save.version)) throw staleSave()
      await editSave(tx, user.id, save, body, content)
      if (body.tags) await chooseTags(tx, user.id, id, await tagIdsOf(tx, user.id, body.tags))
      // Clustering leaves archived saves out.
      const moves = body.is_archived !== undefined && body.is_archived !== save.is_archived
      if (content?.status === 'READY' && moves && !body.is_archived) {
        await emit(tx, context, readySaved, { user_id: user.id, save_id: id, content_id: content.id })
      }
      const library_version = await bumpLibrary(tx, user.id, moves && save.status === 'READY' ? 1 : 0)
      await audit(id, { fields: Object.keys(body) })
      const { edits, ...item } = (await findItemDetail(tx, user.id, id))!
      set.headers.etag = etagOf({ id: tagName(user.id, id, edits.version), library_version })
      return item
    },
  },
)

const deleteItem = route(
  'DELETE /v1/items/:id',
  {
    id: 'deleteItem',
    tag: 'Items',
    summary: 'Remove a save',
    description:
      'It goes from every list and search at once, and lies in the trash for TRASH_DAYS with its note and tags; with TRASH_DAYS 0 it is gone for good. The content stays for those who saved it too.',
    may: 'write',
    limit: 'writes',
    params,
    gives: { text: 'It is removed. No body.' },
    problems: [saveNotFound],
    audit: { of: 'save', actions: ['delete'] },
  },
  {
    prepare: ({ sql, user, params }) => keptSave(sql, user.id, params.id),
    handle: async ({ tx, audit, user, prepared: id, context: { config } }) => {
      if (!(await removeItem(tx, user.id, id, config.TRASH_DAYS))) throw saveNotFound()
      await audit(id)
    },
  },
)

const reprocessItem = route(
  'POST /v1/items/:id/reprocess',
  {
    id: 'reprocessItem',
    tag: 'Items',
    summary: 'Read and understand a link again',
    description:
      'What is READY stays so meanwhile, and when the new reading fails. What others have saved too is read again at most once an hour, whoever asks: until then the job is that of the reading before.',
    may: 'write',
    limit: 'items_write',
    once: true,
    params,
    gives: {
      status: 202,
      body: ReprocessAnswer,
      text: 'The job that does it.',
      example: { job_id: JOB_ID },
    },
    problems: [saveNotFound],
    audit: { of: 'save', actions: ['edit'] },
  },
  {
    prepare: ({ sql, user, params }) => keptSave(sql, user.id, params.id),
    handle: async ({ tx, audit, user, request, context, prepared: id }) => {
      const content = await lockContentOf(tx, user.id, id)
      if (!content) throw saveNotFound()
      const asker = { user_id: user.id, request_id: requestId(request) }
      await audit(id, { fields: ['reprocess'] })
      if (!(await mayReadAnew(tx, content.id))) {
        const run = { content_id: content.id, attempt: content.attempt }
        await noteChain(tx, run, asker, { isForAll: false })
        return { job_id: content.attempt }
      }
      const run = { content_id: content.id, attempt: uuidv7() }
      const isForAll = (await restart(tx, run)) === 'other'
      await (isForAll ? bumpSavers(tx, [content.id]) : bumpLibrary(tx, user.id))
      await noteChain(tx, run, asker, { isForAll })
      const wanted = { ...run, platform: content.source_platform, is_whole: true, ...asker }
      await emit(tx, context, contentWanted, wanted)
      return { job_id: run.attempt }
    },
  },
)

/** Editing, removing, and reading a link again. */
export const editRoutes = [editItem, deleteItem, reprocessItem]
