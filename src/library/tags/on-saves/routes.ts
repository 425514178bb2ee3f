import * as v from 'valibot'
import { Id } from '../../../ground/http/schemas.ts'
import { route } from '../../../route.ts'
import { CONTENT_DETAIL, SAVE_DETAIL } from '../../examples.ts'
import { ItemDetail } from '../../items/schema.ts'
import { editSave, findItemDetail, keptSave, lockSave } from '../../items/store.ts'
import { saveNotFound } from '../../problems.ts'
import { bumpLibrary } from '../../versions/store.ts'
import { tagNotFound } from '../problems.ts'
import { TagId } from '../schema.ts'
import { acceptTag, dropTag } from './store.ts'

const params = v.object({ id: Id, tag_id: TagId })

const accept = route(
  'POST /v1/items/:id/tags/:tag_id/accept',
  {
    id: 'acceptTag',
    tag: 'Items',
    summary: 'Keep a tag that was offered for a save',
    description: 'What understands contents offers tags; one that you keep is as if you had written it.',
    may: 'write',
    limit: 'writes',
    params,
    gives: {
      body: ItemDetail,
      text: 'The save as it is now, and its content.',
      example: { save: SAVE_DETAIL, content: CONTENT_DETAIL },
    },
    problems: [saveNotFound, tagNotFound],
    audit: { of: 'save', actions: ['edit'] },
  },
  {
    prepare: ({ sql, user, params }) => keptSave(sql, user.id, params.id),
    handle: async ({ tx, user, params, audit, prepared: id }) => {
      const save = await lockSave(tx, user.id, id)
      if (!save) throw saveNotFound()
      if (!(await acceptTag(tx, user.id, id, params.tag_id))) throw tagNotFound()
      await editSave(tx, user.id, save, {}, undefined)
      await bumpLibrary(tx, user.id)
      await audit(id, { fields: ['tags'] })
      const { edits: _, ...item } = (await findItemDetail(tx, user.id, id))!
      return item
    },
  },
)

const drop = route(
  'DELETE /v1/items/:id/tags/:tag_id',
  {
    id: 'dropTag',
    tag: 'Items',
    summary: 'Take a tag off a save',
    description: 'It is not offered for this save again, however often the link is read.',
    may: 'write',
    limit: 'writes',
    params,
    gives: { text: 'The save does not have it any more. No body.' },
    problems: [saveNotFound, tagNotFound],
    audit: { of: 'save', actions: ['edit'] },
  },
  {
    prepare: ({ sql, user, params }) => keptSave(sql, user.id, params.id),
    handle: async ({ tx, user, params, audit, prepared: id }) => {
      const save = await lockSave(tx, user.id, id)
      if (!save) throw saveNotFound()
      if (!(await dropTag(tx, user.id, id, params.tag_id))) throw tagNotFound()
      await editSave(tx, user.id, save, {}, undefined)
      await bumpLibrary(tx, user.id)
      await audit(id, { fields: ['tags'] })
    },
  },
)

/** What becomes of tags that were offered. */
export const saveTagRoutes = [accept, drop]
