import { v7 as uuidv7 } from 'uuid'
import * as v from 'valibot'
import { isNotModified, notModified } from '../../ground/http/conditional.ts'
import { invalidField } from '../../ground/http/problems.ts'
import { Id } from '../../ground/http/schemas.ts'
import { route } from '../../route.ts'
import type { ContentType } from '../content/listing.ts'
import { findContent } from '../content/rows/store.ts'
import { ContentDetail } from '../content/schema.ts'
import { tagName } from '../items/edit/item-tag.ts'
import { removeItem } from '../items/edit/remove-item.ts'
import { editSave, keptSave, lockContentOf } from '../items/store.ts'
import { holdTagsNamed } from '../tags/names/store.ts'
import { tagIdsOf } from '../tags/names.ts'
import { bumpLibrary } from '../versions/store.ts'
import { WORK_DETAIL } from './examples.ts'
import { changed, contentNotFound, lockContent } from './own-content.ts'
import { partRoutes } from './parts-routes.ts'
import { ContentEditBody, LARGEST_WORK, WorkBody } from './schema.ts'
import { editSharing, editWork, insertWork, removeWork, setTags } from './store.ts'

const params = v.object({ id: Id })

const noText = invalidField('A text must have `data.text`', ['body', 'data'], 'required', 'is required')
const noTitle = invalidField('A work must have a title', ['body', 'title'], 'required', 'must not be null')
const noFile = invalidField(
  'An image, a video and a link must have `file_url`',
  ['body', 'file_url'],
  'required',
  'is required',
)

interface Holding {
  data?: { text?: string } | undefined
  file_url?: string | null | undefined
}

/** @throws 422 for a work that holds nothing */
function mustHold(type: ContentType, { data, file_url }: Holding): void {
  if (type === 'text' && data?.text === undefined) throw noText()
  if (type !== 'text' && !file_url) throw noFile()
}

const create = route(
  'POST /v1/content',
  {
    id: 'createContent',
    tag: 'Content',
    summary: 'Add a work of your own',
    description:
      'A text has `data.text`; an image, a video and a link have `file_url`. It is yours alone until it is made public. A link whose page should be read is saved by `POST /v1/items` instead.',
    may: 'write',
    limit: 'writes',
    once: true,
    largest_body: LARGEST_WORK,
    body: WorkBody,
    example: { title: 'Three days in Goa', data: { text: 'Day one: the old town before it gets hot.' } },
    gives: {
      status: 201,
      body: ContentDetail,
      text: 'The work.',
      example: WORK_DETAIL,
      location: ({ id }) => `/v1/content/${id}`,
    },
    audit: { of: 'content', actions: ['content_created'] },
  },
  async ({ tx, user, body, set, audit }) => {
    const { content_type, tags = [], ...fields } = body
    mustHold(content_type, fields)
    const id = uuidv7()
    await insertWork(tx, user.id, id, content_type, fields)
    await setTags(tx, user.id, { kind: 'work', id }, await tagIdsOf(tx, user.id, tags))
    await audit(id)
    return changed(tx, user.id, id, set)
  },
)

const getOne = route(
  'GET /v1/content/:id',
  {
    id: 'getContent',
    tag: 'Content',
    summary: 'A save or a work',
    description: 'Yours, or somebody’s who made it public.',
    may: 'read',
    limit: 'default',
    cached: 'own',
    params,
    gives: { body: ContentDetail, text: 'All of it.', example: WORK_DETAIL },
    problems: [contentNotFound],
  },
  async ({ sql, user, params, request, set }) => {
    const found =
      (await findContent(sql, user.id, params.id)) ??
      (await findContent(sql, user.id, await keptSave(sql, user.id, params.id)))
    if (!found) throw contentNotFound()
    // Of what is another user's the caller's library has no version.
    if (found.user_id !== user.id) return found.content
    const reader = {
      id: tagName(user.id, found.content.id, found.version),
      library_version: user.library_version,
    }
    return isNotModified(request, set, reader) ? notModified() : found.content
  },
)

/** What a save has of its own. */
const OF_SAVES: readonly string[] = ['title', 'is_public', 'quality_score', 'tags']

const edit = route(
  'PATCH /v1/content/:id',
  {
    id: 'editContent',
    tag: 'Content',
    summary: 'Change a save or a work of yours',
    description:
      'What is left out stays. Of a save these are its own: `title`, which you alone see and null gives back, `tags`, `is_public`, `quality_score`. With If-Match and the ETag of the content, an edit that would overwrite another is refused.',
    may: 'write',
    limit: 'writes',
    guarded: true,
    largest_body: LARGEST_WORK,
    params,
    body: ContentEditBody,
    example: { title: 'Four days in Goa' },
    gives: {
      body: ContentDetail,
      text: 'It as it is now.',
      example: { ...WORK_DETAIL, title: 'Four days in Goa' },
    },
    problems: [contentNotFound],
    aliases: ['PUT /v1/content/:id'],
    audit: { of: 'content', actions: ['content_edited'] },
  },
  {
    prepare: ({ sql, user, params }) => keptSave(sql, user.id, params.id),
    handle: async ({ tx, user, body, request, set, audit, prepared: id }) => {
      const { tags, title, ...fields } = body
      // A page is locked before its saves, and so are tags.
      const page = title === null ? await lockContentOf(tx, user.id, id) : undefined
      if (tags) await holdTagsNamed(tx, user.id, tags)
      const content = await lockContent(tx, user.id, id, request.headers.get('if-match'))
      if (content.kind === 'work') {
        if (title === null) throw noTitle()
        if (fields.data || fields.file_url !== undefined) {
          mustHold(content.content_type, { ...content, ...fields })
        }
        await editWork(tx, user.id, content, { title, ...fields })
      } else {
        const other = Object.keys(body).find(name => !OF_SAVES.includes(name))
        if (other) throw notOfSaves(other)
        if (title !== undefined) await editSave(tx, user.id, content, { title }, page)
        await editSharing(tx, user.id, content, fields)
      }
      if (tags) await setTags(tx, user.id, content, await tagIdsOf(tx, user.id, tags))
      await audit(id, { fields: Object.keys(body) })
      return changed(tx, user.id, id, set)
    },
  },
)

const notOfSaves = (name: string) =>
  invalidField(
    'A save has no such field of its own: what it shows is that of its page',
    ['body', name],
    'not_of_saves',
    'is no field of a save',
  )()

const remove = route(
  'DELETE /v1/content/:id',
  {
    id: 'deleteContent',
    tag: 'Content',
    summary: 'Remove a save or a work of yours',
    description:
      'It lies in the trash for TRASH_DAYS, with its tags; with TRASH_DAYS 0 it is gone for good. A save is removed as by `DELETE /v1/items/{id}`.',
    may: 'write',
    limit: 'writes',
    params,
    gives: { text: 'It is removed. No body.' },
    problems: [contentNotFound],
    audit: { of: 'content', actions: ['content_removed'] },
  },
  {
    prepare: ({ sql, user, params }) => keptSave(sql, user.id, params.id),
    handle: async ({ tx, user, audit, prepared: id, context: { config } }) => {
      const { TRASH_DAYS } = config
      if (await removeWork(tx, user.id, id, TRASH_DAYS)) await bumpLibrary(tx, user.id)
      else if (!(await removeItem(tx, user.id, id, TRASH_DAYS))) throw contentNotFound()
      await audit(id)
    },
  },
)

/** Works, and what a save has in common with them. */
export const workRoutes = [create, getOne, edit, remove, ...partRoutes]
